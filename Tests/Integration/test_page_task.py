"""The page: one task, what is shown of it and what can be done with it."""

import gzip
import itertools
import json

import pytest
import requests
from playwright.sync_api import expect

from harness.browser import Browsing

numbers = itertools.count(1)


@pytest.fixture
def draft(demo):
    """A draft that has a bit of everything that can be edited."""
    project = demo.api.call("projects.get_all", name="^Demo/Language$", only_fields=["id"])["projects"]
    made = demo.api.call(
        "tasks.create",
        name=f"draft {next(numbers)}",
        type="training",
        project=project[0].get("id") if project else None,
        script={"repository": "https://git.example.com/a.git", "branch": "main", "entry_point": "train.py"},
        hyperparams={"Args": {"epochs": {"section": "Args", "name": "epochs", "value": "10", "type": "int"}}},
        configuration={"net": {"name": "net", "type": "yaml", "value": "layers: 2\n"}},
    )
    return made["id"]


@pytest.fixture
def run(demo):
    """A finished run of the demo."""
    done = demo.api.call("tasks.get_all", status=["completed"], name="units, lr", order_by=["created"], page=0, page_size=1)
    return done["tasks"][0]


def record(demo, task):
    return demo.api.call("tasks.get_by_id", task=task)["task"]


def menu(page, title):
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=title).click()


def test_the_overview_tells_how_it_went(visit, demo, run):
    project = demo.api.call("projects.get_by_id", project=run["project"])["project"]["name"].split("/")[-1]
    page = visit.go(f"tasks/{run['id']}")
    expect(page.get_by_role("heading", name=run["name"])).to_be_visible()
    expect(page.locator(".task-heading").get_by_text("Completed")).to_be_visible()
    about = page.locator(".card", has=page.get_by_role("heading", name="Task", exact=True))
    expect(about).to_contain_text(run["comment"])
    expect(about).to_contain_text(run["id"])
    scores = page.locator(".card", has=page.get_by_role("heading", name="Latest scalars"))
    expect(scores.get_by_role("row").filter(has_text="accuracy / validation")).to_contain_text("0.")
    timing = page.locator(".card", has=page.get_by_role("heading", name="Timing"))
    expect(timing.get_by_role("listitem").filter(has_text="Ran")).to_contain_text("s")
    expect(page.get_by_role("link", name=project)).to_be_visible()


def test_what_still_goes_on_is_counted(visit, demo, draft):
    demo.api.call("tasks.enqueue", task=draft, queue_name="gpu")
    page = visit.go(f"tasks/{draft}")
    step = page.locator(".steps li").last
    expect(step).to_contain_text("Waits in its queue")
    before = step.locator(".step-time").inner_text()
    expect(step.locator(".step-time")).not_to_have_text(before)
    demo.api.call("tasks.dequeue", task=draft)
    demo.api.call("tasks.started", task=draft)
    expect(page.locator(".steps li").last).to_contain_text("Runs")
    demo.api.call("tasks.stopped", task=draft, force=True)
    expect(page.locator(".steps li").last).to_contain_text("Ended")


def test_a_failure_says_why(visit, demo):
    failed = demo.api.call("tasks.get_all", status=["failed"], page=0, page_size=1)["tasks"][0]
    page = visit.go(f"tasks/{failed['id']}")
    expect(page.get_by_role("note")).to_contain_text("CUDA out of memory")
    expect(page.get_by_role("note")).to_contain_text("exit code 1")


def test_execution_shows_the_code_with_its_changes_in_colours(visit, run):
    page = visit.go(f"tasks/{run['id']}/execution")
    expect(page.get_by_role("link", name="https://git.example.com/vision/digits.git")).to_be_visible()
    expect(page.get_by_text("9b7d2e1c40d25f1b8e7a")).to_be_visible()
    added = page.locator(".diff.added").filter(has_text="Adam")
    removed = page.locator(".diff.removed").filter(has_text="SGD")
    expect(added).to_be_visible()
    colours = [line.evaluate("line => getComputedStyle(line).backgroundColor") for line in (added, removed)]
    assert colours[0] != colours[1]
    expect(page.get_by_text("scikit-learn == 1.9.1")).to_be_visible()
    expect(page.get_by_role("button", name="Edit source")).to_have_count(0)


