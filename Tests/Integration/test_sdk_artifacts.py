"""What the unmodified SDK stores with a task and fetches back: artifacts and models."""


def test_artifacts_of_every_kind_come_back(sdk, api):
    answer = sdk.run("""
        from pathlib import Path
        import numpy
        import pandas
        from PIL import Image
        from clearml import Task
        from tests import answer

        Path("notes.txt").write_text("a file")
        Path("folder/inner").mkdir(parents=True)
        Path("folder/one.txt").write_text("one")
        Path("folder/inner/two.txt").write_text("two")

        task = Task.init("sdk/artifacts", "every kind", auto_resource_monitoring=False)
        artifacts = {
            "dictionary": {"answer": 42},
            "array": numpy.arange(6).reshape(2, 3),
            "picture": Image.new("RGB", (4, 2), "red"),
            "table": pandas.DataFrame({"number": [1, 2], "word": ["one", "two"]}),
            "file": "notes.txt",
            "folder": "folder",
            "some files": "folder/*.txt",
            "list of files": [Path("notes.txt").resolve(), Path("folder/one.txt").resolve()],
            "text": "plain text that names no file",
            "any object": {1, 2, 3},
        }
        for name, value in artifacts.items():
            task.upload_artifact(name, value, metadata={"kind": name}, wait_on_upload=True)
        serialize = {"serialization_function": lambda number: b"%d" % number, "extension_name": ".number"}
        task.upload_artifact("own format", 42, wait_on_upload=True, **serialize)
        growing = pandas.DataFrame({"row": [1]})
        task.register_artifact("growing", growing)
        growing.loc[1] = [2]
        task.close()

        def texts(folder):
            return {str(path.relative_to(folder)): path.read_text() for path in Path(folder).rglob("*.txt")}

        fetched = {name: artifact for name, artifact in Task.get_task(task.id).artifacts.items()}
        answer(
            task=task.id,
            dictionary=fetched["dictionary"].get(),
            array=fetched["array"].get().tolist(),
            picture=[fetched["picture"].get().size, fetched["picture"].get().getpixel((0, 0))],
            file=Path(fetched["file"].get_local_copy()).read_text(),
            folder=texts(fetched["folder"].get()),
            some=texts(fetched["some files"].get()),
            listed=texts(fetched["list of files"].get()),
            table=fetched["table"].get().to_dict("list"),
            growing=fetched["growing"].get()["row"].tolist(),
            own=fetched["own format"].get(deserialization_function=int),
            text=fetched["text"].get(),
            object=sorted(fetched["any object"].get()),
            metadata={name: artifact.metadata for name, artifact in fetched.items()},
            types={name: artifact.type for name, artifact in fetched.items()},
        )
    """)

    assert answer["dictionary"] == {"answer": 42}
    assert answer["array"] == [[0, 1, 2], [3, 4, 5]]
    assert answer["picture"] == [[4, 2], [255, 0, 0]]
    assert answer["file"] == "a file"
    assert answer["folder"] == {"one.txt": "one", "inner/two.txt": "two"}
    assert answer["some"] == {"one.txt": "one", "inner/two.txt": "two"}
    assert answer["listed"] == {"notes.txt": "a file", "folder/one.txt": "one"}
    assert answer["table"] == {"number": [1, 2], "word": ["one", "two"]}
    assert answer["growing"] == [1, 2]
    assert answer["own"] == 42
    assert answer["text"] == "plain text that names no file"
    assert answer["object"] == [1, 2, 3]
    assert answer["metadata"]["array"] == {"kind": "array"}
    assert answer["types"]["array"] == "numpy"
    stored = api.call("tasks.get_by_id", task=answer["task"])["task"]["execution"]["artifacts"]
    assert {artifact["key"] for artifact in stored} == set(answer["types"])


def test_an_artifact_is_deleted_with_its_file(sdk, api):
    answer = sdk.run("""
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/artifacts", "deleted artifact", auto_resource_monitoring=False)
        task.upload_artifact("kept", {"a": 1}, wait_on_upload=True)
        task.upload_artifact("deleted", {"b": 2}, wait_on_upload=True)
        address = task.artifacts["deleted"].url
        assert task.delete_artifacts(["deleted"])
        task.close()
        answer(address=address, left=list(Task.get_task(task.id).artifacts))
    """)

    assert answer["left"] == ["kept"]
    assert api.send(answer["address"], method="GET").status_code == 404


