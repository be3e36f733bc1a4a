"""What a script reports through the unmodified SDK, and through the libraries that the SDK listens to."""

import json

import pytest
import requests


def test_scalars_come_back_whole_and_as_last_values(sdk, api):
    answer = sdk.run("""
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/reporting", "scalars", auto_resource_monitoring=False)
        logger = task.get_logger()
        for iteration in range(50):
            logger.report_scalar("loss", "train", 1 / (iteration + 1), iteration)
            logger.report_scalar("loss", "test", 2 / (iteration + 1), iteration)
        logger.report_single_value("accuracy", 0.75)
        task.close()

        task = Task.get_task(task.id)
        answer(
            task=task.id,
            scalars=task.get_reported_scalars(),
            few=task.get_reported_scalars(max_samples=10),
            by_time=task.get_reported_scalars(x_axis="timestamp"),
            last=task.get_last_scalar_metrics(),
            single=task.get_reported_single_value("accuracy"),
            singles=task.get_reported_single_values(),
            last_iteration=task.get_last_iteration(),
            all=task.get_all_reported_scalars(),
        )
    """)

    train = answer["scalars"]["loss"]["train"]
    assert train["x"] == list(range(50))
    assert train["y"] == pytest.approx([1 / (number + 1) for number in range(50)])
    assert answer["all"]["loss"]["train"] == train
    assert len(answer["few"]["loss"]["train"]["x"]) <= 10
    assert answer["by_time"]["loss"]["test"]["x"][0] > 1_600_000_000_000
    last = answer["last"]["loss"]["train"]
    assert (last["last"], last["min"], last["max"]) == pytest.approx((1 / 50, 1 / 50, 1))
    assert answer["single"] == 0.75
    assert answer["singles"] == {"accuracy": 0.75}
    assert answer["last_iteration"] == 49


def test_plots_of_every_kind_come_back(sdk, api):
    answer = sdk.run("""
        import numpy
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/reporting", "plots", auto_resource_monitoring=False)
        logger = task.get_logger()
        grid = numpy.arange(6).reshape(2, 3)
        logger.report_histogram("histogram", "series", values=[1, 4, 2], iteration=1)
        logger.report_vector("vector", "series", values=[3, 1], iteration=1)
        logger.report_table("table", "series", iteration=1, table_plot=[["name", "value"], ["a", 1]])
        logger.report_scatter2d("scatter2d", "series", scatter=[(0, 1), (1, 2)], iteration=1, mode="markers")
        logger.report_scatter3d("scatter3d", "series", scatter=[(0, 1, 2), (1, 2, 3)], iteration=1)
        logger.report_line_plot("line", series=[{"name": "s", "data": [[0, 1], [1, 2]]}], xaxis="x", yaxis="y", iteration=1)
        logger.report_confusion_matrix("matrix", "series", matrix=grid, iteration=1)
        logger.report_surface("surface", "series", matrix=grid, iteration=1)
        logger.report_plotly("plotly", "series", {"data": [{"type": "bar", "y": [5, 6]}], "layout": {}}, iteration=1)
        for iteration in range(3):
            logger.report_plotly("many", "series", {"data": [{"type": "bar", "y": [iteration]}], "layout": {}}, iteration)
        task.close()
        answer(task=task.id, plots=Task.get_task(task.id).get_reported_plots())
    """)

    plots = {plot["metric"]: json.loads(plot["plot_str"])["data"][0] for plot in answer["plots"]}
    assert set(plots) >= {"histogram", "vector", "table", "scatter2d", "scatter3d", "line", "matrix", "surface", "plotly"}
    assert plots["plotly"]["y"] == [5, 6]
    assert plots["histogram"]["y"] == [1, 4, 2]
    assert plots["scatter2d"]["x"] == [0, 1]
    assert plots["matrix"]["z"] == [[0, 1, 2], [3, 4, 5]]
    shown = api.call("events.get_task_plots", task=answer["task"], iters=1)["plots"]
    many = next(plot for plot in shown if plot["metric"] == "many")
    assert json.loads(many["plot_str"])["data"][0]["y"] == [2]


