"""The page: scalars and plots, which Plotly draws in a frame of its own."""

import json
import math
import time

import pytest
from playwright.sync_api import expect

from harness.waiting import wait_until

DRAWN = """key => {
  const card = [...document.querySelectorAll('.card')].find((card) => card.getAttribute('aria-label') === key);
  const plot = card?.querySelector('.plot');
  if (!plot?.data) return null;
  const { xaxis, yaxis } = plot._fullLayout;
  return {
    names: plot.data.map((trace) => trace.name), x: plot.data[0].x, y: plot.data[0].y, count: plot.data.length,
    axis: xaxis?.type, scale: yaxis?.type, range: xaxis?.range, hovered: plot.querySelectorAll('.hoverlayer .hovertext, .hoverlayer .legend').length,
  };
}"""


@pytest.fixture
def run(demo):
    done = demo.api.call("tasks.get_all", status=["completed"], name="units, lr", order_by=["created"], page=0, page_size=1)
    return done["tasks"][0]


def report(demo, task, events):
    for start in range(0, len(events), 5000):
        demo.api.send_lines("events.add_batch", [json.dumps({"task": task, **event}) for event in events[start : start + 5000]])


def chart_frame(page):
    frame = page.locator("iframe.charts").element_handle().content_frame()
    frame.wait_for_load_state()
    return frame


def drawn(visit, title, until=lambda chart: True):
    """What Plotly has drawn under a title, once that is as it should be."""
    frame = chart_frame(visit.page)
    # Not `scroll_into_view_if_needed`: without a GPU a frame may take seconds between two pictures.
    visit.charts().get_by_role("article", name=title, exact=True).evaluate("card => card.scrollIntoView()")

    def look():
        chart = frame.evaluate(DRAWN, title)
        return chart if chart and until(chart) else None

    return wait_until(f"{title} is drawn", look)


def test_scalars_are_drawn_and_plotly_comes_only_then(visit, run):
    page = visit.go(f"tasks/{run['id']}")
    page.get_by_role("heading", name="Latest scalars").wait_for()
    assert not any("plotly" in url for url in visit.requests)
    page.get_by_role("link", name="Scalars").click()
    loss = drawn(visit, "loss")
    assert loss["names"] == ["train", "validation"] and len(loss["x"]) == 60
    assert drawn(visit, "accuracy")["count"] == 1
    expect(page.locator(".singles")).to_contain_text("test accuracy")
    assert len([url for url in visit.requests if "plotly" in url]) == 1


def test_smoothing_scale_and_axis_are_chosen_and_kept(visit, run):
    page = visit.go(f"tasks/{run['id']}/scalars")
    raw = drawn(visit, "loss")
    page.get_by_label("Smoothing").fill("0.9")
    smooth = drawn(visit, "loss", lambda chart: chart["count"] == 4)
    assert smooth["y"] == raw["y"]
    page.get_by_role("button", name="Log scale").click()
    drawn(visit, "loss", lambda chart: chart["scale"] == "log")
    page.get_by_role("button", name="Wall clock").click()
    drawn(visit, "loss", lambda chart: chart["axis"] == "date")
    page.get_by_role("button", name="Time", exact=True).click()
    seconds = drawn(visit, "loss", lambda chart: chart["axis"] == "linear" and chart["x"][0] == 0)
    assert seconds["x"] == sorted(seconds["x"])
    page.wait_for_timeout(1000)
    page.reload()
    drawn(visit, "loss", lambda chart: chart["scale"] == "log" and chart["count"] == 4)
    page.get_by_role("button", name="Iteration").click()
    page.get_by_role("button", name="Log scale").click()
    page.get_by_label("Smoothing").fill("0")
    drawn(visit, "loss", lambda chart: chart["scale"] == "linear" and chart["count"] == 2)
    page.wait_for_timeout(1000)


