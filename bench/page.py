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
window.firstRows = new Promise((tell) => addEventListener('DOMContentLoaded', () => new MutationObserver((_, observer) => {
  if (!document.querySelector('.table-row:not(.waiting)')) return;
  observer.disconnect();
  // What is in the page now is painted after the next frame's callbacks, before the next message.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => tell(performance.now());
    port2.postMessage(null);
  });
}).observe(document, { childList: true, subtree: true })));
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
    question = question_of(browser, server)
    visits = [visit(browser, server) for _ in range(count)]
    curl = statistics.median(ask(server, question) for _ in range(count))
    for what, place in ((f"first rows of {SIZE.tasks:,} tasks, nothing cached", 0), ("… on the next visit", 1)):
        took = statistics.median(times[place] for times in visits)
        yield Row(what, f"{took:.0f} ms", f"{curl:.0f} ms", f"{took / curl:.1f}", f"< {MOST_MS} ms", took < MOST_MS)
    yield below("a frame while they scroll", statistics.median(visits[-1][2]), MOST_MS_PER_FRAME, "ms")


def question_of(browser, server):
    """What the page asks for to show the table."""
    visitor = Browsing(browser, server).be_signed_in()
    with visitor.page.expect_request("**/api/tasks.get_all_ex") as asked:
        visitor.go("tasks")
    visitor.end()
    return asked.value.post_data


def visit(browser, server):
    """How long a new visitor's first look takes and a second one, and the frames of scrolling."""
    visitor = Browsing(browser, server).be_signed_in()
    # In a tab of which no request is told: to tell takes time on the same processors.
    page = visitor.context.new_page()
    page.add_init_script(NOTE_FIRST_ROWS)
    times = []
    for _ in range(2):
        page.goto("about:blank")
        page.goto(f"{visitor.origin}/#/tasks", wait_until="commit")
        times.append(page.evaluate("window.firstRows"))
    frames = page.evaluate(SCROLL)
    visitor.end()
    return *times, frames


def ask(server, question):
    """How long curl takes for a question, in milliseconds."""
    command = ["curl", "--silent", "--fail", "--output", "/dev/null", "--write-out", "%{time_total}", "--data", question]
    for name, value in {**server.api.headers, "Content-Type": "application/json"}.items():
        command += ["--header", f"{name}: {value}"]
    return float(subprocess.check_output([*command, f"{server.api.url}/tasks.get_all_ex"])) * 1000