def test_a_draft_is_edited(visit, demo, draft):
    page = visit.go(f"tasks/{draft}/execution")
    page.get_by_role("button", name="Edit source").click()
    page.get_by_label("Branch").fill("next")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("next", exact=True)).to_be_visible()
    page.get_by_role("button", name="Edit container").click()
    page.get_by_label("Image").fill("python:3.12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("python:3.12")).to_be_visible()
    page.get_by_role("button", name="Edit python packages").click()
    page.get_by_label("One package a line").fill("numpy==2.4.6\n")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("pre", has_text="numpy==2.4.6")).to_be_visible()

    page.get_by_role("link", name="Configuration").click()
    epochs = page.get_by_role("textbox", name="epochs")
    epochs.fill("25")
    epochs.press("Enter")
    page.get_by_role("button", name="Parameter", exact=True).click()
    page.get_by_role("dialog").get_by_label("Name").fill("lr")
    page.get_by_role("dialog").get_by_label("Value").fill("0.1")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("textbox", name="lr")).to_have_value("0.1")
    page.get_by_role("button", name="Edit net").click()
    page.get_by_label("Content").fill("layers: 3\n")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("pre", has_text="layers: 3")).to_be_visible()
    page.get_by_role("button", name="Delete lr").click()
    expect(page.get_by_role("textbox", name="lr")).to_have_count(0)

    task = record(demo, draft)
    assert task["script"]["branch"] == "next" and task["script"]["entry_point"] == "train.py"
    assert task["script"]["requirements"]["pip"] == "numpy==2.4.6\n"
    assert task["container"]["image"] == "python:3.12"
    assert task["hyperparams"]["Args"]["epochs"]["value"] == "25" and "lr" not in task["hyperparams"]["Args"]
    assert task["configuration"]["net"]["value"] == "layers: 3\n"


def test_what_is_being_typed_is_neither_sent_nor_written_over(visit, demo, draft):
    page = visit.go(f"tasks/{draft}/configuration")
    epochs = page.get_by_role("textbox", name="epochs")
    epochs.fill("not yet")
    demo.api.call("tasks.edit", task=draft, script={"branch": "other"}, hyperparams={
        **record(demo, draft)["hyperparams"], "Late": {"x": {"section": "Late", "name": "x", "value": "1"}}})
    page.wait_for_timeout(6000)
    expect(epochs).to_have_value("not yet")
    assert record(demo, draft)["hyperparams"]["Args"]["epochs"]["value"] == "10"
    epochs.press("Enter")
    expect(page.get_by_role("heading", name="Late")).to_be_visible()
    expect(epochs).to_be_focused()
    assert record(demo, draft)["hyperparams"]["Args"]["epochs"]["value"] == "not yet"


def test_a_name_that_is_taken_is_refused(visit, demo, draft):
    page = visit.go(f"tasks/{draft}/configuration")
    page.get_by_role("button", name="Parameter", exact=True).click()
    page.get_by_role("dialog").get_by_label("Name").fill("epochs")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert").filter(has_text="“epochs” already")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Configuration object").click()
    page.get_by_role("dialog").get_by_label("Name").fill("net")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="“net” already")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete net").click()
    page.get_by_role("button", name="Cancel").click()
    task = record(demo, draft)
    assert task["hyperparams"]["Args"]["epochs"]["value"] == "10" and task["configuration"]["net"]["value"] == "layers: 2\n"