def test_metrics_are_chosen(visit, run):
    page = visit.go(f"tasks/{run['id']}/scalars")
    drawn(visit, "loss")
    metrics = page.get_by_role("group", name="Metrics")
    for is_open in (True, False, True):
        page.get_by_text("All metrics").click()
        expect(metrics).to_be_visible(visible=is_open)
    page.get_by_label("loss").uncheck()
    expect(visit.charts().get_by_role("article", name="loss")).to_have_count(0)
    expect(visit.charts().get_by_role("article", name="accuracy")).to_be_visible()
    page.get_by_role("button", name="None", exact=True).click()
    expect(page.get_by_text("No metric is chosen")).to_be_visible()
    page.get_by_role("button", name="All", exact=True).click()
    expect(visit.charts().get_by_role("article", name="loss")).to_be_visible()
    page.keyboard.press("Escape")
    expect(metrics).to_be_hidden()
    expect(page.get_by_role("button", name="All metrics")).to_be_focused()
    page.wait_for_timeout(1000)


def test_the_pointer_shows_the_values_in_all_charts(visit, run):
    page = visit.go(f"tasks/{run['id']}/scalars")
    for title in ("accuracy", "learning rate", "loss"):
        drawn(visit, title)
    box = visit.charts().get_by_role("article", name="accuracy").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 5, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for title in ("accuracy", "learning rate", "loss"):
        drawn(visit, title, lambda chart: chart["hovered"] > 0)


def test_a_running_task_s_curves_grow_by_themselves(visit, demo):
    task = demo.api.call("tasks.create", name="growing", type="training")["id"]
    demo.api.call("tasks.started", task=task)

    def points(*iterations):
        return [
            {"type": "training_stats_scalar", "metric": "loss", "variant": "train", "iter": each, "value": 1 / (each + 1)}
            for each in iterations
        ]

    report(demo, task, points(0, 1, 2))
    visit.go(f"tasks/{task}/scalars")
    drawn(visit, "loss", lambda chart: len(chart["x"]) == 3)
    report(demo, task, points(3, 4))
    drawn(visit, "loss", lambda chart: len(chart["x"]) == 5)


def test_a_long_curve_is_down_sampled_and_exact_where_one_looks_closer(visit, demo):
    task = demo.api.call("tasks.create", name="a long curve", type="training")["id"]
    start = int(time.time() * 1000)
    spike = 50_003
    report(demo, task, [
        {"type": "training_stats_scalar", "metric": "loss", "variant": "train", "iter": each, "timestamp": start + each,
         "value": 100 if each == spike else math.sin(each / 9000)}
        for each in range(100_000)
    ])
    def is_exact(chart):
        first, last = chart["range"]
        inside = [each for each in chart["x"] if first <= each <= last]
        return len(inside) > 10 and inside == list(range(inside[0], inside[-1] + 1))

    page = visit.go(f"tasks/{task}/scalars")
    whole = drawn(visit, "loss")
    assert not is_exact(whole)
    assert 500 < len(whole["x"]) < 2000 and whole["x"][0] == 0 and whole["x"][-1] == 99_999
    assert whole["y"][whole["x"].index(spike)] == 100

    for _ in range(2):
        box = visit.charts().locator(".nsewdrag").first.bounding_box()
        middle, height = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(middle - 15, height)
        page.mouse.down()
        page.mouse.move(middle + 15, height, steps=5)
        page.mouse.up()
        page.wait_for_timeout(600)
    close = drawn(visit, "loss", is_exact)
    assert close["y"][close["x"].index(spike)] == 100

    visit.charts().get_by_role("article", name="loss").hover()
    visit.charts().get_by_role("button", name="Reset zoom").click()
    drawn(visit, "loss", lambda chart: len(chart["x"]) == len(whole["x"]) and chart["range"][1] > 90_000)


