"""The page: projects and the table of tasks."""

import itertools
import re
import time

import pytest
from playwright.sync_api import expect

from harness.browser import Browsing

numbers = itertools.count(1)


@pytest.fixture
def project(demo):
    """A new project, and a function that puts tasks into it."""
    name = f"Tests/Table {next(numbers)}"
    project = demo.api.call("projects.create", name=name, description="")["id"]

    def add(name, **fields):
        return demo.api.call("tasks.create", name=name, type="training", project=project, **fields)["id"]

    add.id, add.name = project, name
    return add


def rows(page):
    return page.get_by_role("grid", name="Tasks").get_by_role("row").filter(has=page.get_by_role("link"))


def names(page):
    return [link.inner_text() for link in rows(page).get_by_role("link").all()]


def test_the_tree_leads_to_a_project_and_back(visit):
    page = visit.go("tasks")
    tree = page.get_by_role("tree", name="Projects")
    tree.get_by_role("treeitem", name="Demo").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Demo", exact=True)).to_be_visible()
    tree.get_by_role("link", name="Vision", exact=True).click()
    tree.get_by_role("link", name="Digits").click()
    expect(page.get_by_role("heading", name="Digits")).to_be_visible()
    expect(rows(page).first).to_contain_text("Demo/Vision/Digits")
    page.go_back()
    expect(page.get_by_role("heading", name="Vision")).to_be_visible()
    page.get_by_label("Find a project").fill("langu")
    expect(tree.get_by_role("link")).to_have_text(["Demo/Language"])