def test_nothing_typed_is_lost_while_the_server_is_away_or_the_session_over(browser, own_server):
    parameter = {"section": "Args", "name": "lr", "value": "0.1"}
    task = own_server.api.call("tasks.create", name="a draft", type="training", hyperparams={"Args": {"lr": parameter}})["id"]
    owner = Browsing(browser, own_server).be_signed_in()
    page = owner.go(f"tasks/{task}/configuration")
    rate = page.get_by_role("textbox", name="lr")
    page.get_by_role("button", name="Configuration object").click()
    page.get_by_label("Content").fill("layers: 3")
    page.get_by_role("dialog").get_by_label("Name").fill("net")
    own_server.kill()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").get_by_text("The server does not answer")).to_be_visible()
    # Neither beside it nor over its edge is a click meant to throw away what is in it.
    page.mouse.click(5, 400)
    page.keyboard.press("Escape")
    rate.fill("0.2")
    rate.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_be_visible()
    own_server.start()
    rate.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Not saved")).to_have_count(0)
    assert own_server.api.call("tasks.get_by_id", task=task)["task"]["hyperparams"]["Args"]["lr"]["value"] == "0.2"

    page.get_by_role("button", name="Configuration object").click()
    page.get_by_label("Content").fill("layers: 4")
    page.get_by_role("dialog").get_by_label("Name").fill("net")
    page.mouse.click(5, 400)
    owner.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="You are signed out")).to_be_visible()
    owner.be_signed_in()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("pre", has_text="layers: 4")).to_be_visible()
    owner.expect_faults("ERR_", "Failed to load resource", "401")
    owner.end()


def test_the_focus_returns_to_what_opened_a_dialog_though_it_was_drawn_anew(visit, draft):
    page = visit.go(f"tasks/{draft}")
    edit = page.get_by_role("button", name="Edit name and comment")
    edit.press("Enter")
    page.get_by_role("textbox", name="Comment").fill("drawn anew")
    page.get_by_role("button", name="Save").press("Enter")
    expect(page.get_by_text("drawn anew")).to_be_visible()
    expect(edit).to_be_focused()
    more = page.get_by_role("button", name="More actions")
    more.press("Enter")
    page.get_by_role("menuitem", name="Tags").press("Enter")
    page.get_by_label("Add").fill("new")
    page.keyboard.press("Enter")
    expect(page.locator(".task-heading .tag", has_text="new")).to_be_visible()
    expect(more).to_be_focused()


def test_name_comment_and_tags_can_be_changed_at_any_time(visit, demo, run):
    page = visit.go(f"tasks/{run['id']}")
    page.get_by_role("button", name="Edit name and comment").click()
    page.get_by_role("textbox", name="Comment").fill("the best so far")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("the best so far")).to_be_visible()
    menu(page, "Tags")
    page.get_by_label("Add").fill("keep")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".task-heading .tag", has_text="keep")).to_be_visible()
    demo.api.call("tasks.update", task=run["id"], comment=run["comment"], tags=run["tags"])


def test_artifacts_are_previewed_and_downloaded(visit, run):
    page = visit.go(f"tasks/{run['id']}/artifacts")
    item = page.get_by_role("listitem").filter(has_text="report")
    item.get_by_text("Preview", exact=True).click()
    expect(item.locator("pre")).to_contain_text("on digits it had not seen")
    with page.expect_download() as download:
        item.get_by_role("link", name="Download").click()
    assert "Accuracy" in download.value.path().read_text()
    model = page.locator("section", has=page.get_by_role("heading", name="Models")).get_by_role("listitem")
    expect(model).to_contain_text("scikit-learn · output")
    model.get_by_text("Details", exact=True).click()
    expect(model).to_contain_text("digit = 1")
    with page.expect_download() as download:
        model.get_by_role("link", name="Download").click()
    assert download.value.path().read_bytes().startswith(b"PK")