def test_an_enlarged_curve_is_exact_too_and_goes_on(visit, demo):
    task = demo.api.call("tasks.create", name="a long curve", type="training")["id"]
    demo.api.call("tasks.started", task=task)
    report(demo, task, [
        {"type": "training_stats_scalar", "metric": "loss", "variant": "train", "iter": each, "value": each % 7} for each in range(20_000)])
    page = visit.go(f"tasks/{task}/scalars")
    drawn(visit, "loss")
    visit.charts().get_by_role("article", name="loss").hover()
    visit.charts().get_by_role("button", name="Enlarge").click()
    dialog = page.get_by_role("dialog")
    frame = dialog.locator("iframe").element_handle().content_frame()
    area = dialog.frame_locator("iframe").locator(".nsewdrag").first
    area.wait_for()
    box = area.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 20, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 20, box["y"] + 100, steps=5)
    page.mouse.up()

    def is_exact():
        chart = frame.evaluate(DRAWN, "loss")
        first, last = chart["range"]
        inside = [each for each in chart["x"] if first <= each <= last]
        return len(inside) > 100 and inside == list(range(inside[0], inside[-1] + 1))

    wait_until("the part is exact", is_exact)
    report(demo, task, [{"type": "training_stats_scalar", "metric": "loss", "variant": "other", "iter": 1, "value": 1}])
    wait_until("a new curve is there", lambda: frame.evaluate(DRAWN, "loss")["count"] == 2)
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("iframe.charts")).to_be_focused()
    expect(visit.charts().get_by_role("button", name="Enlarge")).to_be_focused()


def test_many_curves_leave_their_room_to_the_chart_and_wide_tables_can_be_read(visit, demo):
    task = demo.api.call("tasks.create", name="many curves", type="training")["id"]
    report(demo, task, [
        {"type": "training_stats_scalar", "metric": "many", "variant": f"variant {curve}", "iter": each, "value": curve * each}
        for curve in range(25) for each in range(5)])
    table = {"type": "table", "header": {"values": [f"column {each}" for each in range(18)]}, "cells": {"values": [[0.125]] * 18}}
    report(demo, task, [
        {"type": "plot", "metric": "wide", "variant": "v", "iter": 1, "plot_str": json.dumps({"data": [table], "layout": {}})},
        {"type": "plot", "metric": "nothing", "variant": "v", "iter": 1, "plot_str": json.dumps({"data": [], "layout": {}})}])
    visit.go(f"tasks/{task}/scalars")
    assert drawn(visit, "many")["count"] == 25
    card = visit.charts().get_by_role("article", name="many")
    expect(card.get_by_text("25 curves")).to_be_visible()
    assert card.locator(".nsewdrag").first.bounding_box()["height"] > 180
    visit.go(f"tasks/{task}/plots")
    expect(visit.charts().get_by_text("There is nothing in this plot")).to_be_visible()
    drawn(visit, "wide / v")
    assert visit.charts().get_by_role("article", name="wide / v").locator(".plot").bounding_box()["width"] > 1200


def test_plots_are_plotly_s_of_whatever_kind_and_age(visit, run):
    page = visit.go(f"tasks/{run['id']}/plots")
    for title in ("confusion / test", "embedding / test", "scores / by digit", "weights / first layer", "loss surface / validation"):
        drawn(visit, title)
    frame = visit.charts()
    expect(frame.get_by_role("article", name="confusion / test").get_by_text("predicted", exact=True)).to_be_visible()
    expect(frame.get_by_role("article", name="scores / by digit").get_by_text("precision")).to_be_visible()
    page.get_by_label("Find a plot").fill("weights")
    expect(frame.get_by_role("article")).to_have_count(1)