def test_search_finds_as_one_types_and_the_address_keeps_it(visit, project):
    first = project("blue whale")
    project("red panda", tags=["bamboo"])
    page = visit.go(f"tasks?project={project.id}")
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Search tasks").type("bamb", delay=20)
    expect(rows(page)).to_have_count(1)
    assert names(page) == ["red panda"]
    page.reload()
    expect(page.get_by_label("Search tasks")).to_have_value("bamb")
    expect(rows(page)).to_have_count(1)
    page.get_by_label("Search tasks").fill(first[:12])
    expect(rows(page)).to_contain_text(["blue whale"])
    page.get_by_label("Search tasks").fill("no such thing")
    expect(page.get_by_text("No task matches")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(rows(page)).to_have_count(2)


def test_filters_narrow_the_list_and_can_be_combined(visit):
    page = visit.go("tasks?q=units")
    filters = page.get_by_role("group", name="Filters")
    filters.get_by_role("button", name="State").click()
    page.get_by_label("Failed").check()
    expect(rows(page).filter(has_text="Completed")).to_have_count(0)
    expect(rows(page).first).to_contain_text("Failed")
    page.get_by_label("Stopped").check()
    page.keyboard.press("Escape")
    expect(rows(page).filter(has_text="Stopped").first).to_be_visible()
    filters.get_by_role("button", name="Tags").click()
    page.get_by_label("candidate").check()
    page.keyboard.press("Escape")
    expect(rows(page).filter(has_text="candidate").first).to_be_visible()
    expect(rows(page).filter(has_text="baseline")).to_have_count(0)
    assert "status=failed,stopped" in page.url.replace("%2C", ",") and "tags=candidate" in page.url
    page.get_by_role("button", name="Clear filters").click()
    expect(rows(page).filter(has_text="Completed").first).to_be_visible()


def test_a_browser_whose_clock_is_wrong_tells_the_right_times(visit, project):
    project("the newest one")
    visit.page.clock.install(time=time.time() + 3 * 86_400)
    page = visit.go(f"tasks?project={project.id}")
    expect(rows(page).first).to_contain_text(re.compile(r"just now|\d s ago"))


def test_a_long_list_of_tags_is_searched_and_what_is_chosen_comes_first(browser, own_server):
    for number in range(20):
        own_server.api.call("tasks.create", name=f"task {number}", type="training", tags=[f"Tag {number}"])
    visitor = Browsing(browser, own_server).be_signed_in()
    questions = []
    page = visitor.go("tasks")
    page.route("**/projects.get_task_tags", lambda route: questions.append(route))
    tags = page.get_by_role("button", name="Tags")
    with page.expect_request("**/projects.get_task_tags"):
        tags.click()
    page.keyboard.type("tag 17")
    expect(page.get_by_role("searchbox", name="Find", exact=True)).to_have_value("tag 17")
    questions.pop().continue_()
    choices = page.get_by_role("group", name="Tags").get_by_role("checkbox")
    expect(choices).to_have_count(1)
    choices.check()
    page.keyboard.press("Escape")
    expect(rows(page)).to_have_count(1)
    page.unroute("**/projects.get_task_tags")
    tags.click()
    expect(choices).to_have_count(20)
    expect(choices.first).to_be_checked()
    tags.click()
    expect(choices).to_have_count(0)
    expect(tags).to_have_attribute("aria-expanded", "false")
    visitor.end()


def test_columns_show_metrics_and_hyperparameters_and_sort_by_their_numbers(visit, demo):
    project = demo.api.call("projects.get_all", name="^Demo/Vision/Digits$")["projects"][0]["id"]
    page = visit.go(f"tasks?project={project}")
    rows(page).first.wait_for()
    page.get_by_role("button", name="Columns").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("accuracy / validation", exact=True).check()
    dialog.get_by_label("Optimizer / learning_rate").check()
    dialog.get_by_label("Comment").check()
    dialog.get_by_label("User").uncheck()
    dialog.get_by_role("button", name="Show").click()
    headers = page.get_by_role("columnheader")
    expect(headers.filter(has_text="learning_rate")).to_be_visible()
    expect(headers.filter(has_text="User")).to_have_count(0)

    headers.get_by_role("button", name="accuracy / validation").click()
    expect(headers.filter(has_text="accuracy")).to_have_attribute("aria-sort", "descending")
    cells = page.locator(".table-row .cell.metric")
    expect(cells.first).not_to_be_empty()
    shown = [float(text) for text in cells.all_inner_texts() if text]
    assert len(shown) > 3 and shown == sorted(shown, reverse=True)

    headers.get_by_role("button", name="learning_rate").click()
    headers.get_by_role("button", name="learning_rate").click()
    expect(headers.filter(has_text="learning_rate")).to_have_attribute("aria-sort", "ascending")
    visit.until("rows are sorted", """(() => {
      const shown = [...document.querySelectorAll('.table-row .cell.param')].map((cell) => cell.textContent).filter(Boolean).map(Number);
      return shown.length > 3 && shown.every((value, index) => index === 0 || shown[index - 1] <= value);
    })()""")
    page.reload()
    expect(headers.filter(has_text="learning_rate")).to_be_visible()


def test_many_tasks_are_tagged_archived_and_deleted_at_once(visit, project, demo):
    tasks = [project(f"one of five, {number}") for number in range(5)]
    page = visit.go(f"tasks?project={project.id}")
    expect(rows(page)).to_have_count(5)
    page.get_by_label("Select all tasks").check()
    bar = page.get_by_role("toolbar", name="Selected tasks")
    expect(bar).to_contain_text("5 tasks")
    bar.get_by_role("button", name="Tags").click()
    page.get_by_label("Add").fill("night shift, five")
    page.get_by_role("button", name="Save").click()
    expect(rows(page).filter(has_text="night shift")).to_have_count(5)
    bar.get_by_role("button", name="Archive", exact=True).click()
    expect(rows(page)).to_have_count(0)
    bar.get_by_role("button", name="Clear selection").click()
    page.get_by_role("group", name="Filters").get_by_role("button", name="Archive").click()
    expect(rows(page)).to_have_count(5)
    page.get_by_label("Select one of five, 3").check()
    bar.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows(page)).to_have_count(4)
    left = {task["id"] for task in demo.api.call("tasks.get_all", id=tasks, only_fields=["id"])["tasks"]}
    assert left == set(tasks) - {tasks[3]}


def test_what_is_refused_for_some_of_many_is_told(visit, project, demo):
    project("fine")
    lost = project("to be lost")
    page = visit.go(f"tasks?project={project.id}")
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Select all tasks").check()
    page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Delete").click()
    demo.api.call("tasks.started", task=lost)
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alert").filter(has_text="Not done for 1 task of 2")).to_be_visible()


