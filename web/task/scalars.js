// The numbers that a task reports, drawn.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { curveOptions } from '../charts/options.js';
import { curvesFigure, curvesNote } from '../charts/curves.js';
import { CurveSource } from '../charts/source.js';
import { empty, h, refresh } from '../lib/dom.js';
import { number } from '../lib/format.js';
import { poll } from '../lib/poll.js';
import { isLive } from '../lib/status.js';
import { onTheme } from '../lib/theme.js';

export function scalars({ id, signal, task }) {
  const source = new CurveSource([id], signal);
  const once = h('div');
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  let chosen = null;
  const options = curveOptions((next) => {
    const isOther = chosen && chosen.axis !== next.axis;
    chosen = next;
    if (isOther) source.use(next.axis).then(draw, () => {});
    else draw();
  });
  const frame = charts({ signal, label: 'Scalars', zoomed: async (key, range) => await source.zoom(key, range) && draw() });
  options.element.hidden = true;
  onTheme(draw, signal);

  options.known.then(() => poll(signal, () => (task() && !isLive(task()) ? 15_000 : 2500), load));

  let known = null;

  async function load() {
    // Every scalar that comes changes what is known of the task: reading long curves again for nothing takes time.
    const state = task() && JSON.stringify([task().status, task().last_iteration, task().last_metrics]);
    if (state && state === known) return;
    const [, single] = await Promise.all([
      source.use(chosen.axis, true), call('events.get_task_single_value_metrics', { tasks: [id] }, signal),
    ]);
    if (signal.aborted) return;
    known = state;
    const values = single.tasks?.[0]?.values ?? [];
    refresh(once, values.map(({ metric, variant, value }) => [metric, variant, value]), () => singleValues(values));
    const isEmpty = source.metrics.length === 0 && values.length === 0;
    nothing.replaceChildren(...(isEmpty ? [empty('No scalars', 'What the task reports with report_scalar shows up here.')] : []));
    draw();
  }

  function draw() {
    if (!chosen || signal.aborted) return;
    const names = source.metrics;
    options.element.hidden = names.length === 0;
    options.offer(names);
    const hidden = new Set(chosen.hidden);
    const chart = (metric) => {
      const series = source.series(metric).map(({ variant, ...curve }, index) => ({ ...curve, name: variant, colour: index }));
      return {
        key: metric, title: metric.replace(/^:monitor:/, ''), note: curvesNote(series, chosen), height: 270, sync: chosen.axis,
        version: `${source.version(metric)} ${JSON.stringify(chosen)} ${document.documentElement.dataset.theme}`,
        figure: curvesFigure(series, chosen),
      };
    };
    const shown = names.filter((metric) => !hidden.has(metric));
    if (names.length > 0) nothing.replaceChildren(...(shown.length === 0 ? [noneChosen()] : []));
    const isMachine = (metric) => metric.startsWith(':monitor:');
    frame.show([
      { charts: shown.filter((metric) => !isMachine(metric)).map(chart) },
      { title: 'Monitoring', charts: shown.filter(isMachine).map(chart) },
    ].filter(({ charts: some }) => some.length > 0));
  }

  return { element: h('div', {}, options.element, nothing, once, frame.element) };
}

/** What is shown where the user has hidden everything. */
export const noneChosen = () => empty('No metric is chosen', 'The list beside “Log scale” brings them back.');

const singleValues = (values) => values.length > 0 && h('dl', { class: 'singles' }, values.map(({ variant, value }) =>
  h('div', { class: 'card' }, h('dt', {}, variant), h('dd', {}, number(value)))));
