"""The page: what a task prints."""

import itertools
import json
import time

import pytest
from playwright.sync_api import expect

numbers = itertools.count(1)


@pytest.fixture
def printer(demo):
    """A running task, and a function that prints in it: one event for each text."""
    task = demo.api.call("tasks.create", name=f"printer {next(numbers)}", type="training")["id"]
    demo.api.call("tasks.started", task=task)
    clock = itertools.count(int(time.time() * 1000))

    def say(*texts, level="INFO"):
        events = [
            {"type": "log", "task": task, "timestamp": next(clock), "level": level, "worker": "w", "msg": text}
            for text in texts
        ]
        demo.api.send_lines("events.add_batch", [json.dumps(event) for event in events])

    say.task = task
    return say


@pytest.fixture
def long_log(printer):
    """A log of 40,000 lines in events of very different lengths."""
    number, texts = 0, []
    for size in itertools.cycle([1, 1, 40, 300]):
        texts.append("".join(f"line {each:6d} of many{' needle' if each % 9999 == 0 else ''}\n" for each in range(number, number + size)))
        number += size
        if number >= 40_000:
            break
    for start in range(0, len(texts), 200):
        printer(*texts[start : start + 200])
    printer.lines = number
    return printer


def console(visit, task):
    page = visit.go(f"tasks/{task}/console")
    return page, page.get_by_role("log", name="Console")


def lines_in_view(page):
    """The texts of the lines that can be seen, from top to bottom."""
    return page.evaluate("""() => {
      const edge = document.querySelector('.log').getBoundingClientRect();
      return [...document.querySelectorAll('.line')].filter((line) => {
        const box = line.getBoundingClientRect();
        return box.top >= edge.top - 2 && box.bottom <= edge.bottom + 2;
      }).map((line) => line.querySelector('.text')?.textContent ?? '');
    }""")


def scroll(log, share):
    """Scrolls to a part of the log, and waits until that has been drawn."""
    log.evaluate(
        """(log, share) => new Promise((done) => {
          log.scrollTop = (log.scrollHeight - log.clientHeight) * share;
          requestAnimationFrame(() => requestAnimationFrame(done));
        })""",
        share,
    )


def test_lines_appear_as_they_are_printed_without_asking_again_and_again(visit, printer):
    printer("the first line\n")
    page, log = console(visit, printer.task)
    expect(log.get_by_text("the first line")).to_be_visible()
    page.wait_for_timeout(1500)
    asked = len([url for url in visit.requests if "get_task_log" in url])
    for number in range(20):
        printer(f"live {number}\n")
    expect(log.get_by_text("live 19")).to_be_visible()
    page.wait_for_timeout(1500)
    # One call waits for what is next: it is answered once for each batch at most.
    assert len([url for url in visit.requests if "get_task_log" in url]) - asked <= 21


def test_a_line_shows_within_moments_of_its_printing(visit, printer):
    page, log = console(visit, printer.task)
    expect(page.get_by_text("Nothing printed yet.")).to_be_visible()
    printer("now\n")
    expect(log.get_by_text("now")).to_be_visible()


def test_colours_are_a_terminals(visit, printer):
    printer("plain \x1b[31mred\x1b[0m \x1b[1;32mbold green\x1b[0m \x1b[38;5;208morange\x1b[0m \x1b[38;2;1;2;3mexact\x1b[0m end\n")
    printer("went wrong\n", level="ERROR")
    page, log = console(visit, printer.task)
    line = log.locator(".line", has_text="plain")
    expect(line.locator(".text")).to_have_text("plain red bold green orange exact end")

    def colour(text):
        return line.locator(".text span", has_text=text).evaluate("part => getComputedStyle(part).color")

    shown = [colour(text) for text in ("red", "bold green", "orange", "exact")]
    assert len(set(shown)) == 4 and shown[2] == "rgb(255, 135, 0)" and shown[3] == "rgb(1, 2, 3)"
    assert line.locator(".bold").inner_text() == "bold green"
    expect(log.locator(".line.bad")).to_contain_text("went wrong")


def test_what_has_a_background_can_be_read_in_both_themes(visit, printer):
    texts = {"inverse": "7", "white on blue": "37;44", "black on yellow": "30;43", "inverse red": "31;7", "on black": "40", "red on black": "31;40", "blue on white": "34;107", "black": "30"}
    printer(" ".join(f"\x1b[{codes}m{text}\x1b[0m" for text, codes in texts.items()) + "\n")
    page, log = console(visit, printer.task)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for text in texts:
            part = log.locator(".text > span").get_by_text(text, exact=True)
            # The channels of both colours, of what is behind the log where the text has no background.
            colours = part.evaluate("""part => {
              const behind = (element) => {
                const colour = getComputedStyle(element).backgroundColor;
                return colour === 'rgba(0, 0, 0, 0)' ? behind(element.parentElement) : colour;
              };
              return [getComputedStyle(part).color, behind(part)].map((each) => each.match(/[\\d.]+/g).slice(0, 3).map(Number));
            }""")
            assert contrast(*colours) > 3.5, (theme, text, colours)


