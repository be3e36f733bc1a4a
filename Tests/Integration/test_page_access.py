"""The page: signing in and out, access keys, and what it tells nobody."""

import json
import re
import uuid
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from harness.api import Api
from harness.browser import Browsing
from harness.server import Server

ROOT_FILES = ("/", "/app.js", "/lib/api.js", "/styles/base.css", "/icon.svg")


@pytest.fixture
def stranger(browser, demo):
    """A visitor who has not signed in."""
    stranger = Browsing(browser, demo)
    yield stranger
    stranger.end()


def test_a_key_and_its_secret_sign_in_and_nothing_of_them_stays_in_the_page(stranger):
    page = stranger.sign_in().page
    expect(page.get_by_role("grid", name="Tasks")).to_be_visible()
    kept = page.evaluate("[JSON.stringify({...localStorage, ...sessionStorage}), document.cookie, location.href]")
    assert kept == ["{}", "", f"{stranger.origin}/"]


def test_a_wrong_secret_is_told_where_it_was_typed(stranger):
    page = stranger.page
    page.goto(stranger.origin)
    page.get_by_label("Access key").fill("NOBODY")
    page.get_by_label("Secret key").fill("nothing")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="do not belong together")).to_be_visible()
    stranger.expect_faults("401")


def test_the_link_of_the_first_start_signs_in_and_leaves_the_address(browser, tmp_path):
    fresh = Server(tmp_path, preset_key=False)
    try:
        fresh.start()
        link = re.search(r"^The page: (\S+/#link=\S+)", fresh.log.read_text(), re.MULTILINE)[1]
        newcomer = Browsing(browser, fresh)
        page = newcomer.page
        page.goto(link)
        expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
        assert "link" not in page.url
        page.go_back()
        assert "link" not in page.url
        newcomer.end()
        late = Browsing(browser, fresh)
        late.page.goto(link)
        expect(late.page.get_by_role("heading", name="Sign in to Stint")).to_be_visible()
        expect(late.page.get_by_role("alert").filter(has_text="stint user link makes another")).to_be_visible()
        late.expect_faults("401")
        late.end()
    finally:
        fresh.end()


def test_a_link_makes_nobody_somebody_else(visit, demo):
    other = demo.api.call("auth.create_user", name=f"other {uuid.uuid4()}", email="")["id"]
    link = demo.api.call("auth.create_login_link", user=other)["link"]
    visit.page.goto(link)
    expect(visit.page.get_by_role("status").filter(has_text="You are signed in already")).to_be_visible()
    page = visit.go("settings")
    expect(page.get_by_text(demo.api.call("users.get_current_user")["user"]["id"])).to_be_visible()


def test_another_tab_is_signed_in_too_and_signing_out_ends_both(stranger):
    first = stranger.sign_in().page
    second = stranger.open()
    second.goto(f"{stranger.origin}/#/workers")
    expect(second.get_by_role("heading", name="Workers", exact=True)).to_be_visible()
    first.get_by_role("button", name="Account").click()
    first.get_by_role("menuitem", name="Sign out").click()
    expect(first.get_by_role("heading", name="Sign in to Stint")).to_be_visible()
    second.reload()
    expect(second.get_by_role("heading", name="Sign in to Stint")).to_be_visible()
    stranger.expect_faults("401")


def test_a_deep_link_is_shown_after_signing_in(stranger):
    page = stranger.page
    page.goto(f"{stranger.origin}/#/queues")
    expect(page.get_by_label("Access key")).to_be_focused()
    stranger.page.reload()
    page.get_by_label("Access key").fill("INTEGRATIONTESTS0000000000KEY0")
    page.get_by_label("Secret key").fill("integration-tests-secret-0000000000000000000000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queues", exact=True)).to_be_visible()