def test_packed_text_is_previewed_and_what_was_noted_of_an_artifact_shown(visit, demo):
    files = demo.addresses["files"].rstrip("/")
    for name, content in {"frame.csv.gz": gzip.compress(b"a,b\n1,2\n"), "long.txt": b"word " * 200_000, "weights.pt": b"\0"}.items():
        requests.post(files, headers=demo.api.headers, files={f"previews/{name}": (name, content)}, timeout=60).raise_for_status()
    artifacts = [
        {"key": "frame", "type": "pandas", "uri": f"{files}/previews/frame.csv.gz", "content_size": 30,
         "type_data": {"content_type": "text/csv", "preview": "a b"}, "display_data": [["rows", "1"]]},
        {"key": "long", "type": "custom", "uri": f"{files}/previews/long.txt", "content_size": 1_000_000},
        {"key": "weights", "type": "custom", "uri": f"{files}/previews/weights.pt", "type_data": {"preview": "weights.pt - 1 bytes\n"}},
    ]
    task = demo.api.call("tasks.create", name="a task with files", type="training", execution={"artifacts": artifacts})["id"]
    page = visit.go(f"tasks/{task}/artifacts")
    frame, long, weights = (page.get_by_role("listitem").filter(has_text=name) for name in ("frame", "long", "weights"))
    frame.get_by_text("Preview", exact=True).click()
    expect(frame.locator("pre")).to_have_text("a,b\n1,2\n")
    frame.get_by_text("Details", exact=True).click()
    expect(frame.get_by_text("rows")).to_be_visible()
    long.get_by_text("Preview", exact=True).click()
    expect(long.locator("pre")).to_contain_text("download it to see the rest")
    expect(weights.get_by_text("Details", exact=True)).to_be_visible()
    expect(weights.get_by_text("Preview", exact=True)).to_have_count(0)


def test_images_are_shown_by_iteration_and_enlarged(visit, run):
    page = visit.go(f"tasks/{run['id']}/images")
    last = page.get_by_role("region", name="Iteration 45")
    image = last.get_by_role("img", name="predictions / sample 1")
    image.wait_for()
    visit.until("the image is there", "[...document.querySelectorAll('.gallery img')].some((image) => image.naturalWidth > 0)")
    last.get_by_role("button", name="Enlarge predictions / sample 1").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("iteration 45")
    dialog.get_by_role("button", name="Earlier iteration").click()
    expect(dialog).to_contain_text("iteration 30")
    visit.until("the large image is there", "document.querySelector('.large-image').naturalWidth > 0")


def test_the_address_of_a_file_leads_nowhere_else(visit, demo):
    task = demo.api.call("tasks.create", name="leading astray", type="training")["id"]
    image = {"task": task, "type": "training_debug_image", "metric": "image", "variant": "v", "iter": 0, "timestamp": 1}
    demo.api.send_lines("events.add_batch", [json.dumps({**image, "url": f"{demo.addresses['files']}/../api/debug.ping"})])
    with visit.page.expect_console_message(), visit.page.expect_response("**debug.ping*") as asked:
        visit.go(f"tasks/{task}/images")
    assert asked.value.url == f"{visit.origin}/files/api/debug.ping"
    visit.expect_faults("404")


