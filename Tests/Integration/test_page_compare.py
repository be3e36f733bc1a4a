"""The page: several tasks beside each other, and the best of a project."""

import re

import pytest
from playwright.sync_api import expect

from harness.browser import Browsing
from harness.waiting import wait_until


@pytest.fixture
def runs(demo):
    """Finished runs of one project."""
    project = demo.api.call("projects.get_all_ex", name="^Demo/Vision/Digits$")["projects"][0]["id"]
    found = demo.api.call("tasks.get_all", project=[project], status=["completed"], order_by=["created"], page=0, page_size=20)
    return [task for task in found["tasks"] if task["last_iteration"] > 0]


def traces(visit, title):
    """The names of what is drawn under a title, once it is."""
    # Not `scroll_into_view_if_needed`: without a GPU a frame may take seconds between two pictures.
    visit.charts().get_by_role("article", name=title, exact=True).evaluate("card => card.scrollIntoView()")
    frame = visit.page.locator("iframe.charts").element_handle().content_frame()
    script = """title => [...document.querySelectorAll('.card')]
      .find((card) => card.getAttribute('aria-label') === title)?.querySelector('.plot').data?.map((trace) => trace.name ?? trace.type)"""
    return wait_until(f"{title} is drawn", lambda: frame.evaluate(script, title))


