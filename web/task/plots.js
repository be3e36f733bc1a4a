// The plots that a task reports, as they are: they are Plotly's.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { figureOf, heightOf, leastWidth } from '../charts/figure.js';
import { empty, h, settled } from '../lib/dom.js';
import { byName } from '../lib/format.js';
import { poll } from '../lib/poll.js';
import { isLive } from '../lib/status.js';

export function plots({ id, signal, task }) {
  const search = h('input', {
    type: 'search', placeholder: 'Find a plot', 'aria-label': 'Find a plot', oninput: settled(() => draw(), 100),
  });
  const history = h('select', { 'aria-label': 'Iterations', onchange: () => ask() },
    [[1, 'Last iteration'], [5, 'Last 5 iterations'], [50, 'Last 50 iterations']].map(([value, title]) => h('option', { value }, title)));
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  const tools = h('div', { class: 'toolbar', hidden: true }, search, h('div', { class: 'narrow' }, history));
  const frame = charts({ signal, label: 'Plots' });
  let shown = [];
  let key = null;

  async function ask() {
    const { plots: events } = await call('events.get_task_plots', { task: id, iters: Number(history.value), no_scroll: true }, signal);
    const next = JSON.stringify(events.map(({ metric, variant, iter, timestamp, plot_str: text }) => [metric, variant, iter, timestamp, text?.length]));
    if (next === key || signal.aborted) return;
    key = next;
    shown = (await Promise.all(events.map(async (event) => ({ event, figure: await figureOf(event) }))))
      .filter(({ figure }) => figure)
      .sort((a, b) => byName(a.event.metric, b.event.metric) || byName(a.event.variant, b.event.variant) || b.event.iter - a.event.iter);
    draw();
  }

  function draw() {
    if (signal.aborted) return;
    const text = search.value.trim().toLowerCase();
    const some = shown.filter(({ event }) => `${event.metric} ${event.variant}`.toLowerCase().includes(text));
    tools.hidden = shown.length === 0;
    nothing.replaceChildren(...(shown.length === 0
      ? [empty('No plots', 'What the task reports with report_plotly, report_matplotlib_figure and the like shows up here.')]
      : some.length === 0 ? [empty('No plot matches', 'Search for less.')] : []));
    frame.show([{ layout: 'half', charts: some.map(({ event, figure }) => plotChart(event, figure)) }]);
  }

  poll(signal, () => (task() && !isLive(task()) ? 20_000 : 4000), ask);
  return { element: h('div', {}, tools, nothing, frame.element) };
}

/** A reported plot as a chart. */
export function plotChart({ metric, variant, iter, timestamp }, figure, name = '') {
  const title = metric === variant || !variant ? metric : `${metric} / ${variant}`;
  return {
    key: [metric, variant, iter, name].join('\u0000'), title: name || title, note: `iteration ${iter}`, lacking: figure.lacking[0],
    version: `${timestamp} ${JSON.stringify(figure).length}`, height: heightOf(figure), minWidth: leastWidth(figure),
    figure, modebar: 'hover',
  };
}