def test_a_new_key_comes_with_a_configuration_that_works_until_it_is_revoked(visit, demo):
    page = visit.go("settings")
    page.get_by_role("button", name="New access key").click()
    page.get_by_role("textbox", name="Label").fill("a laptop")
    page.get_by_role("button", name="Create").click()
    text = page.get_by_role("dialog").locator("pre").inner_text()
    values = dict(re.findall(r'(\w+): "([^"]*)"', text))
    assert values["api_server"] == demo.addresses["api"] and values["files_server"] == demo.addresses["files"]
    key = Api(values["api_server"], values["access_key"], values["secret_key"])
    assert key.call("users.get_current_user")["user"]["role"] == "admin"

    page.get_by_role("button", name="Close").click()
    row = page.get_by_role("row").filter(has_text=values["access_key"])
    expect(row).to_contain_text("a laptop")
    row.get_by_role("button", name="Label").click()
    page.get_by_role("textbox").fill("the old laptop")
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text("the old laptop")
    # It was used for a call above.
    expect(row).to_contain_text(re.compile("just now|s ago"))
    row.get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    answer = Api(values["api_server"], values["access_key"], values["secret_key"]).send
    with pytest.raises(Exception, match="401"):
        answer("users.get_current_user")


def test_a_password_is_set_and_signs_in(browser, own_server):
    person = Browsing(browser, own_server).be_signed_in()
    page = person.go("settings")
    page.get_by_role("button", name="Set a password").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("New password").fill(" a difference engine ")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="Password set")).to_be_visible()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(" a difference engine ")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Access keys")).to_be_visible()
    person.end()


def test_the_page_is_sent_with_a_strict_policy_and_compressed(visit):
    for path in ROOT_FILES:
        answer = visit.context.request.get(visit.origin + path, headers={"Accept-Encoding": "gzip"})
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'self';" in policy and "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy and "require-trusted-types-for 'script'" in policy, path
    assert answer.headers["x-content-type-options"] == "nosniff"
    plotly = visit.context.request.get(f"{visit.origin}/plotly.min.js", headers={"Accept-Encoding": "gzip"})
    assert plotly.headers["content-encoding"] == "gzip" and len(plotly.body()) > 4_000_000


def test_on_the_next_visit_the_browser_asks_for_the_document_only(visit):
    page = visit.go("tasks")
    page.get_by_role("row").nth(1).wait_for()
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    visit.go("tasks").get_by_role("row").nth(1).wait_for()
    page.wait_for_load_state("networkidle")
    # What comes out of the browser's cache is not requested. Chromium does not keep icons.
    paths = [urlsplit(each.url).path for each in answers if each.request.timing["requestStart"] >= 0]
    assert [path for path in paths if not path.startswith("/api/") and not path.endswith(".svg")] == ["/"]


def test_the_first_view_takes_little_and_no_chart_code(visit):
    sizes = []
    visit.page.on("requestfinished", lambda request: sizes.append((request.url, request.sizes()["responseBodySize"])))
    page = visit.go("tasks")
    page.get_by_role("row").nth(1).wait_for()
    page.wait_for_load_state("networkidle")
    files = [(url, size) for url, size in sizes if "/api/" not in url]
    # A browser takes its time for each file.
    assert [url.rsplit("/", 1)[1] for url, _ in files if url.endswith(".js")] == ["app.js"]
    assert sum(size for _, size in files) < 300_000
    assert not any("plotly" in url for url, _ in files)


def test_the_document_tells_who_is_signed_in_and_is_not_kept(visit, stranger):
    document = visit.context.request.get(visit.origin)
    told = re.search(r'<script type="application/json" id="session">(.*?)</script>', document.text())[1]
    assert json.loads(told)["authenticated"]
    assert document.headers["cache-control"] == "no-store" and "etag" not in document.headers

    document = stranger.context.request.get(stranger.origin)
    assert '<script type="application/json" id="session"></script>' in document.text()
    assert document.headers["cache-control"] == "no-cache" and document.headers["etag"]


def test_the_tasks_are_asked_for_once_with_the_columns_that_were_chosen(browser, own_server):
    own_server.api.call("tasks.create", name="the task", type="testing")
    # Whatever is kept is told in the document, and is text there.
    kept = {"columns": ["name", "type"], "columns </script><h1>else</h1>": ["name"]}
    own_server.api.call("users.set_preferences", preferences={"stint": kept})
    visitor = Browsing(browser, own_server).be_signed_in()
    with visitor.page.expect_request("**/organization.get_entities_count"):
        visitor.go("tasks")
    expect(visitor.page.get_by_role("row").nth(1)).to_contain_text("the task")
    expect(visitor.page.get_by_role("row").nth(1)).to_contain_text("testing")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("All tasks")
    asked = [url.rsplit("/", 1)[1] for url in visitor.requests if "/api/" in url]
    assert asked.count("tasks.get_all_ex") == 1
    assert "login.supported_modes" not in asked and "users.get_preferences" not in asked
    visitor.end()
