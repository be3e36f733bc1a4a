"""The page: workers and queues."""

import itertools
from datetime import datetime

import pytest
from playwright.sync_api import expect

from harness.browser import Browsing
from harness.waiting import wait_until

numbers = itertools.count(1)


@pytest.fixture
def queue(demo):
    """A new queue with three waiting drafts; gives its identifier, its name and theirs."""
    name = f"queue {next(numbers)}"
    identifier = demo.api.call("queues.create", name=name)["id"]
    names = [f"{name}, {which}" for which in ("first", "second", "third")]
    for each in names:
        task = demo.api.call("tasks.create", name=each, type="testing")["id"]
        demo.api.call("tasks.enqueue", task=task, queue=identifier)
    return identifier, name, names


def order(demo, queue):
    entries = demo.api.call("queues.get_by_id", queue=queue)["queue"]["entries"]
    tasks = demo.api.call("tasks.get_all_ex", id=[entry["task"] for entry in entries], only_fields=["name"])["tasks"]
    names = {task["id"]: task["name"] for task in tasks}
    return [names[entry["task"]] for entry in entries]


def test_the_order_of_a_queue_is_changed_by_dragging_and_with_the_keyboard(visit, demo, queue):
    identifier, _, (first, second, third) = queue
    page = visit.go(f"queues/{identifier}")
    items = page.get_by_role("list", name="Waiting tasks").get_by_role("listitem")
    expect(items).to_have_count(3)
    expect(items.nth(0)).to_contain_text(first)

    items.nth(2).drag_to(items.nth(0), target_position={"x": 200, "y": 4})
    expect(items.nth(0)).to_contain_text(third)
    assert order(demo, identifier) == [third, first, second]
    items.nth(0).drag_to(items.nth(2), target_position={"x": 200, "y": 30})
    expect(items.nth(2)).to_contain_text(third)
    assert order(demo, identifier) == [first, second, third]

    items.nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(items.nth(0)).to_contain_text(second)
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(items.nth(1)).to_contain_text(second)
    items.nth(2).get_by_role("button").click()
    page.get_by_role("menuitem", name="To the front").click()
    expect(items.nth(0)).to_contain_text(third)
    items.nth(0).get_by_role("button").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect(items).to_have_count(2)
    assert order(demo, identifier) == [first, second]


def test_a_task_is_dropped_where_it_was_seen_though_another_was_taken_meanwhile(visit, demo):
    queue = demo.api.call("queues.create", name="moving on")["id"]
    tasks = [demo.api.call("tasks.create", name=f"mover {letter}", type="training")["id"] for letter in "ABCDEF"]
    for task in tasks:
        demo.api.call("tasks.enqueue", task=task, queue=queue)
    page = visit.go(f"queues/{queue}")
    items = page.get_by_role("list", name="Waiting tasks").get_by_role("listitem")
    expect(items).to_have_count(6)
    dragged, target = items.nth(4).bounding_box(), items.nth(2).bounding_box()
    x = dragged["x"] + 300

    page.mouse.move(x, dragged["y"] + 20)
    page.mouse.down()
    page.mouse.move(x, target["y"] + 8, steps=5)
    demo.api.call("queues.get_next_task", queue=queue)
    expect(page.get_by_text("5 tasks waiting")).to_be_visible()
    page.mouse.move(x, target["y"] + 6)
    page.mouse.up()

    expect(items).to_have_count(5)
    expect(items.nth(1)).to_contain_text("mover E")
    assert order(demo, queue) == ["mover B", "mover E", "mover C", "mover D", "mover F"]


def test_a_queue_tells_its_history(visit, demo, queue):
    identifier, _, _ = queue
    visit.go(f"queues/{identifier}")
    frame = visit.charts()
    expect(frame.get_by_role("article", name="Waiting tasks").locator(".main-svg").first).to_be_visible()
    expect(frame.get_by_role("article", name="Average wait")).to_be_visible()


def test_a_queue_is_made_renamed_emptied_and_deleted(visit, demo):
    page = visit.go("queues")
    page.get_by_role("button", name="New queue").click()
    page.get_by_label("Name").fill("weekend work")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="weekend work")).to_be_visible()
    identifier = page.url.rsplit("/", 1)[1]
    task = demo.api.call("tasks.create", name="to be thrown out", type="testing")["id"]
    demo.api.call("tasks.enqueue", task=task, queue=identifier)
    expect(page.get_by_text("1 task waiting")).to_be_visible()
    menu = page.get_by_role("button", name="Queue weekend work")
    menu.click()
    page.get_by_role("menuitem", name="Empty it").click()
    page.get_by_role("dialog").get_by_role("button", name="Empty it").click()
    expect(page.get_by_text("Nothing waits")).to_be_visible()
    assert demo.api.call("tasks.get_by_id", task=task)["task"]["status"] == "created"
    menu.click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("sunday work")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Queue sunday work").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="sunday work")).to_have_count(0)


