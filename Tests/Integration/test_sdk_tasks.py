"""What the unmodified SDK does with tasks as records: queries, copies, states, parameters, and the command line."""

import re

from harness.repository import Repository


def test_queries_find_tasks_by_name_tag_status_and_parameter(sdk):
    answer = sdk.run("""
        from clearml import Task
        from tests import answer

        tasks = {}
        for name, tags in {"alpha one": ["red"], "alpha two": ["red", "blue"], "beta (x)": []}.items():
            task = tasks[name] = Task.create(project_name="sdk/queries", task_name=name, task_type="testing")
            task.add_tags(tags)
        tasks["alpha one"].set_parameters({"Args/size": 3})
        tasks["alpha two"].mark_started()
        Task.create(project_name="sdk/queries/inner", task_name="alpha inner")

        def found(**query):
            names = {task.id: name for name, task in tasks.items()}
            return [names.get(task) for task in Task.query_tasks(**query)]

        answer(
            by_name=found(project_name="sdk/queries", task_name="^alpha", task_filter={"order_by": ["name"]}),
            escaped=found(task_name=r"beta \\(x\\)"),
            red=found(project_name="sdk/queries", tags=["red"], task_filter={"order_by": ["-name"]}),
            red_not_blue=found(project_name="sdk/queries", tags=["__$all", "red", "__$not", "blue"]),
            without_blue=sorted(found(project_name="sdk/queries", tags=["-blue"])),
            running=found(project_name="sdk/queries", task_filter={"status": ["in_progress"]}),
            any_of=found(task_filter={"_any_": {"fields": ["name", "comment"], "pattern": "two$"}}),
            text=found(project_name="sdk/queries", task_filter={"search_text": "beta"}),
            fields=Task.query_tasks(project_name="sdk/queries", task_name="alpha one",
                                    additional_return_fields=["name", "tags", "hyperparams.Args.size.value"]),
            got=sorted(task.name for task in Task.get_tasks(project_name="sdk/queries", task_filter={"type": ["testing"]})),
            one=Task.get_task(project_name="sdk/queries", task_name="alpha two").id == tasks["alpha two"].id,
        )
    """)

    assert answer["by_name"] == ["alpha one", "alpha two"]
    assert answer["escaped"] == ["beta (x)"]
    assert answer["red"] == ["alpha two", "alpha one"]
    assert answer["red_not_blue"] == ["alpha one"]
    assert answer["without_blue"] == ["alpha one", "beta (x)"]
    assert answer["running"] == answer["any_of"] == ["alpha two"]
    assert answer["text"] == ["beta (x)"]
    [fields] = answer["fields"]
    assert (fields["name"], fields["tags"], fields["hyperparams.Args.size.value"]) == ("alpha one", ["red"], "3")
    assert answer["got"] == ["alpha one", "alpha two", "beta (x)"]
    assert answer["one"] is True


def test_parameters_configurations_and_properties_come_back(sdk):
    answer = sdk.run("""
        import argparse
        from pathlib import Path
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/parameters", "everything", tags=["one"], auto_resource_monitoring=False)
        parser = argparse.ArgumentParser()
        parser.add_argument("--rate", type=float, default=0.1)
        parser.add_argument("--layers", type=int, nargs="+", default=[1, 2])
        parser.parse_args()
        task.connect({"depth": 4, "nested": {"inner": [1, 2]}, "none": None, "dotted.key": "$x"}, name="General")
        task.connect_configuration({"a": {"b": 1}}, name="dictionary")
        Path("settings.yaml").write_text("key: value\\n")
        path = task.connect_configuration("settings.yaml", name="file", description="settings")
        task.set_user_properties(stage="trained", size={"value": 3, "description": "how big", "type": int})
        task.set_user_properties({"name": "removed", "value": "x"})
        task.delete_user_properties([{"section": "properties", "name": "removed"}])
        task.set_comment("a comment")
        task.add_tags(["two"])
        task.set_progress(40)
        task.set_parameter("Args/rate", 0.2)
        task.delete_parameter("General/none", force=True)
        progress = Task.get_task(task.id).get_progress()
        task.close()

        task = Task.get_task(task.id)
        answer(
            parameters=task.get_parameters(),
            cast=task.get_parameters(cast=True),
            nested=task.get_parameters_as_dict(cast=True)["General"],
            dictionary=task.get_configuration_object_as_dict("dictionary"),
            file=task.get_configuration_object("file"),
            properties=task.get_user_properties(value_only=True),
            size=task.get_user_properties()["size"],
            tags=sorted(task.get_tags()),
            comment=task.comment,
            progress=[progress, task.get_progress()],
        )
    """)

    parameters = answer["parameters"]
    assert parameters["Args/rate"] == "0.2"
    assert parameters["General/depth"] == "4"
    assert "General/none" not in parameters
    assert parameters["General/dotted.key"] == "$x"
    assert parameters["Args/layers"] == "[1, 2]"
    assert answer["cast"]["General/depth"] == 4
    assert answer["nested"]["nested"]["inner"] == [1, 2]
    assert answer["dictionary"] == {"a": {"b": 1}}
    assert answer["file"] == "key: value\n"
    assert answer["properties"] == {"stage": "trained", "size": "3"}
    assert answer["size"]["description"] == "how big"
    assert answer["tags"] == ["one", "two"]
    assert answer["comment"] == "a comment"
    assert answer["progress"] == [40, 100]


