// The numbers that a task reports, drawn.

import { call } from './api.js';
import { lineChart } from './chart.js';
import { empty, h, refresh } from './dom.js';
import { number } from './format.js';
import { poll } from './poll.js';
import { isLive } from './status.js';

const samples = 1000;

/** The iteration that marks a value reported once. */
const onlyOnce = -2147483648;

export function scalars({ id, signal, task }) {
  const once = h('div');
  const reported = h('div', { class: 'charts' });
  const machine = h('div', { class: 'charts' });
  const machineHeading = h('h2', { class: 'section-title', hidden: true }, 'Monitoring');
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  const charts = new Map();

  poll(signal, () => (task() && !isLive(task()) ? 15_000 : 2500), async () => {
    const [metrics, single] = await Promise.all([
      call('events.scalar_metrics_iter_histogram', { task: id, samples, key: 'iter' }, signal),
      call('events.get_task_single_value_metrics', { tasks: [id] }, signal),
    ]);
    if (signal.aborted) return;
    draw(seriesByMetric(metrics), single.tasks?.[0]?.values ?? []);
  });

  function draw(metrics, values) {
    refresh(once, values.map(({ metric, variant, value }) => [metric, variant, value]), () => singleValues(values));
    for (const [metric, chart] of charts) {
      if (metrics.has(metric)) continue;
      chart.element.remove();
      charts.delete(metric);
    }
    for (const [metric, series] of metrics) {
      if (!charts.has(metric)) {
        const isMachine = metric.startsWith(':monitor:');
        const chart = lineChart(metric.replace(/^:monitor:/, ''), signal);
        charts.set(metric, chart);
        (isMachine ? machine : reported).append(chart.element);
      }
      charts.get(metric).update(series);
    }
    machineHeading.hidden = !machine.hasChildNodes();
    const isEmpty = metrics.size === 0 && values.length === 0;
    const hint = empty('No scalars', 'What the task reports with report_scalar shows up here.');
    nothing.replaceChildren(...(isEmpty ? [hint] : []));
  }

  return { element: h('div', {}, nothing, once, reported, machineHeading, machine) };
}

/** `{metric: {variant: {x, y}}}` as a map of series lists, in the order of the names. */
function seriesByMetric(answer) {
  const metrics = new Map();
  for (const metric of Object.keys(answer).sort(byName)) {
    const series = Object.keys(answer[metric]).sort(byName)
      .map((name) => ({ name, ...points(answer[metric][name]) }))
      .filter(({ x }) => x.length > 0);
    if (series.length > 0) metrics.set(metric, series);
  }
  return metrics;
}

function points({ x = [], y = [] }) {
  const shown = x.map((_, index) => index).filter((index) => x[index] !== onlyOnce);
  return { x: shown.map((index) => x[index]), y: shown.map((index) => y[index]) };
}

function singleValues(values) {
  return values.length > 0 && h('dl', { class: 'singles' }, values.map(({ variant, value }) =>
    h('div', { class: 'card' }, h('dt', {}, variant), h('dd', {}, number(value)))));
}

const byName = (a, b) => a.localeCompare(b, undefined, { numeric: true });
