"""Data sets of the unmodified SDK and of its command line: versions, contents, copies."""

import re


def test_a_dataset_has_versions_that_share_their_files(sdk, api):
    answer = sdk.run("""
        from pathlib import Path
        from clearml import Dataset
        from tests import answer

        def contents(dataset):
            folder = Path(dataset.get_local_copy())
            return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.txt")}

        Path("data/inner").mkdir(parents=True)
        for name in ("one", "two", "inner/three"):
            Path(f"data/{name}.txt").write_text(name)
        first = Dataset.create(dataset_name="numbers", dataset_project="sdk/data", dataset_tags=["small"],
                               description="the first numbers")
        first.add_files("data", dataset_path="set")
        first.set_metadata({"rows": 3}, metadata_name="facts")
        first.get_logger().report_scalar("rows", "total", 3, 0)
        first.upload(show_progress=False)
        first.finalize()

        Path("data/two.txt").write_text("changed")
        Path("data/four.txt").write_text("four")
        second = Dataset.create(dataset_name="numbers", dataset_project="sdk/data", parent_datasets=[first.id])
        second.sync_folder("data", dataset_path="set")
        second.remove_files("set/one.txt")
        changes = [len(second.list_added_files()), len(second.list_modified_files()), len(second.list_removed_files())]
        second.finalize(auto_upload=True)
        second.publish()

        latest = Dataset.get(dataset_project="sdk/data", dataset_name="numbers")
        original = Dataset.get(dataset_project="sdk/data", dataset_name="numbers", dataset_version="1.0.0")
        answer(
            ids=[first.id, second.id],
            latest=[latest.id, latest.version, contents(latest)],
            original=[original.id, original.version, contents(original)],
            changes=changes,
            facts=original.get_metadata("facts"),
            parents=latest.get_dependency_graph()[latest.id],
            listed=Dataset.list_datasets(dataset_project="sdk/data", only_completed=True),
            tagged=[one["id"] for one in Dataset.list_datasets(tags=["small"])],
            by_name=[one["id"] for one in Dataset.list_datasets(partial_name="umber", recursive_project_search=True)],
            verified=latest.verify_dataset_hash(),
            writable=sorted(path.name for path in Path(latest.get_mutable_local_copy("mine")).rglob("*.txt")),
        )
    """)

    first, second = answer["ids"]
    assert answer["original"] == [
        first, "1.0.0", {"set/one.txt": "one", "set/two.txt": "two", "set/inner/three.txt": "inner/three"},
    ]  # fmt: skip
    assert answer["latest"] == [
        second, "1.0.1", {"set/two.txt": "changed", "set/four.txt": "four", "set/inner/three.txt": "inner/three"},
    ]  # fmt: skip
    assert answer["changes"] == [1, 1, 1]
    assert answer["facts"] == {"rows": 3}
    assert answer["parents"] == [first]
    assert {one["id"] for one in answer["listed"]} == {first, second}
    assert {one["project"] for one in answer["listed"]} == {"sdk/data"}
    assert answer["tagged"] == [first]
    assert set(answer["by_name"]) == {first, second}
    assert answer["verified"] == []
    assert answer["writable"] == ["four.txt", "three.txt", "two.txt"]
    assert api.call("tasks.get_by_id", task=second)["task"]["status"] == "published"


def test_datasets_are_squashed_moved_renamed_and_deleted(sdk):
    answer = sdk.run("""
        from pathlib import Path
        from clearml import Dataset
        from tests import answer

        parts = []
        for name in ("left", "right"):
            Path(name + ".txt").write_text(name)
            part = Dataset.create(dataset_name=name, dataset_project="sdk/parts")
            part.add_files(name + ".txt")
            part.upload(show_progress=False)
            part.finalize()
            parts.append(part.id)
        both = Dataset.squash(dataset_name="both", dataset_ids=parts)
        copy = Path(Dataset.get(dataset_id=both.id).get_local_copy())
        Dataset.rename("joined", dataset_project="sdk/parts", dataset_name="both")
        Dataset.move_to_project("sdk/elsewhere", dataset_project="sdk/parts", dataset_name="left")
        Dataset.delete(dataset_project="sdk/parts", dataset_name="right", force=True)
        answer(
            files=sorted(path.name for path in copy.glob("*.txt")),
            moved=Dataset.get(dataset_project="sdk/elsewhere", dataset_name="left").id == parts[0],
            renamed=Dataset.get(dataset_project="sdk/parts", dataset_name="joined").id == both.id,
            left=[one["id"] == both.id for one in Dataset.list_datasets(dataset_project="sdk/parts")],
        )
    """)

    assert answer["files"] == ["left.txt", "right.txt"]
    assert answer["moved"] is True
    assert answer["renamed"] is True
    assert answer["left"] == [True]


def test_clearml_data_makes_lists_and_gets_a_dataset(sdk):
    (sdk.folder / "table.csv").write_text("a,b\n1,2\n")

    output = sdk.command("clearml-data", "create", "--project", "sdk/shell", "--name", "from the shell")
    dataset = re.search(r"id=([0-9a-f]{32})", output)[1]
    sdk.command("clearml-data", "add", "--id", dataset, "--files", "table.csv")
    sdk.command("clearml-data", "close", "--id", dataset)

    assert "table.csv" in sdk.command("clearml-data", "list", "--id", dataset)
    assert dataset in sdk.command("clearml-data", "search", "--project", "sdk/shell")
    sdk.command("clearml-data", "get", "--id", dataset, "--copy", "fetched")
    assert (sdk.folder / "fetched" / "table.csv").read_text() == "a,b\n1,2\n"