def test_a_task_goes_through_its_states(sdk, api):
    answer = sdk.run("""
        from clearml import Task
        from tests import answer

        states = {}
        task = Task.create(project_name="sdk/states", task_name="stateful")
        def note(name, result=None):
            task.reload()
            states[name] = str(task.status)

        note("created")
        copy = Task.clone(task, name="copy", parent=task.id, comment="cloned")
        Task.enqueue(copy, queue_name="default")
        copy.reload()
        states["enqueued"] = str(copy.status)
        states["waiting"] = Task.get_num_enqueued_tasks(queue_name="default")
        Task.dequeue(copy)
        copy.reload()
        states["dequeued"] = str(copy.status)
        task.mark_started(); note("started")
        task.mark_stop_request(force=True, status_message="please"); note("stop requested")
        task.mark_stopped(); note("stopped")
        task.mark_started(force=True)
        task.mark_failed(status_reason="broken", status_message="message"); note("failed")
        reason = task.data.status_reason
        task.reset(force=True); note("reset")
        task.mark_started(); task.mark_completed(); note("completed")
        task.publish(); note("published")
        task.set_archived(True)
        archived = task.get_archived()
        shown = [one.id for one in Task.get_tasks(project_name="sdk/states", task_filter={"system_tags": ["-archived"]})]
        task.set_archived(False)
        copy.delete(raise_on_error=True)
        answer(task=task.id, copy=copy.id, states=states, reason=reason, archived=archived, shown=shown,
               parent=copy.parent, left=Task.query_tasks(project_name="sdk/states"))
    """)

    states = answer["states"]
    assert states.pop("waiting") == 1
    assert states.pop("enqueued") == "queued"
    assert states.pop("dequeued") == "created"
    assert states.pop("started") == "in_progress"
    assert states.pop("stop requested") in ("in_progress", "stopped")
    assert states == {name: name.replace("reset", "created") for name in states}
    assert answer["reason"] == "broken"
    assert answer["archived"] is True and answer["task"] not in answer["shown"]
    assert answer["parent"] == answer["task"]
    assert answer["left"] == [answer["task"]]


def test_tasks_move_between_projects(sdk, api):
    answer = sdk.run("""
        from clearml import Task
        from tests import answer

        task = Task.create(project_name="sdk/from here", task_name="mover")
        task.move_to_project(new_project_name="sdk/to there")
        moved = task.get_project_name()
        task.set_project(project_name="sdk/from here")
        again = Task.get_task(task.id).get_project_name()
        task.rename("moved")
        task.set_parent(None)
        child = Task.clone(task, name="child", project=task.project)
        answer(moved=moved, again=again, name=Task.get_task(task.id).name,
               child=[child.get_project_name(), child.parent, task.id],
               projects=[project.name for project in Task.get_projects(name="^sdk/(from|to)", order_by=["name"])])
    """)

    assert answer["moved"] == "sdk/to there"
    assert answer["again"] == "sdk/from here"
    assert answer["name"] == "moved"
    project, parent, task = answer["child"]
    assert project == "sdk/from here" and parent == task
    assert answer["projects"] == ["sdk/from here", "sdk/to there"]


def test_an_exported_task_is_imported(sdk):
    answer = sdk.run("""
        import json
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/exports", "source", tags=["kept"], auto_resource_monitoring=False)
        task.connect({"depth": 4}, name="General")
        task.connect_configuration({"a": 1}, name="settings")
        task.close()
        exported = json.loads(json.dumps(Task.get_task(task.id).export_task(), default=str))
        copy = Task.import_task(exported)
        updated = Task.create(project_name="sdk/exports", task_name="updated")
        updated.update_task({"comment": "updated", "hyperparams": exported["hyperparams"]})
        answer(source=task.id, copy=copy.id, name=copy.name, project=copy.get_project_name(), tags=copy.get_tags(),
               parameters=copy.get_parameters(), settings=copy.get_configuration_object_as_dict("settings"),
               diff=[copy.data.script.entry_point, task.data.script.entry_point],
               updated=[updated.comment, updated.get_parameters()])
    """)

    assert answer["copy"] != answer["source"]
    assert (answer["name"], answer["project"], answer["tags"]) == ("source", "sdk/exports", ["kept"])
    assert answer["parameters"]["General/depth"] == "4"
    assert answer["settings"] == {"a": 1}
    assert answer["diff"][0] == answer["diff"][1] == "script.py"
    assert answer["updated"] == ["updated", answer["parameters"]]


