// What was, as charts.

import { h } from '../lib/dom.js';
import { plotTime } from '../lib/format.js';
import { theme } from '../lib/theme.js';
import { colour } from '../charts/curves.js';

const spans = [[3600, '1 h'], [6 * 3600, '6 h'], [86_400, '24 h'], [7 * 86_400, '7 d']];

/** Buttons to choose how far back to look. */
export function spanPicker(changed) {
  let seconds = 3600;
  const buttons = spans.map(([value, title]) => h('button', {
    type: 'button', value, 'aria-pressed': String(value === seconds),
    onclick: () => {
      seconds = value;
      for (const button of buttons) button.setAttribute('aria-pressed', String(Number(button.value) === seconds));
      changed();
    },
  }, title));
  return {
    element: h('div', { class: 'segments', role: 'group', 'aria-label': 'How far back' }, buttons),
    /** `{from_date, to_date, interval}` in seconds, as the server's calls take it. */
    times() {
      const now = Math.floor(Date.now() / 1000);
      return { from_date: now - seconds, to_date: now, interval: Math.max(5, Math.round(seconds / 240)) };
    },
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

/** A chart of `[{name, dates, values, isFilled, shade}]` between two times; `shade` is the number of a colour. */
export function areaChart(key, title, series, { from_date: from, to_date: to }, { height = 240, suffix = '', most } = {}) {
  const time = (seconds) => plotTime(seconds * 1000);
  const drawn = series.map((each) => ({ ...each, ...withGaps(each.dates, each.values) }));
  const data = drawn.map(({ name, dates, values, isFilled, shade }, index) => ({
    type: 'scatter', mode: dates.length > 1 ? 'lines' : 'markers', name, x: dates.map(time), y: values, connectgaps: false,
    line: { color: colour(shade ?? index), width: 1.6 }, fill: isFilled ? 'tozeroy' : 'none', fillcolor: `${colour(shade ?? index)}33`,
    hovertemplate: `%{y:.4~g}${suffix}<extra>${series.length > 1 ? '%{fullData.name}' : ''}</extra>`,
  }));
  return {
    key, title, height, sync: 'time', version: JSON.stringify([data, from, theme()]),
    figure: {
      data,
      layout: {
        margin: { l: 46, r: 12, t: 6, b: 32 }, hovermode: 'x unified', showlegend: series.length > 1 && series.length < 12, uirevision: 'kept',
        legend: { orientation: 'h', y: -0.18, yanchor: 'top', x: 0 },
        xaxis: { type: 'date', range: [time(from), time(to)] }, yaxis: { rangemode: 'tozero', ticksuffix: suffix, range: most ? [0, most] : undefined },
      },
    },
  };
}
