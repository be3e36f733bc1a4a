"""The page in a browser: how soon the table of very many tasks can be seen, beside curl, which asks the same; and how it
scrolls."""

import statistics
import subprocess

import folders
from report import Row, below, make
from scale import Subject

from harness.browser import Browsing, chromium

SIZE = folders.Size(tasks=100_000)
MOST_MS = 200
# A browser draws sixty times a second.
MOST_MS_PER_FRAME = 20

NOTE_FIRST_ROWS = """
addEventListener('DOMContentLoaded', () => new MutationObserver((_, observer) => {
  if (!document.querySelector('.table-row:not(.waiting)')) return;
  observer.disconnect();
  // What is in the page now is painted after the next frame's callbacks, before the next message.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { window.firstRows = performance.now(); };
    port2.postMessage(null);
  });
}).observe(document, { childList: true, subtree: true }));
"""

SCROLL = """async () => {
  const table = document.querySelector('.table');
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  let last = await frame();
  for (let step = 0; step < 400; step += 1) {
    table.scrollTop += 100;
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}"""


def measure(folder, is_quick):
    """The rows of the report."""
    subject = Subject(make(folder / "data"), SIZE)
    try:
        subject.start()
        with chromium() as browser:
            return list(look(browser, subject.server, 5 if is_quick else 20))
    finally:
        subject.end()


def look(browser, server, count):
    visits = [visit(browser, server) for _ in range(count)]
    question = visits[0][2]
    curl = statistics.median(ask(server, question) for _ in range(count))
    for what, place in ((f"first rows of {SIZE.tasks:,} tasks, nothing cached", 0), ("… on the next visit", 1)):
        took = statistics.median(times[place] for times in visits)
        yield Row(what, f"{took:.0f} ms", f"{curl:.0f} ms", f"{took / curl:.1f}", f"< {MOST_MS} ms", took < MOST_MS)
    yield below("a frame while they scroll", statistics.median(visits[-1][3]), MOST_MS_PER_FRAME, "ms")


def visit(browser, server):
    """A new visitor's first look, a second one, what the page asked for, and the frames of scrolling."""
    visitor = Browsing(browser, server).be_signed_in()
    page = visitor.page
    page.add_init_script(NOTE_FIRST_ROWS)
    questions, times = [], []
    page.on("request", lambda request: "tasks.get_all_ex" in request.url and questions.append(request.post_data))
    for _ in range(2):
        page.goto("about:blank")
        visitor.go("tasks")
        times.append(visitor.until("there are rows", "window.firstRows"))
    frames = page.evaluate(SCROLL)
    visitor.end()
    return *times, questions[0], frames


def ask(server, question):
    """How long curl takes for a question, in milliseconds."""
    command = ["curl", "--silent", "--fail", "--output", "/dev/null", "--write-out", "%{time_total}", "--data", question]
    for name, value in {**server.api.headers, "Content-Type": "application/json"}.items():
        command += ["--header", f"{name}: {value}"]
    return float(subprocess.check_output([*command, f"{server.api.url}/tasks.get_all_ex"])) * 1000
