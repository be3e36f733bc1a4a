"""The page as the owner of many machines has it open: what was heard of them, and what is done about it."""

import itertools
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from harness.browser import Browsing
from harness.demo import own_user

pytestmark = pytest.mark.extensions
numbers = itertools.count(1)
LOAD = {"cpu_usage": [20.0], "memory_used": 1000, "memory_free": 3000, "disk_free_home": 50.0}


def worker(api, name=None, **members):
    """A worker that has reported once; gives its name."""
    name = name or f"owned-{next(numbers)}:0"
    api.call("workers.status_report", worker=name, timestamp=int(time.time() * 1000), machine_stats=LOAD, **members)
    return name


def polls(page, count=2):
    """Waits until the page has asked for the workers again and again."""
    for _ in range(count):
        with page.expect_response("**/api/workers.get_all"):
            pass


def test_workers_of_one_name_are_one_card_each(visit, demo):
    name = worker(demo.api)
    worker(own_user(demo.api), name)
    page = visit.go("workers")
    cards = page.get_by_role("region", name=name)
    expect(cards).to_have_count(2)
    polls(page, 3)
    expect(cards).to_have_count(2)


def test_a_worker_that_was_lost_is_still_told_and_shows_no_load(visit, demo):
    name = f"lost-{next(numbers)}:0"
    demo.api.call("workers.register", worker=name, timeout=0)
    worker(demo.api, name)
    page = visit.go("workers?show=silent")
    card = page.get_by_role("region", name=name)
    expect(card.get_by_text("Silent")).to_be_visible()
    expect(card).to_contain_text("Last heard of")
    expect(card.get_by_role("meter")).to_have_count(0)
    expect(page.locator(".worker-tools").get_by_role("button", name="Silent")).to_have_attribute("aria-pressed", "true")
    card.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_text("Is the machine on, and does its agent run?")).to_be_visible()
    page.go_back()
    expect(card).to_be_visible()


def test_many_workers_are_listed_and_found(browser, own_server):
    for number in range(1, 15):
        worker(own_server.api, f"node-{number}:0")
    owner = Browsing(browser, own_server).be_signed_in()
    page = owner.go("workers")
    rows = page.get_by_role("region", name="node-")
    expect(rows).to_have_count(14)
    assert page.evaluate("document.querySelector('.worker-rows').children[13].getBoundingClientRect().bottom < 1200")
    expect(owner.charts().get_by_role("article", name="CPU")).to_contain_text("mean of 14 workers")
    page.get_by_label("Find a worker").fill("node-12")
    expect(rows).to_have_count(1)
    page.get_by_label("Find a worker").fill("")
    page.get_by_role("button", name="Idle").click()
    assert page.url.endswith("?show=idle")
    with page.expect_response("**/api/users.set_preferences"):
        page.get_by_role("button", name="Cards").click()
    page.reload()
    expect(page.locator(".cards > section")).to_have_count(14)
    expect(page.get_by_role("button", name="Idle")).to_have_attribute("aria-pressed", "true")
    owner.end()


def test_what_is_shown_of_a_worker_stays_live_and_leaves_the_focus_alone(visit, demo):
    task = demo.api.call("tasks.create", name="what the owner follows", type="testing")["id"]
    demo.api.call("tasks.started", task=task, force=True)
    name = worker(demo.api, task=task)
    page = visit.go(f"workers/{name}")
    link = page.locator(".facts").get_by_role("link", name="what the owner follows")
    link.focus()
    heard = page.locator("dt:text-is('Last heard of') + dd time")
    before = heard.get_attribute("datetime")
    polls(page)
    expect(link).to_be_focused()

    next_task = demo.api.call("tasks.create", name="what came after it", type="testing")["id"]
    demo.api.call("tasks.started", task=next_task, force=True)
    worker(demo.api, name, task=next_task)
    expect(page.locator(".facts").get_by_role("link", name="what came after it")).to_be_visible()
    expect(page.locator(".plain").get_by_role("link", name="what came after it")).to_be_visible()
    expect(heard).not_to_have_attribute("datetime", before)


def test_hours_that_run_over_midnight_and_the_weekend_are_shown_as_they_are(visit, demo):
    name = worker(demo.api)
    demo.api.call("workers.order", worker=name, orders={"hours": "22-4 SAT-MON"})
    page = visit.go(f"workers/{name}")
    grid = page.get_by_role("grid", name="Working hours")
    for hour, chosen in (("Sunday 23:00", "true"), ("Monday 3:00", "true"), ("Saturday 4:00", "false"), ("Tuesday 23:00", "false")):
        expect(grid.get_by_role("gridcell", name=hour)).to_have_attribute("aria-selected", chosen)
    expect(page.get_by_text("there it is")).to_be_visible()
    expect(grid.locator(".now")).to_have_count(1)


