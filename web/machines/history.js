// What was, as charts.

import { now } from '../lib/clock.js';
import { h } from '../lib/dom.js';
import { plotTime } from '../lib/format.js';
import { attempt, poll } from '../lib/poll.js';
import { onTheme, theme } from '../lib/theme.js';
import { colour } from '../charts/curves.js';

const spans = [[3600, '1 h'], [6 * 3600, '6 h'], [86_400, '24 h'], [7 * 86_400, '7 d']];
/** More curves than this need no legend: what is under the pointer is named. */
const mostNamed = 5;

/**
 * Buttons to choose how far back to look. `draw` is called with `{from_date, to_date, interval}` in seconds, as the
 * server's calls take it, whenever there may be something new.
 */
export function spanPicker(signal, draw) {
  let seconds = 3600;
  let drawn = 0;
  let asked = 0;
  let answered = 0;
  const buttons = spans.map(([value, title]) => h('button', {
    type: 'button', value, 'aria-pressed': String(value === seconds),
    onclick: () => {
      seconds = value;
      for (const button of buttons) button.setAttribute('aria-pressed', String(Number(button.value) === seconds));
      redraw();
    },
  }, title));
  const interval = () => Math.max(5, Math.round(seconds / 240));

  async function show() {
    const turn = asked += 1;
    const end = Math.floor(now() / 1000);
    await draw({ from_date: end - seconds, to_date: end, interval: interval() });
    drawn = end;
    // What came late answers an earlier question, and is drawn over.
    if (turn < answered) return show();
    answered = turn;
    return undefined;
  }

  /** Draws at once. */
  const redraw = () => attempt(show);

  onTheme(redraw, signal);
  return {
    element: h('div', { class: 'segments', role: 'group', 'aria-label': 'How far back' }, buttons),
    redraw,
    /** Draws now and again, as often as there is a new point. */
    follow: () => poll(signal, 15_000, () => (now() / 1000 - drawn < interval() - 5 ? undefined : show())),
  };
}

/** Dates and values with nothing between those that are much farther apart than most: then nobody looked. */
function withGaps(dates, values) {
  const steps = dates.slice(1).map((date, index) => date - dates[index]);
  const most = 3 * [...steps].sort((a, b) => a - b)[steps.length >> 1];
  const gapAfter = (index) => steps[index] > most;
  return {
    dates: dates.flatMap((date, index) => (gapAfter(index) ? [date, date + 1] : [date])),
    values: values.flatMap((value, index) => (gapAfter(index) ? [value, null] : [value])),
  };
}

/** One curve of `[{dates, values, weight}]`: the mean at each date of those that have a value there. */
export function meanOf(series) {
  const sums = new Map();
  for (const { dates, values, weight } of series) {
    dates.forEach((date, index) => {
      const [sum, weights] = sums.get(date) ?? [0, 0];
      sums.set(date, [sum + values[index] * weight, weights + weight]);
    });
  }
  const dates = [...sums.keys()].sort((a, b) => a - b);
  return { dates, values: dates.map((date) => sums.get(date)[0] / sums.get(date)[1]) };
}

/** Plotly takes names for HTML. */
const plain = (name) => name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * A chart of `[{name, dates, values, isFilled, shade}]` between two times; `shade` is the number of a colour, `most` the
 * highest that there can be.
 */
export function areaChart(key, title, series, { from_date: from, to_date: to }, { height = 240, suffix = '', most, note } = {}) {
  const time = (seconds) => plotTime(seconds * 1000);
  const drawn = series.map((each) => ({ ...each, ...withGaps(each.dates, each.values) }));
  const data = drawn.map(({ name, dates, values, isFilled, shade }, index) => ({
    type: 'scatter', mode: dates.length > 1 ? 'lines' : 'markers', name: plain(name), x: dates.map(time), y: values, connectgaps: false,
    line: { color: colour(shade ?? index), width: 1.6 }, fill: isFilled ? 'tozeroy' : 'none', fillcolor: `${colour(shade ?? index)}33`,
    hovertemplate: `%{y:.4~g}${suffix}<extra>${series.length > 1 ? '%{fullData.name}' : ''}</extra>`,
  }));
  // A line along the top edge is seen whole.
  const whole = most && { range: [0, most * 1.04], tick0: 0, dtick: most / 4 };
  return {
    key, title, height, note, sync: 'time', version: JSON.stringify([data, from, theme()]),
    figure: {
      data,
      layout: {
        margin: { l: 46, r: 12, t: 6, b: 32 }, hovermode: 'x unified', showlegend: series.length > 1 && series.length <= mostNamed,
        uirevision: 'kept', legend: { orientation: 'h', y: 1.02, yanchor: 'bottom', x: 0 },
        xaxis: { type: 'date', range: [time(from), time(to)] }, yaxis: { rangemode: 'tozero', ticksuffix: suffix, ...whole },
      },
    },
  };
}