def test_workers_show_their_load_and_why_they_idle_and_obey(browser, server, agent):
    owner = Browsing(browser, server).be_signed_in()
    page = owner.go("workers")
    card = page.get_by_role("region", name=agent.name)
    expect(card).to_contain_text("Idle")
    expect(card).to_contain_text("Its queue is empty.")
    expect(card.get_by_role("meter", name="CPU")).to_be_visible()
    expect(card.get_by_role("meter", name="Memory")).to_be_visible()
    for title in ("Workers", "CPU"):
        expect(owner.charts().get_by_role("article", name=title).locator(".main-svg").first).to_be_visible()

    card.get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=agent.name)).to_be_visible()
    page.get_by_role("group", name="Whether it takes tasks").get_by_role("button", name="Never").click()
    expect(page.locator(".heading").get_by_text("Disabled")).to_be_visible()

    queue = server.api.call("queues.get_default")["id"]
    script = {"repository": "", "entry_point": "hello.py", "diff": "print('hello')\n"}
    task = server.api.call("tasks.create", name="held back", type="testing", script=script)["id"]
    server.api.call("tasks.enqueue", task=task, queue=queue)
    expect(page.get_by_text("It takes no tasks until somebody enables it.")).to_be_visible()
    assert server.api.call("tasks.get_by_id", task=task)["task"]["status"] == "queued"
    page.get_by_role("button", name="In its hours").click()
    wait_until("the task is done", lambda: server.api.call("tasks.get_by_id", task=task)["task"]["status"] in ("completed", "failed"))
    expect(page.locator(".heading").get_by_text("Idle")).to_be_visible()

    page.get_by_role("button", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("the big one")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="the big one")).to_be_visible()
    owner.end()


def test_working_hours_are_painted_and_kept(browser, server, agent):
    owner = Browsing(browser, server).be_signed_in()
    page = owner.go(f"workers/{agent.worker()['id'].replace(':', '%3A')}")
    grid = page.get_by_role("grid", name="Working hours")
    grid.get_by_role("gridcell", name="Monday 8:00").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save hours").click()
    wait_until("the hours are kept", lambda: agent.worker().get("orders", {}).get("hours"))
    assert agent.worker()["orders"]["hours"] == "0-8,10-24 MON; 0-24 TUE,WED,THU,FRI,SAT,SUN"
    page.reload()
    expect(grid.get_by_role("gridcell", name="Monday 9:00")).to_have_attribute("aria-selected", "false")
    server.api.call("workers.order", worker=agent.worker()["id"], orders={"hours": "never"})
    expect(page.locator(".heading").get_by_text("Off hours")).to_be_visible()
    expect(page.get_by_text("It is outside of its working hours.")).to_be_visible()
    page.get_by_role("button", name="All hours").click()
    page.get_by_role("button", name="Save hours").click()
    expect(page.locator(".heading").get_by_text("Idle")).to_be_visible()
    owner.end()


@pytest.mark.extensions
def test_hours_that_an_agent_was_started_with_are_told(browser, server, make_agent):
    agent = make_agent()
    hour = (datetime.now().hour + 5) % 23
    hours = f"{hour}-{hour + 1} MON-SUN"
    agent.flags = [*agent.flags, "--uptime", hours]
    agent.start()
    owner = Browsing(browser, server).be_signed_in()
    page = owner.go(f"workers/{agent.worker()['id'].replace(':', '%3A')}")
    told = page.get_by_text(f"It is outside of the hours that its agent was started with: {hours}.")
    expect(told).to_be_visible()
    server.api.call("workers.order", worker=agent.worker()["id"], orders={"mode": "forced"})
    expect(page.locator(".heading").get_by_text("Idle")).to_be_visible()
    owner.end()


def test_a_paused_queue_gives_nothing_out(browser, server, agent):
    owner = Browsing(browser, server).be_signed_in()
    queue = server.api.call("queues.get_default")["id"]
    page = owner.go(f"queues/{queue}")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".queue-detail").get_by_text("Paused")).to_be_visible()
    script = {"repository": "", "entry_point": "hello.py", "diff": "print('hello')\n"}
    task = server.api.call("tasks.create", name="waits", type="testing", script=script)["id"]
    server.api.call("tasks.enqueue", task=task, queue=queue)
    other = owner.open()
    other.goto(f"{owner.origin}/#/workers")
    expect(other.get_by_text("The queue default is paused.")).to_be_visible()
    assert server.api.call("tasks.get_by_id", task=task)["task"]["status"] == "queued"
    page.get_by_role("button", name="Resume").click()
    wait_until("the task is done", lambda: server.api.call("tasks.get_by_id", task=task)["task"]["status"] in ("completed", "failed"))
    owner.end()
