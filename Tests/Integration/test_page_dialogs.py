"""The page: dialogs, menus and notices, with the mouse and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from harness.browser import Browsing


@pytest.fixture
def dialog(visit):
    """A dialog with a field."""
    page = visit.go("queues")
    page.get_by_role("button", name="New queue").click()
    return page.get_by_role("dialog")


def press_and_release(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end)
    page.mouse.up()


def test_a_dialog_is_closed_beside_it_only_and_not_when_something_was_typed(visit, dialog):
    page, box = visit.page, dialog.bounding_box()
    edge = (box["x"] + 6, box["y"] + 6)
    page.mouse.click(*edge)
    expect(dialog).to_be_visible()
    press_and_release(page, (box["x"] + 60, box["y"] + 60), (5, 5))
    expect(dialog).to_be_visible()
    page.mouse.click(5, 5)
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="New queue").click()
    dialog.get_by_role("textbox").fill("half a name")
    page.mouse.click(5, 5)
    expect(dialog.get_by_role("textbox")).to_have_value("half a name")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="New queue")).to_be_focused()


def test_what_was_typed_outlives_a_server_that_is_away(browser, own_server):
    owner = Browsing(browser, own_server).be_signed_in()
    page = owner.go("queues")
    page.get_by_role("button", name="New queue").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("typed before the end")
    own_server.kill()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("The server does not answer")
    own_server.start()
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("heading", name="typed before the end")).to_be_visible()
    owner.expect_faults("ERR_", "Failed to load resource")
    owner.end()


def test_the_focus_returns_to_a_button_that_was_drawn_anew(visit, demo):
    queue = demo.api.call("queues.create", name="drawn anew")["id"]
    page = visit.go(f"queues/{queue}")
    page.get_by_role("button", name="Queue drawn anew").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    task = demo.api.call("tasks.create", name="changes the heading", type="testing")["id"]
    demo.api.call("tasks.enqueue", task=task, queue=queue)
    expect(page.get_by_text("1 task waiting")).to_be_attached()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Queue drawn anew")).to_be_focused()


def test_the_button_of_a_menu_closes_it_and_so_does_the_tab_key(visit):
    page = visit.go("queues")
    button = page.get_by_role("button", name="Account")
    button.click()
    expect(page.get_by_role("menu")).to_be_visible()
    button.click()
    expect(page.get_by_role("menu")).to_have_count(0)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("menu")).to_have_count(0)


def test_a_notice_is_seen_wherever_the_page_was_scrolled_to_and_can_be_dismissed(browser, demo):
    visitor = Browsing(browser, demo, viewport={"width": 1000, "height": 400}).be_signed_in()
    page = visitor.go("start")
    button = page.get_by_role("button", name="Create an access key")
    page.route("**/api/auth.create_credentials", lambda route: route.abort("connectionrefused"))
    page.mouse.wheel(0, 3000)
    button.evaluate("button => button.click()")
    notice = page.get_by_role("alert").filter(has_text="The server does not answer")
    expect(notice).to_be_in_viewport()
    notice.get_by_role("button", name="Dismiss").click()
    expect(notice).to_have_count(0)
    visitor.expect_faults("ERR_", "Failed to load resource")
    visitor.end()