def test_what_cannot_be_drawn_is_told(visit, demo):
    task = demo.api.call("tasks.create", name="odd plots", type="training")["id"]
    figures = {
        "map": {"data": [{"type": "scattergeo", "lon": [1], "lat": [2]}], "layout": {}},
        "old": {"data": [{"y": [1, 2]}], "layout": {"title": "t", "xaxis": {"title": "the x", "titlefont": {"size": 9}}}},
        "gl": {"data": [{"type": "scattergl", "x": [1, 2], "y": [3, 4]}], "layout": {}},
        "elsewhere": {"data": [], "layout": {"images": [{"source": "http://pictures.example.com/a.png", "x": 0, "y": 1}]}},
        "stranger": {"data": [{"type": "image", "source": "http://pictures.example.com/b.png"}], "layout": {}},
    }
    report(demo, task, [
        {"type": "plot", "metric": name, "variant": "v", "iter": 1, "plot_str": json.dumps(figure)} for name, figure in figures.items()
    ] + [{"type": "plot", "metric": "broken", "variant": "v", "iter": 1, "plot_str": "{"}])
    visit.go(f"tasks/{task}/plots")
    expect(visit.charts().get_by_text("needs maps from the internet")).to_be_visible()
    drawn(visit, "old / v")
    expect(visit.charts().get_by_text("the x")).to_be_visible()
    drawn(visit, "gl / v")
    expect(visit.charts().get_by_text("WebGL is not supported")).to_have_count(0)
    for name, picture in (("elsewhere / v", "a.png"), ("stranger / v", "b.png")):
        expect(visit.charts().get_by_role("article", name=name)).to_contain_text(f"http://pictures.example.com/{picture}")


def test_a_chart_is_zoomed_with_the_keyboard(visit, run):
    visit.go(f"tasks/{run['id']}/scalars")
    drawn(visit, "accuracy")
    card = visit.charts().get_by_role("article", name="accuracy")
    plot = card.get_by_role("group", name="accuracy: plus and minus zoom")

    def ends():
        return plot.evaluate("(plot) => plot.layout.xaxis.range")

    whole = ends()
    plot.press("+")
    expect(card.get_by_role("button", name="Reset zoom")).to_be_visible()
    near = ends()
    assert near[1] - near[0] == pytest.approx((whole[1] - whole[0]) / 2)
    plot.press("ArrowRight")
    wait_until("the chart has moved", lambda: ends()[0] > near[0], 30)
    plot.press("0")
    expect(card.get_by_role("button", name="Reset zoom")).to_be_hidden()
    assert ends() == whole


def test_a_link_in_a_plot_is_told_and_takes_no_chart_away(visit, demo):
    task = demo.api.call("tasks.create", name="linked plot", type="training")["id"]
    note = {"text": "<a href='http://elsewhere.example.com/' target='_self'>read on</a>", "x": 1, "y": 1}
    figure = {"data": [{"y": [1, 2]}], "layout": {"annotations": [note]}}
    report(demo, task, [{"type": "plot", "metric": "noted", "variant": "v", "iter": 1, "plot_str": json.dumps(figure)}])
    page = visit.go(f"tasks/{task}/plots")
    drawn(visit, "noted / v")
    visit.charts().locator("a", has_text="read on").dispatch_event("click")
    expect(page.get_by_role("dialog").get_by_role("link", name="http://elsewhere.example.com/")).to_be_visible()
    page.keyboard.press("Escape")
    drawn(visit, "noted / v")


def test_a_chart_is_enlarged_and_downloaded(visit, run):
    page = visit.go(f"tasks/{run['id']}/scalars")
    drawn(visit, "accuracy")
    card = visit.charts().get_by_role("article", name="accuracy")
    card.hover()
    with page.expect_download() as download:
        card.get_by_role("button", name="Download the data").click()
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "series,x,y" and len(lines) == 61
    with page.expect_download() as download:
        card.get_by_role("button", name="Download as PNG").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    card.get_by_role("button", name="Enlarge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.frame_locator("iframe").locator(".main-svg").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_what_a_task_reports_is_drawn_where_it_can_reach_nothing(visit, run):
    visit.go(f"tasks/{run['id']}/scalars")
    drawn(visit, "accuracy")
    frame = chart_frame(visit.page)
    tried = frame.evaluate("""async () => {
      const attempt = async (step) => { try { return String(await step()); } catch (error) { return error.name; } };
      return {
        cookie: await attempt(() => document.cookie), storage: await attempt(() => localStorage.length),
        parent: await attempt(() => parent.document.title), api: await attempt(() => fetch('/api/users.get_current_user')),
      };
    }""")
    assert tried == {"cookie": "SecurityError", "storage": "SecurityError", "parent": "SecurityError", "api": "TypeError"}
    visit.expect_faults("connect-src", "Content Security Policy", "Connecting to")
