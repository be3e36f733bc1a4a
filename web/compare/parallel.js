// Hyperparameters beside results: a line for each task.

import { charts } from '../charts/charts.js';
import { empty, h } from '../lib/dom.js';
import { byName, number } from '../lib/format.js';
import { onTheme, theme } from '../lib/theme.js';

/** A view of tasks whose records are known; `metricOf` may name the metric that colours the lines. */
export function parallel({ tasks, signal, metric = null }) {
  const parameters = varying(tasks);
  const metrics = metricNames(tasks);
  const frame = charts({ signal, label: 'Parallel coordinates' });
  const chosen = new Set(parameters.slice(0, 10).map(({ key }) => key));
  const select = h('select', { id: 'parallel-metric', onchange: draw }, metrics.map((name) => h('option', { value: name, selected: name === metric }, name)));
  const picks = h('div', { class: 'picks', role: 'group', 'aria-label': 'Hyperparameters' }, parameters.map(({ key }) =>
    h('button', {
      type: 'button', class: 'toggle', 'aria-pressed': String(chosen.has(key)),
      onclick: ({ currentTarget }) => {
        if (!chosen.delete(key)) chosen.add(key);
        currentTarget.setAttribute('aria-pressed', String(chosen.has(key)));
        draw();
      },
    }, key)));
  onTheme(draw, signal);

  function draw() {
    const shown = parameters.filter(({ key }) => chosen.has(key));
    frame.show([{
      layout: 'single',
      charts: [{
        key: 'parallel', title: `${select.value} over hyperparameters`, height: 440, minWidth: 130 * (shown.length + 1),
        version: `${select.value} ${[...chosen].join()} ${theme()} ${tasks.length}`, figure: figure(tasks, shown, select.value),
      }],
    }]);
  }

  if (parameters.length === 0 || metrics.length === 0 || tasks.length < 2) {
    return h('div', {}, empty('Nothing to relate', 'It takes tasks with hyperparameters that differ and with scalars.'));
  }
  draw();
  return h('div', {}, h('div', { class: 'toolbar' }, h('label', { for: 'parallel-metric' }, 'Result'), h('div', { class: 'narrow' }, select), picks), frame.element);
}

export const valueOf = (task, name) => Object.values(task.last_metrics ?? {}).flatMap((variants) => Object.values(variants))
  .find((each) => nameOf(each) === name)?.value;
const nameOf = ({ metric, variant }) => (metric === variant || metric === 'Summary' ? variant : `${metric} / ${variant}`);

function metricNames(tasks) {
  const names = new Set();
  for (const { last_metrics: metrics } of tasks) {
    for (const each of Object.values(metrics ?? {}).flatMap((variants) => Object.values(variants))) {
      if (each.metric && !each.metric.startsWith(':monitor')) names.add(nameOf(each));
    }
  }
  return [...names].sort(byName);
}

/** The hyperparameters in which the tasks differ, as `[{key, section, name}]`. */
export function varying(tasks) {
  const found = new Map();
  for (const { hyperparams } of tasks) {
    for (const [section, items] of Object.entries(hyperparams ?? {})) {
      for (const name of Object.keys(items)) found.set(`${section}/${name}`, { section, name });
    }
  }
  return [...found].filter(([, { section, name }]) =>
    new Set(tasks.map(({ hyperparams }) => hyperparams?.[section]?.[name]?.value ?? null)).size > 1)
    .map(([key, place]) => ({ key, ...place })).sort((a, b) => byName(a.key, b.key));
}

function figure(tasks, parameters, metric) {
  const known = tasks.filter((task) => Number.isFinite(valueOf(task, metric)));
  const results = known.map((task) => valueOf(task, metric));
  const dimensions = parameters.map(({ section, name }) =>
    dimension(name, known.map(({ hyperparams }) => hyperparams?.[section]?.[name]?.value ?? '')));
  return {
    data: [{
      type: 'parcoords', dimensions: [...dimensions, dimension(metric, results)],
      line: { color: results, showscale: true, colorbar: { thickness: 12, outlinewidth: 0 } },
    }],
    layout: { margin: { l: 60, r: 60, t: 50, b: 28 } },
  };
}

/** An axis of numbers, on a logarithmic scale where they spread wide; or of names. */
function dimension(label, values) {
  const numbers = values.map((value) => (value === '' ? NaN : Number(value)));
  if (numbers.every(Number.isFinite)) {
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
    if (least > 0 && most / least > 50) {
      const places = new Set([least, most]);
      for (let power = Math.ceil(Math.log10(least)); power <= Math.log10(most); power += 1) places.add(10 ** power);
      const ticks = [...places];
      return { label, values: numbers.map(Math.log10), tickvals: ticks.map(Math.log10), ticktext: ticks.map((tick) => number(tick)) };
    }
    return { label, values: numbers };
  }
  const names = [...new Set(values.map(String))].sort(byName);
  return { label, values: values.map((value) => names.indexOf(String(value))), tickvals: names.map((_, index) => index), ticktext: names.map(shortened) };
}

const shortened = (text) => (text.length > 18 ? `${text.slice(0, 17)}…` : text);