def test_the_keyboard_goes_through_the_rows_and_opens_one(visit, project):
    for number in range(3):
        project(f"row number {number}")
    page = visit.go(f"tasks?project={project.id}")
    expect(rows(page)).to_have_count(3)
    page.get_by_role("grid", name="Tasks").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("toolbar", name="Selected tasks")).to_contain_text("1 task")
    expect(rows(page).nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="row number 0")).to_be_visible()
    page.go_back()
    expect(rows(page)).to_have_count(3)


def test_a_new_task_appears_by_itself(visit, project):
    project("the first one")
    page = visit.go(f"tasks?project={project.id}")
    expect(rows(page)).to_have_count(1)
    project("the second one")
    expect(rows(page)).to_have_count(2)


@pytest.fixture(scope="module")
def crowd(demo):
    """A project with more tasks than a page of the table, or ten."""
    project = demo.api.call("projects.create", name="Tests/Crowd", description="")["id"]
    template = demo.api.call("tasks.create", name="crowd 0", type="training", project=project)["id"]
    for number in range(1, 1200):
        demo.api.call("tasks.clone", task=template, new_task_name=f"crowd {number}")
    return project


def test_thousands_of_rows_scroll_with_few_elements(visit, crowd):
    page = visit.go(f"tasks?project={crowd}")
    expect(page.get_by_text("1,200 tasks")).to_be_visible()
    grid = page.get_by_role("grid", name="Tasks")
    expect(grid).to_have_attribute("aria-rowcount", "1201")
    assert names(page)[0] == "crowd 1199"
    grid.evaluate("grid => { grid.scrollTop = grid.scrollHeight; }")
    expect(page.get_by_role("link", name="crowd 0", exact=True)).to_be_visible()
    grid.evaluate("grid => { grid.scrollTop = grid.scrollHeight / 2; }")
    expect(page.get_by_role("link", name="crowd 599", exact=True)).to_be_visible()
    assert page.locator(".table-row").count() < 60
    page.get_by_label("Select all tasks").check()
    expect(page.get_by_role("toolbar", name="Selected tasks")).to_contain_text("1,200 tasks")


def test_who_comes_back_to_the_table_is_where_they_were(visit, crowd):
    page = visit.go(f"tasks?project={crowd}")
    expect(page.get_by_text("1,200 tasks")).to_be_visible()
    grid = page.get_by_role("grid", name="Tasks")
    grid.evaluate("grid => { grid.scrollTop = 20_000; }")
    visit.until("the place is kept", "history.state?.top === 20_000")
    one = page.get_by_role("link", name="crowd 690", exact=True)
    one.click()
    expect(page.get_by_role("heading", name="crowd 690")).to_be_visible()
    page.go_back()
    expect(one).to_be_in_viewport()
    # Whoever asks for something else begins at its top.
    page.get_by_role("columnheader", name="Name").get_by_role("button").click()
    expect(page.get_by_role("link", name="crowd 999", exact=True)).to_be_in_viewport()


def test_projects_are_made_renamed_and_deleted(visit, project, demo):
    project("inside")
    page = visit.go(f"tasks?project={project.id}")
    page.get_by_role("button", name=f"Project {project.name}").click()
    page.get_by_role("menuitem", name="New project below").click()
    page.get_by_role("textbox", name="Name").fill("Child")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Child")).to_be_visible()
    page.get_by_role("button", name=f"Project {project.name}/Child").click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("Heir")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    expect(page.get_by_role("heading", name="Heir")).to_be_visible()
    page.get_by_role("button", name=f"Project {project.name}/Heir").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="All tasks")).to_be_visible()
    assert not demo.api.call("projects.get_all", name=f"^{project.name}/Heir$")["projects"]


def test_the_table_is_of_use_on_a_phone(browser, demo):
    phone = Browsing(browser, demo, viewport={"width": 390, "height": 844}, has_touch=True).be_signed_in()
    page = phone.go("tasks")
    rows(page).first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Projects").click()
    page.get_by_role("dialog").get_by_role("link", name="Demo").click()
    expect(page.get_by_role("heading", name="Demo", exact=True)).to_be_visible()
    rows(page).first.tap()
    expect(page.get_by_role("navigation", name="Task")).to_be_visible()
    phone.end()
