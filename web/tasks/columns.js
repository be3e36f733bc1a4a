// What the table can show of a task: fields, metrics and hyperparameters.

import { call } from '../lib/api.js';
import { now } from '../lib/clock.js';
import { ask } from '../lib/dialog.js';
import { finder, h } from '../lib/dom.js';
import { ago, byName, duration, moment, number } from '../lib/format.js';
import { pill } from '../lib/status.js';
import { fieldsOf } from './fields.js';

const muted = (text) => h('span', { class: 'muted' }, text);

/** The columns that every task has. */
const fixed = {
  state: { title: 'State', sort: 'status', width: 128, cell: pill },
  name: {
    title: 'Name', sort: 'name', width: 260, grows: true,
    cell: (task) => [
      h('a', { class: 'stretched', href: `#/tasks/${task.id}`, tabindex: -1 }, task.name || task.id),
      (task.tags ?? []).map((tag) => h('span', { class: 'tag' }, tag)),
    ],
  },
  project: {
    title: 'Project', sort: 'project', width: 180,
    cell: ({ project }) => h('bdi', { class: 'muted', title: project?.name }, project?.name ?? ''),
  },
  type: { title: 'Type', sort: 'type', width: 120, cell: ({ type }) => muted((type ?? '').replaceAll('_', ' ')) },
  user: { title: 'User', sort: 'user', width: 110, cell: ({ user }) => muted(user?.name ?? '') },
  queue: {
    title: 'Queue', sort: 'execution.queue', width: 110,
    cell: ({ execution, status }) => muted(status === 'created' ? '' : execution?.queue?.name ?? ''),
  },
  worker: { title: 'Worker', sort: 'last_worker', width: 140, cell: ({ last_worker: worker }) => muted(worker ?? '') },
  iteration: {
    title: 'Iteration', sort: 'last_iteration', width: 96, isNumber: true,
    cell: ({ last_iteration: iteration }) => (iteration > 0 ? number(iteration) : ''),
  },
  created: { title: 'Created', sort: 'created', width: 112, cell: ({ created }) => ago(created) },
  started: { title: 'Started', sort: 'started', width: 112, cell: ({ started }) => started && ago(started) },
  updated: { title: 'Updated', sort: 'last_update', width: 112, cell: (task) => ago(task.last_update ?? task.created) },
  time: { title: 'Run time', sort: 'active_duration', width: 104, isNumber: true, cell: runTime },
  comment: { title: 'Comment', sort: 'comment', width: 200, cell: ({ comment }) => muted(comment ?? '') },
  parent: { title: 'Parent', sort: 'parent', width: 160, cell: ({ parent }) => muted(parent?.name ?? '') },
  id: { title: 'Id', sort: 'id', width: 270, cell: ({ id }) => h('code', {}, id) },
};

function runTime(task) {
  const begin = moment(task.started);
  if (begin === null) return '';
  if (task.status === 'in_progress') return duration((now() - begin) / 1000);
  return duration(task.active_duration ?? (moment(task.completed ?? task.last_update) - begin) / 1000);
}

/**
 * The column of a key, as it is kept in the preferences; null for a key that means nothing. `fields` are what the server is
 * asked for.
 */
export function column(key) {
  const fields = fieldsOf(key);
  if (Object.hasOwn(fixed, key)) return { key, fields, ...fixed[key] };
  const [kind, ...parts] = key.split('|');
  if (kind === 'metric' && parts.length === 5) return metricColumn(key, fields, parts);
  if (kind === 'param' && parts.length === 2) return parameterColumn(key, fields, parts);
  return null;
}

const aggregates = { value: 'last', min_value: 'min', max_value: 'max' };

function metricColumn(key, fields, [metric, variant, metricHash, variantHash, aggregate]) {
  const name = metric === variant || metric === 'Summary' ? variant : `${metric} / ${variant}`;
  return {
    key, title: aggregate === 'value' ? name : `${name} (${aggregates[aggregate]})`, fields, sort: fields[0],
    width: 130, isNumber: true,
    cell: (task) => {
      const value = task.last_metrics?.[metricHash]?.[variantHash]?.[aggregate];
      return value === undefined ? '' : number(value);
    },
  };
}

function parameterColumn(key, fields, [section, name]) {
  return {
    key, title: name, fields, sort: fields[0], width: 120,
    cell: (task) => task.hyperparams?.[section]?.[name]?.value ?? '',
  };
}

export const metricKey = ({ metric, variant, metric_hash: hash, variant_hash: variantHash }, aggregate = 'value') =>
  ['metric', metric, variant, hash, variantHash, aggregate].join('|');
export const parameterKey = ({ section, name }) => ['param', section, name].join('|');

/** The metrics and hyperparameters of a project's tasks. */
export async function columnsOf(project, signal) {
  const request = { project: project || '*', include_subprojects: true };
  const [{ metrics }, { parameters }] = await Promise.all([
    call('projects.get_unique_metric_variants', project ? request : {}, signal),
    call('projects.get_hyper_parameters', request, signal),
  ]);
  return { metrics: metrics.filter(({ metric }) => !metric.startsWith(':monitor')), parameters };
}

/** Asks which columns to show; calls `chosen` with their keys, in order. */
export async function chooseColumns(keys, project, chosen) {
  const { metrics, parameters } = await columnsOf(project);
  const groups = [
    ['Fields', Object.entries(fixed).map(([key, { title }]) => [key, title])],
    ['Metrics', metrics.flatMap((metric) => Object.keys(aggregates).map((aggregate) => {
      const key = metricKey(metric, aggregate);
      return [key, column(key).title];
    }))],
    ['Hyperparameters', parameters.map((item) => [parameterKey(item), `${item.section} / ${item.name}`])],
  ];
  const order = [...keys];
  const lists = groups.map(([title, items]) => {
    const options = items.sort((a, b) => (title === 'Fields' ? 0 : byName(a[1], b[1]))).map(([key, name]) =>
      h('li', { 'data-name': name }, h('label', { class: 'check' },
        h('input', {
          type: 'checkbox', checked: order.includes(key), disabled: key === 'name',
          onchange: ({ target }) => {
            if (target.checked) order.push(key);
            else order.splice(order.indexOf(key), 1);
          },
        }), name)));
    return h('fieldset', {}, h('legend', {}, title),
      h('ul', {}, options.length > 0 ? options : h('li', { class: 'muted' }, 'None yet')));
  });
  const all = h('div', { class: 'column-lists' }, lists);
  ask({
    title: 'Columns', wide: true, verb: 'Show', content: [finder('Find a column', all), all],
    run: async () => chosen(order),
  });
}
