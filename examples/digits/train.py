"""Teaches a small network to read handwritten digits, and records the run as a ClearML task.

Run it here, or give it `--queue NAME` to let an agent run it elsewhere.
"""

import argparse
import pickle
from pathlib import Path
from tempfile import TemporaryDirectory

from clearml import OutputModel, Task
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

HIDDEN_UNITS = 32


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=20, help="passes over the training data")
    parser.add_argument("--lr", type=float, default=0.005, help="learning rate")
    parser.add_argument("--queue", default="", help="run on an agent that serves this queue")
    return parser.parse_args()


def main():
    task = Task.init(project_name="examples", task_name="digits", output_uri=True)
    args = parse_arguments()
    settings = task.connect({"batch_size": 32, "test_share": 0.25, "seed": 7}, name="settings")
    if args.queue:
        task.execute_remotely(queue_name=args.queue, exit_process=True)

    logger = task.get_logger()
    digits = load_digits()
    train_x, test_x, train_y, test_y = train_test_split(
        digits.data / 16.0,
        digits.target,
        test_size=settings["test_share"],
        random_state=settings["seed"],
        stratify=digits.target,
    )
    print(f"{len(train_x)} digits to learn from, {len(test_x)} to test on, {HIDDEN_UNITS} hidden units")

    network = MLPClassifier(
        hidden_layer_sizes=(HIDDEN_UNITS,),
        learning_rate_init=args.lr,
        batch_size=settings["batch_size"],
        random_state=settings["seed"],
    )
    for epoch in range(1, args.epochs + 1):
        network.partial_fit(train_x, train_y, classes=digits.target_names)
        accuracy = network.score(test_x, test_y)
        logger.report_scalar("loss", "train", value=network.loss_, iteration=epoch)
        logger.report_scalar("loss", "test", value=log_loss(test_y, network.predict_proba(test_x)), iteration=epoch)
        logger.report_scalar("accuracy", "test", value=accuracy, iteration=epoch)
        print(f"epoch {epoch}/{args.epochs} loss {network.loss_:.4f} accuracy {accuracy:.4f}", flush=True)

    predictions = network.predict(test_x)
    logger.report_confusion_matrix(
        "confusion matrix",
        "test",
        matrix=confusion_matrix(test_y, predictions),
        iteration=args.epochs,
        xaxis="predicted",
        yaxis="true",
        xlabels=[str(name) for name in digits.target_names],
        ylabels=[str(name) for name in digits.target_names],
    )
    logger.report_single_value("accuracy", accuracy)
    task.upload_artifact("predictions", predictions, wait_on_upload=True)

    with TemporaryDirectory() as folder:
        weights = Path(folder) / "digits.pkl"
        weights.write_bytes(pickle.dumps(network))
        model = OutputModel(task=task, name="digits", framework="ScikitLearn")
        model.update_weights(weights_filename=str(weights), auto_delete_file=False, async_enable=False)

    task.close()
    print(f"accuracy {accuracy:.4f}")


if __name__ == "__main__":
    main()