def test_an_offline_session_is_imported(sdk, api):
    folder = sdk.run("""
        from clearml import Task
        from tests import answer

        Task.set_offline(True)
        task = Task.init("sdk/offline", "away", tags=["offline"], auto_resource_monitoring=False)
        task.connect({"depth": 4}, name="General")
        for iteration in range(3):
            task.get_logger().report_scalar("loss", "train", iteration, iteration)
        task.get_logger().report_histogram("histogram", "series", values=[1, 2], iteration=1)
        task.upload_artifact("data", {"a": 1}, wait_on_upload=True)
        print("printed offline")
        task.close()
        answer(path=str(task.get_offline_mode_folder()) + ".zip")
    """)["path"]

    answer = sdk.run(f"""
        from clearml import Task
        from tests import answer

        task = Task.get_task(Task.import_offline_session({folder!r}))
        answer(task=task.id, name=task.name, project=task.get_project_name(), status=str(task.status),
               tags=task.get_tags(), parameters=task.get_parameters(), scalars=task.get_reported_scalars(),
               plots=len(task.get_reported_plots()), artifact=task.artifacts["data"].get())
    """)

    assert (answer["name"], answer["project"], answer["status"]) == ("away", "sdk/offline", "completed")
    assert answer["parameters"]["General/depth"] == "4"
    assert answer["scalars"]["loss"]["train"]["y"] == [0, 1, 2]
    assert answer["plots"] == 1
    assert answer["artifact"] == {"a": 1}
    assert "printed offline" in str(api.call("events.get_task_log", task=answer["task"])["events"])


def test_a_task_is_continued(sdk):
    answer = sdk.run("""
        from clearml import Task
        from tests import answer

        def session(**options):
            task = Task.init("sdk/continued", "long", auto_resource_monitoring=False, **options)
            for iteration in range(3):
                task.get_logger().report_scalar("loss", "train", 1, iteration)
            task.close()
            return task

        first = session()
        second = session(continue_last_task=first.id)
        third = session(reuse_last_task_id=False)
        answer(ids=[first.id, second.id, third.id],
               scalars=Task.get_task(first.id).get_reported_scalars()["loss"]["train"]["x"])
    """)

    first, second, third = answer["ids"]
    assert first == second != third
    assert answer["scalars"] == [0, 1, 2, 3, 4, 5]


def test_the_api_client_calls_every_service_by_name(sdk):
    answer = sdk.run("""
        from clearml.backend_api.session.client import APIClient
        from tests import answer

        client = APIClient()
        queue = client.queues.create(name="client queue", tags=["mine"])
        task = client.tasks.create(name="client task", type="testing", tags=["client"])
        client.tasks.edit(task=task.id, comment="edited")
        client.tasks.enqueue(task=task.id, queue=queue.id)
        queued = client.queues.get_by_id(queue=queue.id)
        client.tasks.dequeue(task=task.id)
        found = client.tasks.get_all(tags=["client"], only_fields=["id", "comment"])
        project = client.projects.create(name="sdk/client", description="made by the client")
        client.tasks.move(ids=[task.id], project=project.id)
        answer(
            entries=[entry.task for entry in queued.entries],
            task=task.id,
            found=[[one.id, one.comment] for one in found],
            project=client.tasks.get_by_id(task=task.id).project == project.id,
            queues=[one.name for one in client.queues.get_all(name="client")],
            workers=len(client.workers.get_all()),
            log=client.events.get_task_log(task=task.id).total,
            models=len(client.models.get_all()),
            deleted=client.tasks.delete(task=task.id, force=True).deleted,
            recent=client.session.check_min_server_version("2.0"),
        )
    """)

    assert answer["entries"] == [answer["task"]]
    assert answer["found"] == [[answer["task"], "edited"]]
    assert answer["project"] is True
    assert answer["queues"] == ["client queue"]
    assert (answer["workers"], answer["models"], answer["log"]) == (0, 0, 0)
    assert answer["deleted"] == 1
    assert answer["recent"] is True, "clients leave features out for what they take for an old server"


def test_clearml_task_makes_a_task_and_enqueues_it(sdk, api, tmp_path):
    repository = Repository(tmp_path, {"main.py": "print('hello')\n"})

    output = sdk.command(
        "clearml-task", "--project", "sdk/command line", "--name", "launched", "--folder", repository.path,
        "--cwd", ".", "--script", "main.py", "--args", "rate=0.5", "--tags", "one", "two",
        "--packages", "six", "--queue", "default",
    )  # fmt: skip

    task = re.search(r"id=([0-9a-f]{32})", output)[1]
    record = api.call("tasks.get_by_id", task=task)["task"]
    assert (record["name"], record["status"], record["tags"]) == ("launched", "queued", ["one", "two"])
    assert record["script"]["entry_point"] == "main.py"
    assert record["script"]["version_num"] == repository.commit
    assert "six" in record["script"]["requirements"]["pip"]
    assert record["hyperparams"]["Args"]["rate"]["value"] == "0.5"
    api.call("tasks.dequeue", task=task)