def test_output_models_carry_weights_labels_tags_and_metadata(sdk, api):
    answer = sdk.run("""
        from pathlib import Path
        from clearml import Task, OutputModel, InputModel, Model
        from tests import answer

        task = Task.init("sdk/models", "trainer", auto_resource_monitoring=False)
        model = OutputModel(task, name="classifier", framework="PyTorch", tags=["fresh"], label_enumeration={"cat": 1})
        model.update_design(config_dict={"layers": 3})
        for number in (1, 2):
            Path("weights.bin").write_bytes(b"weights %d" % number)
            model.update_weights("weights.bin", iteration=number, auto_delete_file=False, async_enable=False)
        model.tags = ["fresh", "good"]
        model.comment = "the best so far"
        model.set_metadata("accuracy", "0.93", "float")
        model.set_metadata("author", "stint")
        model.set_all_metadata({"author": {"value": "someone", "type": "str"}}, replace=False)
        model.report_single_value("f1", 0.5)
        model.report_scalar("loss", "train", 0.25, iteration=1)
        model.publish()
        task.close()

        fetched = InputModel(model_id=model.id)
        answer(
            task=task.id,
            id=model.id,
            weights=Path(fetched.get_local_copy()).read_text(),
            design=fetched.config_dict,
            labels=fetched.labels,
            tags=fetched.tags,
            comment=fetched.comment,
            framework=fetched.framework,
            metadata=fetched.get_all_metadata(),
            accuracy=fetched.get_metadata_casted("accuracy"),
            published=fetched.published,
            by_query=[one.id for one in Model.query_models(project_name="sdk/models", only_published=True,
                                                           tags=["good"], metadata={"author": "someone"})],
            not_by_query=[one.id for one in Model.query_models(project_name="sdk/models", tags=["-good"])],
            of_task=[one.id for one in Task.get_task(task.id).models["output"]],
        )
    """)

    assert answer["weights"] == "weights 2"
    assert answer["design"] == {"layers": 3}
    assert answer["labels"] == {"cat": 1}
    assert sorted(answer["tags"]) == ["fresh", "good"]
    assert answer["comment"] == "the best so far"
    assert answer["framework"] == "PyTorch"
    assert answer["metadata"]["author"]["value"] == "someone"
    assert answer["accuracy"] == 0.93
    assert answer["published"] is True
    assert answer["by_query"] == [answer["id"]]
    assert answer["id"] not in answer["not_by_query"]
    assert answer["id"] in answer["of_task"]
    scalars = api.call("events.scalar_metrics_iter_histogram", task=answer["id"], model_events=True)
    assert scalars["loss"]["train"]["y"] == [0.25]
    [single] = api.call("events.get_task_single_value_metrics", tasks=[answer["id"]], model_events=True)["tasks"]
    assert [(value["variant"], value["value"]) for value in single["values"]] == [("f1", 0.5)]
    assert api.call("models.get_by_id", model=answer["id"])["model"]["task"] == answer["task"]


def test_an_input_model_is_imported_and_connected(sdk, api):
    answer = sdk.run("""
        from pathlib import Path
        from clearml import Task, InputModel
        from tests import answer

        Path("pretrained.bin").write_text("pretrained")
        source = Task.init("sdk/models", "origin", auto_resource_monitoring=False)
        source.upload_artifact("weights", "pretrained.bin", wait_on_upload=True)
        address = source.artifacts["weights"].url
        source.close()

        task = Task.init("sdk/models", "fine tuner", auto_resource_monitoring=False)
        model = InputModel.import_model(address, name="imported", label_enumeration={"dog": 2},
                                        tags=["from outside"], create_as_published=True)
        task.connect(model, name="start")
        labels = task.get_labels_enumeration()
        task.close()
        again = Task.get_task(task.id).models["input"]["start"]
        answer(model=model.id, again=again.id, labels=labels, content=Path(again.get_local_copy()).read_text(),
               same=InputModel.import_model(address, name="imported").id)
    """)

    assert answer["again"] == answer["model"] == answer["same"]
    assert answer["labels"] == {"dog": 2}
    assert answer["content"] == "pretrained"
    model = api.call("models.get_by_id", model=answer["model"])["model"]
    assert model["ready"] is True and model["tags"] == ["from outside"]


def test_models_are_archived_and_removed(sdk):
    answer = sdk.run("""
        from pathlib import Path
        from clearml import Task, OutputModel, Model
        from tests import answer

        task = Task.init("sdk/old models", "cleaner", auto_resource_monitoring=False)
        models = []
        for name in ("archived", "removed", "left"):
            Path(name).write_text(name)
            models.append(OutputModel(task, name=name))
            models[-1].update_weights(name, auto_delete_file=False, async_enable=False)

        def names(**options):
            return sorted(model.name for model in Model.query_models(project_name="sdk/old models", **options))

        models[0].archive()
        removed = Model.remove(models[1].id, delete_weights_file=True, raise_on_errors=True)
        shown, all_names = names(), names(include_archived=True)
        models[0].unarchive()
        task.close()
        answer(removed=removed, shown=shown, all_names=all_names, back=names(model_name="archived"))
    """)

    assert answer["removed"] is True
    assert answer["shown"] == ["left"]
    assert answer["all_names"] == ["archived", "left"]
    assert answer["back"] == ["archived"]