def test_hours_that_could_not_be_saved_are_not_lost(visit, demo):
    name = worker(demo.api)
    page = visit.go(f"workers/{name}")
    cell = page.get_by_role("grid", name="Working hours").get_by_role("gridcell", name="Monday 8:00")
    cell.focus()
    page.keyboard.press("Space")
    page.route("**/api/workers.order", lambda route: route.abort("connectionrefused"))
    page.get_by_role("button", name="Save hours").click()
    expect(page.get_by_role("alert").filter(has_text="The server does not answer")).to_be_visible()
    polls(page)
    expect(cell).to_have_attribute("aria-selected", "false")
    page.unroute("**/api/workers.order")
    page.get_by_role("button", name="Save hours").click()
    expect(page.get_by_role("button", name="Save hours")).to_have_count(0)
    expect(cell).to_be_focused()
    assert demo.api.call("workers.order", worker=name, orders={})["orders"]["hours"].startswith("0-8,9-24 MON")
    visit.expect_faults("ERR_", "Failed to load resource")


def test_hours_are_painted_with_a_finger(browser, demo):
    name = worker(demo.api)
    owner = Browsing(browser, demo, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).be_signed_in()
    page = owner.go(f"workers/{name}")
    grid = page.get_by_role("grid", name="Working hours")
    grid.scroll_into_view_if_needed()
    first, last = (grid.get_by_role("gridcell", name=f"Wednesday {hour}:00,").bounding_box() for hour in (20, 23))
    assert last["x"] + last["width"] < 390
    middle = first["y"] + first["height"] / 2
    touch = owner.context.new_cdp_session(page)
    points = [first["x"] + 3 + (last["x"] - first["x"]) * part / 12 for part in range(13)]
    for kind, x in (("touchStart", points[0]), *(("touchMove", x) for x in points[1:])):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": middle}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    for hour in (20, 21, 22, 23):
        expect(grid.get_by_role("gridcell", name=f"Wednesday {hour}:00,")).to_have_attribute("aria-selected", "false")
    expect(grid.get_by_role("gridcell", name="Wednesday 19:00,")).to_have_attribute("aria-selected", "true")
    owner.end()


def test_a_full_disk_is_why_a_worker_takes_no_task(visit, demo):
    queue = demo.api.call("queues.create", name=f"full {next(numbers)}")["id"]
    name = f"full-{next(numbers)}:0"
    demo.api.call("workers.register", worker=name, queues=[queue])
    demo.api.call("workers.status_report", worker=name, timestamp=0, queues=[queue], machine_stats={**LOAD, "disk_free_home": 0})
    page = visit.go(f"workers/{name}")
    expect(page.locator(".facts")).to_contain_text("Its disk is full: it takes no task until there is room.")


def test_a_clean_up_of_nothing_is_not_sent(visit, demo):
    name = worker(demo.api, storage=[{"kind": "models", "bytes": 3 << 30, "count": 2}])
    page = visit.go(f"workers/{name}")
    page.get_by_role("button", name="Clean up").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="Models").uncheck()
    dialog.get_by_role("button", name="Clean up").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose what to clean up.")


def test_a_queue_that_is_gone_is_not_replaced_by_another(visit, demo):
    gone = demo.api.call("queues.create", name=f"gone {next(numbers)}")["id"]
    page = visit.go(f"queues/{gone}")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    demo.api.call("queues.delete", queue=gone)
    expect(page.get_by_text("This queue is not there")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_be_hidden()
    page.locator(".queue-list").get_by_role("link", name="default").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_many_tasks_and_long_names_fit_into_a_queue(browser, own_server, width):
    call = own_server.api.call
    queue = call("queues.create", name="a-queue-with-a-name-" + "x" * 80)["id"]
    for number in range(230):
        task = call("tasks.create", name="y" * 200 if number == 0 else f"waiting {number}", type="testing")["id"]
        call("tasks.enqueue", task=task, queue=queue)
    owner = Browsing(browser, own_server, viewport={"width": width, "height": 844}).be_signed_in()
    page = owner.go(f"queues/{queue}")
    items = page.get_by_role("list", name="Waiting tasks").get_by_role("listitem")
    expect(items).to_have_count(200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("""(() => {
      const [list, place] = ['.queue-list', '.queue-detail'].map((name) => document.querySelector(name).getBoundingClientRect());
      return [...document.querySelectorAll('.queue-list a, .entries li')].every((each) => each.getBoundingClientRect().width <= innerWidth)
        && (innerWidth < 861 || list.right <= place.left);
    })()""")
    page.get_by_role("button", name="Show more of the 30 others").click()
    expect(items).to_have_count(230)
    items.nth(0).get_by_role("button").click()
    page.get_by_role("menuitem", name="One down").click()
    expect(items.nth(1)).to_contain_text("yyy")
    expect(items.nth(1).get_by_role("button")).to_be_focused()
    owner.end()


def test_who_may_not_do_something_is_told_whom_to_ask(browser, demo):
    name = worker(demo.api)
    user = demo.api.call("auth.create_user", name=f"a reader {time.time()}", email="", role="user")["id"]
    reader = Browsing(browser, demo)
    token = demo.api.call("auth.get_token_for_user", user=user)["token"]
    host = urlsplit(reader.origin).hostname
    reader.context.add_cookies([{"name": "clearml_token_basic", "value": token, "domain": host, "path": "/"}])
    page = reader.go(f"workers/{name}")
    page.get_by_role("button", name="Never").click()
    expect(page.get_by_role("alert").filter(has_text="ask an administrator")).to_be_visible()
    expect(page.get_by_role("button", name="In its hours")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("mine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("ask an administrator")
    reader.expect_faults("403")
    reader.end()