def test_an_image_is_enlarged_as_it_was_clicked_and_arrows_go_on(visit, demo, run):
    known = demo.api.call("events.debug_images", metrics=[{"task": run["id"]}], iters=1)["metrics"][0]["iterations"][0]["events"][0]["url"]
    task = demo.api.call("tasks.create", name="a task with images", type="training")["id"]
    demo.api.call("tasks.started", task=task)
    for iteration in range(3):
        demo.api.call("events.add", type="training_debug_image", task=task, metric="m", variant="v", iter=iteration, url=known)
    page = visit.go(f"tasks/{task}/images")
    oldest = page.get_by_label("Iteration 0", exact=True).get_by_role("button", name="Enlarge")
    oldest.wait_for()
    with page.expect_response("**/events.debug_images"):
        pass
    oldest.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("iteration 0")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_text("iteration 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(oldest).to_be_focused()


def test_a_draft_is_cloned_enqueued_taken_back_and_deleted(visit, demo, draft):
    page = visit.go(f"tasks/{draft}")
    page.get_by_role("button", name="Clone").click()
    page.get_by_role("textbox", name="Name").fill("the clone")
    page.get_by_role("dialog").get_by_role("button", name="Clone").click()
    expect(page.get_by_role("heading", name="the clone")).to_be_visible()
    page.get_by_role("button", name="Enqueue").click()
    page.get_by_label("Queue", exact=True).select_option("gpu")
    page.get_by_role("dialog").get_by_role("button", name="Enqueue").click()
    heading = page.locator(".task-heading")
    expect(heading.get_by_text("Queued")).to_be_visible()
    clone = page.url.split("/tasks/")[1].split("/")[0]
    assert record(demo, clone)["parent"] == draft
    menu(page, "Dequeue")
    expect(heading.get_by_text("Draft", exact=True)).to_be_visible()
    menu(page, "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("grid", name="Tasks")).to_be_visible()
    assert not demo.api.call("tasks.get_all", id=[clone])["tasks"]


def test_a_running_task_is_aborted_reset_and_published(visit, demo, draft):
    demo.api.call("tasks.started", task=draft)
    page = visit.go(f"tasks/{draft}")
    heading = page.locator(".task-heading")
    expect(heading.get_by_text("Running")).to_be_visible()
    page.get_by_role("button", name="Abort").click()
    page.get_by_role("dialog").get_by_role("button", name="Abort").click()
    expect(heading.get_by_text("Stopp")).to_be_visible()
    demo.api.call("tasks.stopped", task=draft, force=True)
    expect(heading.get_by_text("Stopped")).to_be_visible()
    menu(page, "Reset")
    page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    expect(heading.get_by_text("Draft", exact=True)).to_be_visible()
    demo.api.call("tasks.started", task=draft)
    demo.api.call("tasks.completed", task=draft)
    expect(heading.get_by_text("Completed")).to_be_visible()
    menu(page, "Publish")
    page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    expect(heading.get_by_text("Published")).to_be_visible()


def test_a_task_whose_worker_does_not_answer_is_aborted_at_once(visit, demo, draft):
    demo.api.call("tasks.started", task=draft)
    demo.api.call("workers.register", worker="silent", timeout=600)
    demo.api.call("workers.status_report", worker="silent", task=draft, timestamp=0)
    page = visit.go(f"tasks/{draft}")
    heading = page.locator(".task-heading")
    page.get_by_role("button", name="Abort").click()
    page.get_by_role("dialog").get_by_role("button", name="Abort").click()
    expect(heading.get_by_text("Stopping")).to_be_visible()
    page.get_by_role("button", name="Abort at once").click()
    page.get_by_role("dialog").get_by_role("button", name="Abort").click()
    expect(heading.get_by_text("Stopped")).to_be_visible()


def test_a_link_is_copied_and_leads_back_to_the_same_tab(visit, run):
    visit.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit.go(f"tasks/{run['id']}/configuration")
    page.get_by_role("button", name="Copy a link").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit.open()
    other.goto(link)
    expect(other.get_by_role("row").filter(has_text="dropout")).to_be_visible()


def test_tabs_are_part_of_the_way_back(visit, run):
    page = visit.go(f"tasks/{run['id']}")
    page.get_by_role("link", name="Execution").click()
    page.get_by_role("link", name="Artifacts").click()
    expect(page.get_by_role("heading", name="Models")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Python packages")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Timing")).to_be_visible()


def test_addresses_that_the_sdk_prints_lead_here(visit, run):
    page = visit.page
    page.goto(f"{visit.origin}/projects/{run['project']}/experiments/{run['id']}/output/log")
    expect(page.get_by_role("log", name="Console")).to_be_visible()
    page.goto(f"{visit.origin}/projects/{run['project']}")
    expect(page.get_by_role("grid", name="Tasks")).to_be_visible()
    assert run["project"] in page.url
    for path, heading in (
        (f"/pipelines/{run['project']}/experiments/{run['id']}", run["name"]), (f"/datasets/simple/x/experiments/{run['id']}", run["name"]),
        (f"/projects/x/compare-tasks;ids={run['id']},{run['id']}/details", "Compare"), ("/settings/workspace-configuration", "Settings"),
        ("/workers-and-queues/queues", "Queues"), ("/dashboard", "All tasks"),
    ):
        page.goto(visit.origin + path)
        expect(page.get_by_role("heading", name=heading, level=1, exact=True)).to_be_visible()


def test_a_task_that_is_gone_is_told(visit):
    page = visit.go("tasks/00000000000000000000000000000000")
    expect(page.get_by_text("There is no such task")).to_be_visible()
