#!/usr/bin/env python3
"""`make demo`: starts Stint on temporary folders, sends it the digits example, and shows what came back."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "digits"
VENV = ROOT / ".build" / "demo-venv"
STINT = ROOT / ".build" / "release" / "stint"
READY_DEADLINE_SECONDS = 60


class DemoError(Exception):
    """What went wrong, in a sentence."""


def main():
    folder = Path(tempfile.mkdtemp(prefix="stint-demo-"))
    server_log = folder / "stint.log"
    server = None
    try:
        prepare()
        environment = demo_environment(folder)
        with stage("Starting Stint"):
            server = start_stint(folder, environment, server_log)
            wait_until_ready(server, folder)
            page = page_link(server_log)
        with stage("Putting the example into a git repository, with a change that is not committed"):
            code = make_repository(folder)
        with stage("Running train.py, which sends itself to the queue `default`"):
            task_id = send_task(code, environment)
        with stage(f"Following task {task_id} on the agent"):
            follow(task_id, environment)
        show_result(task_id, page, environment)
        if not os.environ.get("CI"):
            print("\nStint stays up. Press Ctrl-C to end it and remove its folders.", flush=True)
            server.wait()
            raise DemoError("Stint ended by itself.")
    except KeyboardInterrupt:
        print()
    except (DemoError, OSError) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        show_end_of(server_log)
        return 1
    finally:
        end(server)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def prepare():
    with stage("Installing what is missing"):
        run([ROOT / "scripts" / "prepare.sh"])
        run([ROOT / "scripts" / "venv.sh", VENV, "-r", EXAMPLE / "requirements.txt", "uv"])
    with stage("Building the release binary (the first time takes minutes)"):
        run(["make", "--no-print-directory", "-C", ROOT, "build"])


def demo_environment(folder):
    foreign = ("CLEARML_", "TRAINS_", "STINT_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment['PATH']}"
    environment["CLEARML_CONFIG_FILE"] = str(folder / "data" / "clearml.conf")
    environment["STINT_CACHE_DIR"] = str(folder / "cache")
    return environment


def start_stint(folder, environment, log):
    command = [STINT, "up", "--data-dir", folder / "data", "--port-file", folder / "ports.json"]
    command += ["--api-port", "0", "--web-port", "0", "--files-port", "0"]
    with log.open("wb") as output:
        # In a session of its own, so that Ctrl-C reaches this script, which then ends it in order.
        return subprocess.Popen(
            command, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )


def wait_until_ready(server, folder):
    port_file = folder / "ports.json"
    deadline = time.monotonic() + READY_DEADLINE_SECONDS
    while not port_file.exists():
        if server.poll() is not None:
            raise DemoError(f"`stint up` ended with code {server.returncode}.")
        if time.monotonic() > deadline:
            raise DemoError(f"`stint up` was not ready after {READY_DEADLINE_SECONDS} seconds.")
        time.sleep(0.05)


def make_repository(folder):
    origin, code = folder / "digits.git", folder / "digits"
    shutil.copytree(EXAMPLE, code, ignore=shutil.ignore_patterns("__pycache__"))
    identity = ["-c", "user.name=Stint demo", "-c", "user.email=demo@localhost"]
    run(["git", "init", "--quiet", "--bare", origin])
    run(["git", "init", "--quiet", code])
    run(["git", "-C", code, "checkout", "--quiet", "-b", "main"])
    run(["git", "-C", code, "add", "."])
    run(["git", "-C", code, *identity, "commit", "--quiet", "-m", "Digits example"])
    run(["git", "-C", code, "remote", "add", "origin", origin])
    run(["git", "-C", code, "push", "--quiet", "origin", "main"])

    script = code / "train.py"
    committed = script.read_text()
    changed = committed.replace("HIDDEN_UNITS = 32", "HIDDEN_UNITS = 64")
    if changed == committed:
        raise DemoError("train.py has no line `HIDDEN_UNITS = 32` to change.")
    script.write_text(changed)
    run(["git", "-C", code, "--no-pager", "diff", "--unified=0"])
    return code


def send_task(code, environment):
    command = [VENV / "bin" / "python", "train.py", "--queue", "default"]
    output = []
    with subprocess.Popen(
        command, cwd=code, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout:
            print(line, end="", flush=True)
            output.append(line)
    created = re.search(r"new task id=([0-9a-f]+)", "".join(output))
    if process.returncode != 0 or not created:
        raise DemoError(f"train.py ended with code {process.returncode} before its task was in the queue.")
    return created.group(1)


def follow(task_id, environment):
    # Its exit code says how the task ended, and show_result says it better.
    subprocess.run([STINT, "task", "log", task_id, "--follow"], env=environment, check=False)


def page_link(server_log):
    """The address of the page as the server prints it, with a link that logs in."""
    return re.search(r"^The page: (\S+)", server_log.read_text(), re.MULTILINE)[1]


def show_result(task_id, page, environment):
    shown = subprocess.run(
        [STINT, "task", "show", task_id, "--json"], env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if shown.returncode != 0:
        raise DemoError(f"`stint task show` ended with code {shown.returncode}.")
    task = json.loads(shown.stdout)
    if task["status"] != "completed":
        raise DemoError(f"the task is {task['status']}: {task.get('status_reason') or 'no reason was given'}")
    metrics = [metric for variants in task["last_metrics"].values() for metric in variants.values()]
    accuracy = next((metric["value"] for metric in metrics if metric["variant"] == "accuracy"), None)
    if accuracy is None:
        raise DemoError("the task completed but reported no accuracy.")
    print(f"\nAccuracy on digits it had not seen: {accuracy:.4f}")
    print(f"The page: {page}")


def show_end_of(log, lines=40):
    if log.exists():
        print(f"\nThe last lines of Stint's own log ({log}):", file=sys.stderr)
        print("\n".join(log.read_text(errors="replace").splitlines()[-lines:]), file=sys.stderr)


def end(process, patience_seconds=20):
    if process is None or process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(patience_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(command, **options):
    code = subprocess.run([str(part) for part in command], check=False, **options).returncode
    if code != 0:
        raise DemoError(f"`{' '.join(str(part) for part in command[:3])} …` ended with code {code}.")


@contextmanager
def stage(title):
    print(f"\n==> {title}", flush=True)
    started = time.monotonic()
    yield
    print(f"    {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
