"""The page: at three widths and in both themes. What it looks like is kept in .build/page, for people to see."""

import re

import pytest
from playwright.sync_api import expect

from harness.browser import Browsing
from harness.process import ROOT
from harness.tasks import Task

WEB = ROOT / "web"
PICTURES = ROOT / ".build" / "page"
WIDTHS = {"wide": (1600, 1000), "tablet": (1024, 768), "phone": (390, 844)}

WORKERS = ("gpu-box-1:gpu0", "gpu-box-2:gpu0")
LOAD = {
    "cpu_usage": [34.0, 61.0, 12.0, 88.0], "memory_used": 21000, "memory_free": 43000, "gpu_usage": [97.0, 12.0],
    "gpu_memory_used": [30000, 900], "gpu_memory_free": [10000, 39100], "gpu_temperature": [71, 38], "disk_free_home": 41.0,
    "network_rx": 12.4, "network_tx": 0.8, "disk_read": 3.1, "disk_write": 22.0,
}
CHARTED = {"scalars", "plots", "compare-scalars", "compare-plots", "parallel", "leaderboard"}
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
NAMELESS = """() => [...document.querySelectorAll('button, a[href], input, select, textarea, iframe, [role=grid], [role=log], dialog')]
  .filter((element) => element.checkVisibility() && !element.closest('[aria-hidden=true]'))
  .filter((element) => {
    const label = element.getAttribute('aria-label') || element.getAttribute('title') || element.textContent.trim()
      || [...(element.labels ?? [])].map((each) => each.textContent.trim()).join('')
      || document.getElementById(element.getAttribute('aria-labelledby'))?.textContent.trim();
    return !label;
  }).map((element) => element.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def places(demo):
    """The views that there are: a name, an address, and what shows that it is there."""
    call = demo.api.call
    done = call("tasks.get_all", status=["completed"], name="units, lr", order_by=["created"], page=0, page_size=4)["tasks"]
    task, ids = done[0]["id"], ",".join(each["id"] for each in done)
    failed = call("tasks.get_all", status=["failed"], page=0, page_size=1)["tasks"][0]["id"]
    draft = call("tasks.get_all", name="draft", status=["created"], page=0, page_size=1)["tasks"][0]["id"]
    project = done[0]["project"]
    queue = call("queues.get_all_ex", name="^gpu$")["queues"][0]["id"]
    for name in WORKERS:
        call("workers.register", worker=name, queues=[queue], timeout=3600)
    return [
        ("tasks", "tasks", ".table-row:not(.waiting)"),
        ("project", f"tasks?project={project}", ".table-row:not(.waiting)"),
        ("no-match", "tasks?q=there+is+no+such+task", ".nothing .empty"),
        ("archive", "tasks?archived=1", ".nothing .empty, .table-row:not(.waiting)"),
        ("no-task", f"tasks/{'0' * 32}", ".crumbs"),
        ("task", f"tasks/{task}", ".steps"),
        ("failed", f"tasks/{failed}", ".callout"),
        ("execution", f"tasks/{task}/execution", ".diff"),
        ("configuration", f"tasks/{task}/configuration", ".parameters"),
        ("draft", f"tasks/{draft}/configuration", "input.inline"),
        ("artifacts", f"tasks/{task}/artifacts", ".files"),
        ("console", f"tasks/{task}/console", ".line:not(.waiting)"),
        ("scalars", f"tasks/{task}/scalars", "iframe.charts"),
        ("plots", f"tasks/{task}/plots", "iframe.charts"),
        ("images", f"tasks/{task}/images", ".gallery img"),
        ("compare", f"compare/{ids}", ".comparison"),
        ("compare-scalars", f"compare/{ids}/scalars", "iframe.charts"),
        ("compare-plots", f"compare/{ids}/plots", "iframe.charts"),
        ("compare-images", f"compare/{ids}/images", ".gallery img"),
        ("parallel", f"compare/{ids}/parallel", "iframe.charts"),
        ("leaderboard", f"leaderboard/{project}", ".board"),
        ("queues", f"queues/{queue}", ".entries li"),
        ("workers", "workers", ".meter"),
        ("worker", "workers/gpu-box-1%3Agpu0", ".week"),
        ("settings", "settings", ".keys"),
        ("start", "start", ".guide h2"),
    ]


def test_no_view_is_forgotten(places):
    routes = {tuple((address.split("?")[0].split("/") + [None, None])[:3:2]) for _, address, _ in places}
    views = re.findall(r"^  (\w+): async", (WEB / "app.js").read_text(), re.MULTILINE)
    assert len(views) > 5 and set(views) == {view for view, _ in routes}
    for view, module in (("tasks", "task/view.js"), ("compare", "compare/view.js")):
        tabs = re.findall(r"^  (\w+): \{ title", (WEB / module).read_text(), re.MULTILINE)
        assert len(tabs) > 4 and set(tabs[1:]) <= {tab for name, tab in routes if name == view}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_view_fits_and_everything_in_it_has_a_name(browser, demo, places, width, theme):
    size = dict(zip(("width", "height"), WIDTHS[width], strict=True))
    visitor = Browsing(browser, demo, viewport=size, color_scheme=theme).be_signed_in()
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = []
    for name in WORKERS:
        demo.api.call("workers.status_report", worker=name, timestamp=0, machine_stats=LOAD)
    for name, address, sign in places:
        page = visitor.go(address)
        page.locator(sign).first.wait_for()
        picture = f"{name}-{width}-{theme}.png"
        page.evaluate(DRAWN)
        page.screenshot(path=PICTURES / picture)
        if name in CHARTED:
            # Charts are drawn once they are near the view.
            page.locator("iframe.charts").scroll_into_view_if_needed()
            visitor.charts().locator(".main-svg, canvas").first.wait_for()
            page.evaluate(DRAWN)
            page.screenshot(path=PICTURES / f"charts-{picture}")
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            faults.append(f"{name} is wider than the window")
        faults += [f"{name} has something without a name: {element}" for element in page.evaluate(NAMELESS)]
        if page.evaluate("document.querySelectorAll('h1').length") != 1:
            faults.append(f"{name} has not one first heading")
    assert not faults, "\n".join(faults)
    visitor.end()


@pytest.mark.parametrize("width", [1440, 1024, 961, 800])
def test_the_tools_above_the_table_fit_in_one_row(browser, demo, width):
    visitor = Browsing(browser, demo, viewport={"width": width, "height": 700}).be_signed_in()
    page = visitor.go("tasks?status=completed,failed&type=training")
    page.get_by_role("button", name="Clear filters").wait_for()
    tops, ends = zip(*page.evaluate("""[...document.querySelector('.toolbar').querySelectorAll('input, button, a')].map((each) => {
      const { top, right } = each.getBoundingClientRect();
      return [Math.round(top), right];
    })"""), strict=True)
    assert len(tops) == 9 and len(set(tops)) == 1
    assert list(ends) == sorted(ends) and ends[-1] < width
    visitor.end()


def test_the_theme_can_be_chosen_and_reaches_the_charts(visit, demo, places):
    page = visit.go(next(address for name, address, _ in places if name == "scalars"))
    visit.charts().locator(".main-svg").first.wait_for()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitemradio", name="Dark theme").click()
    expect(visit.charts().locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("JSON.stringify(localStorage)") == '{"stint-theme":"dark"}'


def test_the_keyboard_reaches_the_main_things(visit, places):
    page = visit.go("tasks")
    page.locator(".table-row:not(.waiting)").first.wait_for()
    seen = []
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"))
    for name in ("Tasks", "Queues", "Workers", "Account", "Find a project", "Search tasks", "State", "Columns", "Select all tasks"):
        assert any(name in each for each in seen), f"{name} is not reached: {seen}"
    page.get_by_role("button", name="Account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem").nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Account")).to_be_focused()


def test_the_focus_is_never_lost(visit, demo, places):
    page = visit.page
    focused = page.locator(":focus")

    def press(button):
        button.focus()
        page.keyboard.press("Enter")

    visit.go("tasks?status=completed")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('.skip').contains(document.elementFromPoint(30, 24))")
    head = page.get_by_role("columnheader", name="Name")
    press(head.get_by_role("button"))
    expect(head).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    press(page.get_by_role("button", name="Clear filters"))
    expect(focused).to_have_text(re.compile("State"))
    page.get_by_label("Search tasks").fill("there is no such task")
    press(page.get_by_role("button", name="Show all"))
    expect(focused).to_have_attribute("aria-label", "Search tasks")
    page.locator(".table-row input").first.check()
    press(page.get_by_role("button", name="Clear selection"))
    expect(focused).to_have_attribute("role", "grid")
    queue = demo.api.call("queues.create", name="paused with the keyboard")["id"]
    visit.go(f"queues/{queue}")
    press(page.get_by_role("button", name="Pause", exact=True))
    expect(focused).to_have_text("Resume")
    demo.api.call("queues.delete", queue=queue)


def test_a_view_that_could_not_be_loaded_comes_later_and_the_one_before_goes_on(browser, demo):
    owner = Browsing(browser, demo).be_signed_in()
    page = owner.go("tasks")
    page.locator(".table-row:not(.waiting)").first.wait_for()
    page.route("**/machines/workers.js", lambda route: route.abort("connectionrefused"))
    page.get_by_role("link", name="Workers").click()
    expect(page.get_by_role("alert").filter(has_text="This view could not be loaded")).to_be_visible()
    expect(page.locator(".table-row:not(.waiting)").first).to_be_visible()
    page.unroute("**/machines/workers.js")
    expect(page.get_by_role("heading", name="Workers", exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    owner.expect_faults("ERR_", "Failed to load resource")
    owner.end()


def test_a_project_that_is_not_there_is_told(visit):
    for address in ("tasks?project=", "leaderboard/"):
        page = visit.go(address + "0" * 32)
        expect(page.get_by_text("There is no such project")).to_be_visible()


@pytest.mark.parametrize("address", ["tasks", "queues", "workers", "settings"])
def test_at_a_fourfold_size_nothing_is_wider_than_the_window(browser, demo, address):
    visitor = Browsing(browser, demo, viewport={"width": 320, "height": 600}).be_signed_in()
    page = visitor.go(address)
    page.get_by_role("heading", level=1).wait_for()
    page.evaluate(DRAWN)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    visitor.end()


def test_a_server_that_is_away_is_told_and_its_return_noticed(browser, own_server):
    owner = Browsing(browser, own_server).be_signed_in()
    page = owner.go("workers")
    expect(page.get_by_text("No workers")).to_be_visible()
    own_server.kill()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer")).to_be_visible()
    own_server.start()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer")).to_have_count(0)
    owner.expect_faults("ERR_", "Failed to load resource")
    owner.end()


def test_a_stylesheet_that_could_not_be_loaded_is_loaded_the_next_time(browser, own_server):
    # An empty server leads to the first steps, which need all styles.
    Task.create(own_server.api, "print(1)")
    owner = Browsing(browser, own_server).be_signed_in()
    page = owner.go("tasks")
    expect(page.get_by_role("heading", name="Tasks")).to_be_visible()
    page.route("**/styles/machines.css", lambda route: route.abort("connectionrefused"))
    page.evaluate("location.hash = '#/workers'")
    expect(page.get_by_role("alert").filter(has_text="machines.css")).to_be_visible()
    page.unroute("**/styles/machines.css")
    page.evaluate("location.hash = '#/queues'")
    expect(page.get_by_role("alert").filter(has_text="machines.css")).to_have_count(0)
    expect(page.locator(".queue-list")).to_be_visible()
    styles = page.evaluate("[...document.querySelectorAll('link[rel=stylesheet]')].map((link) => `${link.href.split('/').pop()} ${!!link.sheet}`)")
    assert styles[-3:] == ["task.css true", "compare.css true", "machines.css true"], styles
    owner.expect_faults("ERR_", "Failed to load resource")
    owner.end()
