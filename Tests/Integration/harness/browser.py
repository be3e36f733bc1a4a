"""A real browser, Debian's Chromium, on the page of a real server."""

import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import expect, sync_playwright

from harness.server import ACCESS_KEY, SECRET_KEY
from harness.waiting import wait_until

# Pages take long on a machine that runs other tests, too.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium():
    """A browser without a window."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "There is no Chromium on this machine: run `scripts/prepare.sh '' tests`, or apt-get install chromium."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Browsing:
    """One visitor, who notes whatever the page does wrong."""

    def __init__(self, browser, server, **options):
        self.server = server
        self.origin = server.addresses["web"]
        options = {"viewport": {"width": 1280, "height": 860}, "accept_downloads": True, **options}
        self.context = browser.new_context(**options)
        self.context.set_default_timeout(PATIENCE)
        self.faults = []
        self.requests = []
        self.page = self.open()

    def open(self):
        """A further tab."""
        page = self.context.new_page()
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._note_request)
        page.on("requestfailed", self._note_failure)
        page.on("response", self._note_response)
        return page

    def _note_console(self, message):
        # Chromium's advice on how Plotly draws where there is no GPU.
        is_advice = "GL Driver Message" in message.text or "willReadFrequently" in message.text
        if message.type in ("error", "warning") and not is_advice:
            self.faults.append(f"{message.type}: {message.text}")

    def _note_request(self, request):
        self.requests.append(request.url)
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"asked another server: {request.url}")

    def _note_failure(self, request):
        # A view that is left takes its questions back.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.faults.append(f"{request.failure}: {request.method} {request.url}")

    def _note_response(self, response):
        if response.status >= 400:
            self.faults.append(f"{response.status}: {response.request.method} {response.url}")

    def expect_faults(self, *parts):
        """Forgets the faults that have one of `parts` in their text: they were provoked."""
        self.faults = [fault for fault in self.faults if not any(part in fault for part in parts)]

    def sign_in(self):
        """Signs in as a user does, and waits for the first view."""
        self.page.goto(self.origin)
        self.page.get_by_label("Access key").fill(ACCESS_KEY)
        self.page.get_by_label("Secret key").fill(SECRET_KEY)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_role("navigation", name="Main").wait_for()
        return self

    def be_signed_in(self):
        """Has the cookie of a login, without the form."""
        host = urlsplit(self.origin).hostname
        cookie = {"name": "clearml_token_basic", "value": self.server.api.token, "domain": host, "path": "/"}
        self.context.add_cookies([cookie])
        return self

    def go(self, address):
        """Opens a place of the page, `tasks/ID/console`, and gives the page."""
        self.page.goto(f"{self.origin}/#/{address}")
        return self.page

    def charts(self):
        """The frame in which charts are drawn."""
        return self.page.frame_locator("iframe.charts")

    def until(self, what, script):
        """Waits until a script on the page says so. (What Playwright has for this, the page's policy forbids.)"""
        return wait_until(what, lambda: self.page.evaluate(script), PATIENCE / 1000)

    def end(self):
        self.context.close()
        assert not self.faults, "the page did what it must not:\n" + "\n".join(self.faults)