def test_images_and_media_are_uploaded_and_listed(sdk, api):
    answer = sdk.run("""
        from pathlib import Path
        import numpy
        from PIL import Image
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/reporting", "images", auto_resource_monitoring=False)
        logger = task.get_logger()
        Path("sound.wav").write_bytes(b"RIFF sound")
        for iteration in range(3):
            pixels = numpy.full((4, 4, 3), 40 * iteration, dtype=numpy.uint8)
            logger.report_image("image", "array", iteration, image=pixels)
        logger.report_image("image", "picture", 0, image=Image.new("RGB", (2, 2), "blue"))
        logger.report_media("media", "sound", iteration=1, local_path="sound.wav")
        logger.report_media("media", "elsewhere", iteration=1, url="https://example.com/film.mp4")
        logger.flush(wait=True)
        task.close()
        task = Task.get_task(task.id)
        answer(
            task=task.id,
            images=task.get_debug_samples("image", "array"),
            media=task.get_debug_samples("media", "sound"),
        )
    """)

    assert sorted(image["iter"] for image in answer["images"]) == [0, 1, 2]
    address = answer["images"][0]["url"]
    content = requests.get(address, headers=api.headers, timeout=30)
    assert content.status_code == 200 and content.content.startswith(b"\xff\xd8")
    [sound] = answer["media"]
    assert requests.get(sound["url"], headers=api.headers, timeout=30).content == b"RIFF sound"
    variants = {event["variant"] for event in _debug_images(api, answer["task"])}
    assert variants == {"array", "picture", "sound", "elsewhere"}


def test_text_goes_to_the_console_log(sdk, api):
    answer = sdk.run("""
        import logging, sys
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/reporting", "text", auto_resource_monitoring=False)
        task.get_logger().report_text("reported ünïcode text", level=logging.WARNING)
        print("printed line")
        print("error line", file=sys.stderr)
        logging.getLogger("mine").warning("logged line")
        task.close()
        answer(task=task.id, output=Task.get_task(task.id).get_reported_console_output(number_of_reports=50))
    """)

    output = "\n".join(answer["output"])
    for line in ("reported ünïcode text", "printed line", "error line", "logged line"):
        assert line in output
    events = api.call("events.get_task_log", task=answer["task"])["events"]
    assert any(event["level"] == "warning" for event in events if "reported" in event["msg"])


def test_tensorboard_is_captured(sdk, api):
    answer = sdk.run("""
        import numpy
        from tensorboardX import SummaryWriter
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/reporting", "tensorboard", auto_resource_monitoring=False)
        writer = SummaryWriter(logdir="runs")
        for step in range(5):
            writer.add_scalar("loss/train", 5 - step, step)
        writer.add_histogram("weights", numpy.arange(100.0), 0)
        writer.add_image("picture", numpy.zeros((3, 8, 8), dtype=numpy.uint8), 0)
        writer.add_text("note", "text of the writer", 0)
        writer.close()
        task.close()
        answer(task=task.id, scalars=Task.get_task(task.id).get_reported_scalars())
    """)

    assert answer["scalars"]["loss"]["train"]["y"] == [5, 4, 3, 2, 1]
    [plot] = api.call("events.get_task_plots", task=answer["task"])["plots"]
    assert "weights" in str((plot["variant"], plot["plot_str"]))
    assert {event["variant"] for event in _debug_images(api, answer["task"])} >= {"picture"}


def test_matplotlib_figures_are_captured(sdk, api):
    answer = sdk.run("""
        import matplotlib
        matplotlib.use("Agg")
        import matplotlib.pyplot as pyplot
        from clearml import Task
        from tests import answer

        task = Task.init("sdk/reporting", "matplotlib", auto_resource_monitoring=False)
        pyplot.plot([0, 1, 2], [5, 3, 4])
        pyplot.title("shown figure")
        pyplot.show()
        pyplot.close("all")

        figure = pyplot.figure()
        pyplot.scatter([1, 2], [3, 4])
        task.get_logger().report_matplotlib_figure("reported figure", "series", figure, iteration=3)
        task.get_logger().report_matplotlib_figure("as an image", "series", figure, iteration=3, report_image=True)
        task.close()
        task = Task.get_task(task.id)
        answer(plots=task.get_reported_plots(), images=task.get_debug_samples("as an image", "series"))
    """, MPLBACKEND="Agg")

    plots = {plot["metric"]: json.loads(plot["plot_str"])["data"][0] for plot in answer["plots"]}
    assert set(plots) == {"shown figure", "reported figure"}
    assert plots["shown figure"]["y"] == [5, 3, 4]
    assert plots["reported figure"]["x"] == [1, 2]
    assert len(answer["images"]) == 1


def _debug_images(api, task):
    pages = api.call("events.debug_images", metrics=[{"task": task}], iters=5)["metrics"]
    return [event for page in pages for iteration in page["iterations"] for event in iteration["events"]]
