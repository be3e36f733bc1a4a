#!/usr/bin/env python3
"""`make demo-data`: fills the server that CLEARML_CONFIG_FILE names with a demo project, through the unmodified SDK."""

import argparse
import faulthandler
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
from clearml import OutputModel, Task
from clearml.backend_api.session.client import APIClient

PROJECTS = ["Demo/Vision/Digits", "Demo/Vision/Segmentation", "Demo/Language"]
QUEUES = ["gpu", "night"]
# Seconds for one run: by far enough on a busy machine, too.
LONGEST = 300
RED, GREEN, YELLOW, BLUE, BOLD, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[1m", "\x1b[0m"

DIFF = """\
diff --git a/train.py b/train.py
index 3c1f0aa..9b7d2e1 100644
--- a/train.py
+++ b/train.py
@@ -12,7 +12,8 @@ def main():
     model = Network(arguments.hidden_units)
-    optimizer = SGD(model, lr=0.1)
+    optimizer = Adam(model, lr=arguments.learning_rate)
+    scheduler = CosineDecay(optimizer, steps=arguments.epochs)
     for epoch in range(arguments.epochs):
         train(model, optimizer)
"""
REQUIREMENTS = "clearml == 2.1.12\nnumpy == 2.4.6\nscikit-learn == 1.9.1\n"
MODEL = """\
# What the network looks like.
layers:
  - type: convolution
    filters: 32
    kernel: [3, 3]
  - type: dense
    units: {units}
activation: {activation}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--workers", type=int, default=4, help="how many runs report at the same time")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker is not None:
        for number in range(arguments.worker, arguments.runs, arguments.workers):
            # One that takes so long hangs, and says where.
            faulthandler.dump_traceback_later(LONGEST, exit=True)
            Run(number).report()
        faulthandler.cancel_dump_traceback_later()
        return 0
    quiet = {**os.environ, "CLEARML_LOG_LEVEL": "ERROR"}
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        # In a clone that has an origin the SDK reads every Python file of the repository for each task, those of .build
        # as well: minutes. A script on its own is read alone.
        script = shutil.copy(__file__, Path(folder) / "train.py")
        command = [sys.executable, script, "--runs", str(arguments.runs), "--workers", str(arguments.workers)]
        # The SDK serves one task of a process at a time.
        workers = [
            subprocess.Popen([*command, "--worker", str(number)], env=quiet, stdout=subprocess.DEVNULL)
            for number in range(arguments.workers)
        ]
        codes = [worker.wait() for worker in workers]
    if any(codes):
        return 1
    add_waiting_tasks()
    print(f"{arguments.runs} runs in {time.monotonic() - started:.0f} s")
    return 0


class Run:
    """A training that is made up. The same number gives the same run."""

    EPOCHS = 60
    TAGS = [["baseline"], ["sweep"], ["sweep", "augmented"], ["sweep"], ["candidate"]]

    def __init__(self, number):
        self.number = number
        self.random = random.Random(number)
        self.numbers = numpy.random.default_rng(number)
        self.project = PROJECTS[0 if number % 5 < 3 else number % 5 - 2]
        self.learning_rate = round(10 ** self.random.uniform(-4, -1.3), 5)
        self.units = self.random.choice([16, 32, 64, 128])
        self.dropout = round(self.random.uniform(0, 0.5), 2)
        self.activation = self.random.choice(["relu", "gelu", "tanh"])
        self.optimizer = self.random.choice(["adam", "sgd"])
        # Best near 3e-3, better with more units: a sweep has something to find.
        distance = abs(math.log10(self.learning_rate) + 2.5)
        self.quality = 0.985 - 0.09 * distance**1.5 - 0.4 / self.units - 0.05 * self.dropout

    def report(self):
        name = f"{self.activation} {self.units} units, lr {self.learning_rate:g}"
        task = Task.init(
            self.project, name, tags=self.TAGS[self.number % 5], reuse_last_task_id=False, output_uri=True,
            auto_connect_arg_parser=False, auto_connect_frameworks=False, auto_connect_streams=False,
            auto_resource_monitoring=False)
        task.set_comment(f"Run {self.number} of the sweep over learning rate, units and dropout.")
        # It waits for what the SDK finds out about this file's own repository, which must not come after.
        task.set_packages(REQUIREMENTS.splitlines())
        task.set_script(
            repository="https://git.example.com/vision/digits.git", branch="main", commit="9b7d2e1c40d25f1b8e7a",
            diff=DIFF, working_dir=".", entry_point="train.py")
        task.connect(
            {"epochs": self.EPOCHS, "units": self.units, "dropout": self.dropout, "activation": self.activation})
        task.connect({"name": self.optimizer, "learning_rate": self.learning_rate}, name="Optimizer")
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            (folder / "model.yaml").write_text(MODEL.format(units=self.units, activation=self.activation))
            task.connect_configuration(folder / "model.yaml", name="model")
            logger = task.get_logger()
            accuracy = self.report_training(logger)
            if self.number % 10 == 4:
                task.mark_failed(status_reason="worker execution exit code 1", status_message="CUDA out of memory")
            elif self.number % 10 != 7:
                self.report_results(task, logger, folder, accuracy)
            task.close()
        if self.number % 10 == 7:
            task.mark_stopped(force=True, status_message="Stopped by the user after the loss went flat")
        if self.number % 25 == 1:
            task.publish()

    def report_training(self, logger):
        epochs = self.EPOCHS if self.number % 10 not in (4, 7) else self.EPOCHS // 3
        logger.report_text(f"{BOLD}Digits{PLAIN}: {self.units} units, {self.activation}, lr {self.learning_rate:g}")
        logger.report_text("".join(f"\rDownloading data: {part:3d}%" for part in range(0, 101, 10)))
        accuracy = 0
        for epoch in range(epochs):
            rest = math.exp(-epoch / 12)
            accuracy = max(0, self.quality - 0.8 * rest + self.random.gauss(0, 0.004))
            loss = 2.2 * rest + (1 - self.quality) + abs(self.random.gauss(0, 0.02))
            logger.report_scalar("loss", "train", loss, epoch)
            logger.report_scalar("loss", "validation", loss * 1.08 + abs(self.random.gauss(0, 0.02)), epoch)
            logger.report_scalar("accuracy", "validation", accuracy, epoch)
            logger.report_scalar(
                "learning rate", "learning rate", self.learning_rate * (1 + math.cos(math.pi * epoch / epochs)), epoch)
            logger.report_text(
                f"epoch {epoch:3d}  {BLUE}loss{PLAIN} {loss:.4f}  {GREEN}accuracy{PLAIN} {accuracy:.4f}")
            if epoch % 20 == 19:
                logger.report_text(f"{YELLOW}WARNING{PLAIN} the loss has changed little for 5 epochs")
        if self.number % 10 == 4:
            logger.report_text(f"{RED}RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB{PLAIN}")
        return accuracy

    def report_results(self, task, logger, folder, accuracy):
        last = self.EPOCHS - 1
        logger.report_single_value("test accuracy", accuracy)
        logger.report_single_value("parameters", self.units * 784 + self.units * 10)
        matrix = self.numbers.poisson(2, (10, 10)) + numpy.diag(self.numbers.poisson(90, 10))
        digits = [str(digit) for digit in range(10)]
        logger.report_confusion_matrix(
            "confusion", "test", matrix=matrix, iteration=last, xaxis="predicted", yaxis="true", xlabels=digits,
            ylabels=digits)
        logger.report_histogram(
            "weights", "first layer", values=self.numbers.normal(0, 1, 24).round(2), iteration=last, xaxis="unit",
            yaxis="weight")
        points = self.numbers.normal(0, 1, (120, 2)).round(3)
        logger.report_scatter2d("embedding", "test", scatter=points, iteration=last, mode="markers")
        logger.report_surface(
            "loss surface", "validation", matrix=self.numbers.normal(0, 1, (12, 12)).cumsum(0).round(2), iteration=last)
        rows = [["digit", "precision", "recall"]]
        rows += [[digit, round(self.random.uniform(0.9, 1), 3), round(self.random.uniform(0.9, 1), 3)] for digit in digits]
        logger.report_table("scores", "by digit", table_plot=rows, iteration=last)
        for epoch in range(0, self.EPOCHS, 15):
            for variant in ("sample 1", "sample 2"):
                logger.report_image("predictions", variant, epoch, image=self.image(epoch))
        task.upload_artifact("scores", {"accuracy": accuracy, "loss": 1 - accuracy})
        task.upload_artifact("matrix", matrix)
        (folder / "report.md").write_text(f"# Run {self.number}\n\nAccuracy {accuracy:.4f} on digits it had not seen.\n")
        task.upload_artifact("report", folder / "report.md")
        weights = folder / "weights.npz"
        numpy.savez(weights, first=self.numbers.normal(0, 1, (self.units, 64)))
        model = OutputModel(task, name=f"digits {self.units}", framework="scikit-learn", label_enumeration={"digit": 1})
        model.update_weights(str(weights), auto_delete_file=False)

    def image(self, epoch):
        y, x = numpy.mgrid[0:96, 0:96] / 95
        sharpness = 4 + epoch / 4
        ring = numpy.exp(-sharpness * (numpy.hypot(x - 0.5, y - 0.5) - 0.3) ** 2 * 20)
        noise = self.numbers.normal(0, 0.25 / (1 + epoch / 10), (96, 96))
        shade = numpy.clip(ring + noise, 0, 1)[..., None]
        colour = numpy.array([70, 89, 214]) * shade + numpy.array([247, 247, 250]) * (1 - shade)
        return colour.astype(numpy.uint8)


def add_waiting_tasks():
    """A draft, and tasks in queues that nobody serves."""
    client = APIClient()
    known = {queue.name for queue in client.queues.get_all()}
    for name in QUEUES:
        if name not in known:
            client.queues.create(name=name)
    template = Task.get_tasks(project_name=PROJECTS[0], task_filter={"order_by": ["created"]})[0]
    Task.clone(template, name="Next sweep (draft)")
    for number in range(6):
        waiting = Task.clone(template, name=f"Long run {number + 1}")
        Task.enqueue(waiting, queue_name=QUEUES[number % 2], force=True)


if __name__ == "__main__":
    sys.exit(main())