def contrast(one, other):
    def light(channels):
        parts = [each / 255 for each in channels]
        parts = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    brighter, darker = sorted((light(one), light(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_carriage_returns_write_over_the_line_also_across_events(visit, printer):
    printer("10%\r20%\r30%\ndone\n", "start")
    page, log = console(visit, printer.task)
    expect(log.locator(".text")).to_have_text(["30%", "done", "start"])
    printer("\rstep 1")
    printer("\rstep 2")
    expect(log.locator(".text")).to_have_text(["30%", "done", "step 2"])
    assert "10%" not in log.inner_text()


def test_what_is_printed_is_text_and_nothing_else(visit, printer):
    printer("<img src=x onerror=alert(1)> <script>alert(2)</script> https://example.com/a?b=c.\n")
    page, log = console(visit, printer.task)
    expect(log.get_by_text("<script>alert(2)</script>")).to_be_visible()
    expect(log.get_by_role("link")).to_have_attribute("href", "https://example.com/a?b=c")


def test_a_long_log_opens_at_its_end_and_shows_any_part_with_few_elements(visit, long_log):
    page, log = console(visit, long_log.task)
    expect(log.get_by_text(f"line {long_log.lines - 1:6d} of many")).to_be_visible()
    scroll(log, 0)
    expect(log.get_by_text("line      0 of many")).to_be_visible()
    for share in (0.5, 0.2, 0.9):
        scroll(log, share)
        visit.until("the lines are there", "document.querySelectorAll('.line').length > 0 && !document.querySelector('.line.waiting')")
        shown = [int(line.split()[1]) for line in lines_in_view(page)]
        assert shown == list(range(shown[0], shown[0] + len(shown))) and len(shown) > 10
        assert abs(shown[0] / long_log.lines - share) < 0.2
    assert page.locator(".line").count() < 200
    page.get_by_role("button", name="Jump to the end").click()
    expect(log.get_by_text(f"line {long_log.lines - 1:6d} of many")).to_be_visible()
    expect(page.get_by_role("button", name="Jump to the end")).to_be_hidden()


def test_reading_an_old_part_is_not_disturbed_by_what_comes(visit, long_log):
    page, log = console(visit, long_log.task)
    expect(log.get_by_text(f"line {long_log.lines - 1:6d} of many")).to_be_visible()
    scroll(log, 0.5)
    visit.until("the lines are there", "!document.querySelector('.line.waiting')")
    before = lines_in_view(page)
    for number in range(10):
        long_log(f"new {number}\n")
    page.get_by_role("button", name="Jump to the end").wait_for()
    page.wait_for_timeout(500)
    assert lines_in_view(page) == before
    page.get_by_role("button", name="Jump to the end").click()
    expect(log.get_by_text("new 9")).to_be_visible()


def test_search_goes_from_match_to_match_through_the_whole_log(visit, long_log):
    page, log = console(visit, long_log.task)
    page.get_by_label("Search the log").fill("NEEDLE")
    status = page.locator(".found[role=status]")
    expect(status).to_have_text("5 of 5")
    expect(log.locator(".line.found")).to_contain_text("line  39996 of many needle")
    page.get_by_role("button", name="Next match").click()
    expect(status).to_have_text("1 of 5")
    expect(log.locator(".line.found")).to_contain_text("line      0 of many needle")
    page.get_by_label("Search the log").press("Enter")
    expect(log.locator(".line.found mark")).to_have_text("needle")
    expect(log.locator(".line.found")).to_contain_text("line   9999")
    page.get_by_label("Search the log").fill("no such text")
    expect(status).to_have_text("Nothing found")


def test_lines_are_wrapped_on_demand(visit, printer):
    printer("x" * 2000 + " the end of it\n", *(f"short {number}\n" for number in range(100)))
    page, log = console(visit, printer.task)
    expect(log.get_by_text("short 99")).to_be_visible()
    scroll(log, 0)
    assert log.evaluate("log => log.scrollWidth > log.clientWidth")
    page.get_by_role("button", name="Wrap").click()
    expect(log.get_by_text("the end of it")).to_be_visible()
    assert log.evaluate("log => log.scrollWidth <= log.clientWidth")
    page.get_by_label("Search the log").fill("the end of it")
    expect(page.get_by_text("1 of 1")).to_be_visible()
    expect(log.locator(".line.found mark")).to_be_visible()
    assert log.evaluate("log => log.scrollWidth <= log.clientWidth")
    sizes = "log => new Set([...log.querySelectorAll('.line')].map((line) => getComputedStyle(line).fontSize)).size"
    assert log.evaluate(sizes) == 1, "what is found has letters of another size"
    page.get_by_label("Search the log").fill("")
    scroll(log, 1)
    expect(log.get_by_text("short 99")).to_be_visible()
    page.get_by_role("button", name="Wrap").click()


def test_the_whole_log_is_downloaded_without_colours(visit, printer):
    printer("\x1b[31mred\x1b[0m\n", "second\nthird\n")
    page, log = console(visit, printer.task)
    expect(log.get_by_text("third")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.path().read_text() == "red\nsecond\nthird\n"
    assert download.value.suggested_filename == f"{printer.task}.log"


def test_a_reset_empties_the_console(visit, printer, demo):
    printer("of the first run\n")
    page, log = console(visit, printer.task)
    expect(log.get_by_text("of the first run")).to_be_visible()
    demo.api.call("tasks.reset", task=printer.task, force=True)
    expect(log.get_by_text("of the first run")).to_have_count(0)
    demo.api.call("tasks.started", task=printer.task)
    printer("of the second run\n")
    expect(log.get_by_text("of the second run")).to_be_visible()