def test_chosen_tasks_are_compared_and_differences_come_first(visit, runs):
    first, second = runs[:2]
    page = visit.go("tasks")
    for task in (first, second):
        page.get_by_label("Search tasks").fill(task["id"])
        page.get_by_label(f"Select {task['name']}").check()
    page.get_by_role("toolbar", name="Selected tasks").get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="Compare")).to_be_visible()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader").filter(has_text=first["name"])).to_be_visible()
    groups = table.locator(".group th")
    expect(groups.first).to_contain_text("Hyperparameters")
    rate = table.get_by_role("row").filter(has_text="learning_rate")
    values = [task["hyperparams"]["Optimizer"]["learning_rate"]["value"] for task in (first, second)]
    expect(rate.get_by_role("cell")).to_have_text(values)
    assert rate.locator(".differs").count() == (values[0] != values[1])
    expect(table.get_by_role("rowheader", name="epochs", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Only differences").click()
    expect(table.get_by_role("rowheader", name="epochs", exact=True)).to_have_count(1)
    page.get_by_label("Find a name").fill("learning_r")
    expect(table.locator("tbody tr:not(.group)")).to_have_count(1)


def test_artifacts_are_compared_by_content_and_models_by_name(visit, demo):
    ids = []
    for content in ("a" * 64, "b" * 64):
        model = demo.api.call("models.create", name=f"net {content[:3]}", uri=f"file:///{content}")["id"]
        files = [
            {"key": "same", "type": "custom", "uri": "file:///same", "hash": "c" * 64, "content_size": 2048},
            {"key": "other", "type": "custom", "uri": "file:///other", "hash": content, "content_size": 2048},
        ]
        ids.append(demo.api.call(
            "tasks.create", name="with files", type="training", execution={"artifacts": files},
            models={"input": [{"name": "start", "model": model}]})["id"])
    page = visit.go(f"compare/{','.join(ids)}")
    cells = page.get_by_role("row", name="other").get_by_role("cell")
    expect(cells).to_have_text(["custom · 2.0 KB · SHA-256 aaaaaaaa…", "custom · 2.0 KB · SHA-256 bbbbbbbb…"])
    expect(page.get_by_role("row", name="start (input)").get_by_role("cell")).to_have_text(["net aaa", "net bbb"])
    expect(page.get_by_role("rowheader", name="same", exact=True)).to_have_count(0)


def test_lines_of_long_values_are_marked_where_they_differ(visit, demo):
    values = ["layers: 2\nunits: 8\n", "layers: 2\nunits: 16\nextra: 1\n"]
    ids = [
        demo.api.call("tasks.create", name="long values", type="training", configuration={"net": {"name": "net", "value": value}})["id"]
        for value in values
    ]
    page = visit.go(f"compare/{','.join(ids)}")
    for cell in page.get_by_role("row", name="net").get_by_role("cell").all():
        cell.locator("summary").click()
    marked = page.locator(".comparison .diff.added")
    expect(marked).to_have_text(["units: 16", "extra: 1"])


def test_scalars_lie_over_one_another_and_plots_side_by_side(visit, runs):
    some = runs[:3]
    page = visit.go(f"compare/{','.join(task['id'] for task in some)}/scalars")
    assert len(set(traces(visit, "loss / train"))) == 3
    assert len(traces(visit, "accuracy / validation")) == 3
    # Chromium needs a moment to know where a frame is after scrolling, or the click goes into it.
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(500)
    page.get_by_role("link", name="Plots").click()
    expect(visit.charts().get_by_role("heading", name="confusion / test")).to_be_visible()
    expect(visit.charts().locator("section", has_text="confusion / test").get_by_role("article")).to_have_count(3)
    page.get_by_role("link", name="Images").click()
    expect(page.get_by_role("region", name="predictions / sample 1").get_by_role("img")).to_have_count(3)
    page.get_by_role("button", name=re.compile("Leave out")).first.click()
    expect(page.locator(".compared li")).to_have_count(2)
    assert "/images" in page.url


def test_hyperparameters_and_results_are_drawn_as_parallel_coordinates(visit, runs):
    page = visit.go(f"compare/{','.join(task['id'] for task in runs[:4])}/parallel")
    page.get_by_label("Result").select_option("accuracy / validation")
    assert traces(visit, "accuracy / validation over hyperparameters") == ["parcoords"]
    frame = visit.page.locator("iframe.charts").element_handle().content_frame()
    labels = "() => document.querySelector('.plot').data[0].dimensions.map((each) => each.label)"
    assert frame.evaluate(labels)[-1] == "accuracy / validation" and "learning_rate" in frame.evaluate(labels)
    page.get_by_role("button", name="Optimizer/learning_rate").click()
    wait_until("the axis is gone", lambda: "learning_rate" not in frame.evaluate(labels))


def test_the_leaderboard_ranks_a_project_s_tasks(visit, runs):
    page = visit.go(f"leaderboard/{runs[0]['project']}")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_be_visible()

    def ranked(position=-1):
        return [float(text.split()[position]) for text in page.locator(".bar-value").all_inner_texts()]

    page.get_by_label("Rank by").select_option(label="accuracy / validation")
    wait_until("it is ranked", lambda: len(ranked()) > 2 and ranked() == sorted(ranked(), reverse=True))
    best = rows.nth(1).get_by_role("link").inner_text()
    page.get_by_label("What is best").select_option("lowest first")
    wait_until("it is turned round", lambda: ranked() == sorted(ranked()))
    assert rows.last.get_by_role("link").inner_text() == best
    page.reload()
    wait_until("the address keeps it", lambda: len(ranked()) > 2 and ranked() == sorted(ranked()))
    assert traces(visit, "accuracy / validation over hyperparameters") == ["parcoords"]


def test_tasks_that_are_gone_or_too_many_are_told(visit, demo, runs):
    ids = [run["id"] for run in runs[:2]]
    page = visit.go(f"compare/{ids[0]},{'0' * 32},{ids[1]}")
    expect(page.get_by_text("2 tasks · 1 of the link is not there any more")).to_be_visible()
    page = visit.go(f"compare/{','.join(run['id'] for run in runs[:12])}")
    expect(page.get_by_text("only the first 10 of 12 are compared")).to_be_visible()
    page = visit.go("compare")
    expect(page.get_by_text("Nothing to compare")).to_be_visible()


def test_a_comparison_waits_for_a_server_that_is_away(browser, own_server):
    ids = [own_server.api.call("tasks.create", name=f"task {each}", type="training")["id"] for each in range(2)]
    owner = Browsing(browser, own_server).be_signed_in()
    page = owner.go(f"tasks/{ids[0]}")
    expect(page.get_by_role("heading", name="task 0")).to_be_visible()
    page.evaluate("location.hash = '#/compare'")
    expect(page.get_by_text("Nothing to compare")).to_be_visible()
    own_server.kill()
    page.evaluate(f"location.hash = '#/compare/{','.join(ids)}'")
    expect(page.get_by_role("alert").filter(has_text="The server does not answer")).to_be_visible()
    own_server.start()
    expect(page.locator(".comparison")).to_be_visible()
    owner.expect_faults("ERR_", "Failed to load resource")
    owner.end()
