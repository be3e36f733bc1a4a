// What a task is, how it went, and what came of it.

import { call } from '../lib/api.js';
import { now } from '../lib/clock.js';
import { ask } from '../lib/dialog.js';
import { facts, h, iconButton, refresh } from '../lib/dom.js';
import { ago, byName, duration, moment, number } from '../lib/format.js';
import { address } from '../lib/route.js';
import { isLive, statusLabel } from '../lib/status.js';
import { timeline } from './timeline.js';

export function overview({ id, signal, reload }) {
  const reason = h('div');
  const about = h('section', { class: 'card' });
  const metrics = h('section', { class: 'card', hidden: true });
  const times = timeline({ id, signal });
  const attempts = h('section', { class: 'card', hidden: true });
  const element = h('div', {}, reason,
    h('div', { class: 'columns' }, h('div', {}, about, attempts), h('div', {}, times.element, metrics)));
  const live = { runTime: h('span'), iteration: h('span') };
  let shown = null;

  function draw(task) {
    shown = task;
    const { last_metrics: latest, last_iteration: iteration, attempts: tried } = task;
    refresh(reason, [task.status, explanation(task)], () => callout(task));
    refresh(about, [whatStays(task), iteration > 0], () => [
      h('div', { class: 'card-heading' }, h('h2', {}, 'Task'),
        iconButton('edit', 'Edit name and comment', () => edit(task, reload), { class: 'icon-button end' })),
      factList(task, live),
    ]);
    refresh(metrics, latest ?? {}, () => latestScalars(latest ?? {}));
    metrics.hidden = !metrics.hasChildNodes();
    refresh(attempts, tried ?? [], () => (tried ?? []).length > 1 && attemptList(tried));
    attempts.hidden = !attempts.hasChildNodes();
    times.draw(task);
    tell();
  }

  /** What grows while the task runs changes in place, so that nothing around it loses its selection. */
  function tell() {
    if (!shown) return;
    live.runTime.textContent = runTime(shown);
    live.iteration.textContent = shown.last_iteration;
  }

  const timer = setInterval(() => {
    if (!shown || !isLive(shown)) return;
    tell();
    times.tell();
  }, 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
  return { element, draw };
}

const whatStays = ({ name, comment, status, status_reason, status_message, last_worker, queueName, type, created, started,
  completed, user, parent, tags, output, runtime }) =>
  [name, comment, status, status_reason, status_message, last_worker, queueName, type, created, started, completed, user,
    parent, tags, output, runtime];

function explanation({ status, status_reason: reason, status_message: message }) {
  if (!['failed', 'stopped'].includes(status)) return '';
  return [...new Set([message, reason])].filter(Boolean).join('\n');
}

function callout(task) {
  const text = explanation(task);
  return text && h('div', { class: `callout ${task.status}`, role: 'note' },
    h('strong', {}, statusLabel(task.status)), h('p', {}, text));
}

function factList(task, live) {
  const host = task.runtime?._exec_agent_hostname;
  return facts([
    // The heading has room for the beginning only.
    ['Name', task.name.length > 80 && task.name],
    ['Reason', !explanation(task) && [task.status_reason, task.status_message].filter((text) => text && text !== task.status && !/exit code 0$/.test(text)).join(' · ')],
    ['Comment', task.comment && h('span', { class: 'pre' }, task.comment)],
    ['Worker', task.last_worker && h('a', { href: `#/workers/${encodeURIComponent(task.last_worker)}` }, task.last_worker)],
    ['Host', host && host !== task.last_worker && host],
    ['Queue', task.queueName && h('a', { href: address('queues', task.execution.queue.id ?? task.execution.queue) }, task.queueName)],
    ['Type', (task.type ?? '').replaceAll('_', ' ')],
    ['Created', ago(task.created)],
    ['Started', task.started && ago(task.started)],
    ['Ended', task.completed && ago(task.completed)],
    ['Run time', task.started && live.runTime],
    ['Iteration', task.last_iteration > 0 && live.iteration],
    ['User', task.user?.name],
    ['Parent', task.parent && h('a', { href: `#/tasks/${task.parent.id ?? task.parent}` },
      task.parent.name ?? task.parent.id ?? task.parent)],
    ['Output', task.output?.destination && h('code', {}, task.output.destination)],
    ['Id', h('code', {}, task.id)],
  ]);
}

function edit(task, reload) {
  const name = h('input', { id: 'edit-name', value: task.name, required: true, minlength: 3, maxlength: 300 });
  const comment = h('textarea', { id: 'edit-comment', rows: 4 }, task.comment ?? '');
  ask({
    title: 'Edit task', verb: 'Save',
    content: [h('label', { for: 'edit-name' }, 'Name'), name, h('label', { for: 'edit-comment' }, 'Comment'), comment],
    run: async () => {
      await call('tasks.update', { task: task.id, name: name.value.trim(), comment: comment.value });
      await reload();
    },
  });
}

/** Seconds that the task has run: told by the server once it ended, counted here until then. */
function runTime({ started, completed, last_update: last, active_duration: active, status }) {
  const begin = moment(started);
  if (begin === null) return '–';
  if (status === 'in_progress') return duration((now() - begin) / 1000);
  return duration(active ?? (moment(completed ?? last) - begin) / 1000);
}

function latestScalars(metrics) {
  const rows = Object.values(metrics).flatMap((variants) => Object.values(variants))
    .filter(({ metric, variant }) => metric && variant && !metric.startsWith(':monitor'))
    .sort((a, b) => byName(a.metric, b.metric) || byName(a.variant, b.variant));
  if (rows.length === 0) return [];
  return [h('h2', {}, 'Latest scalars'), h('div', { class: 'scroll tall', tabindex: 0, role: 'region', 'aria-label': 'Latest scalars' }, h('table', { class: 'values' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Scalar'),
      ['Last', 'Min', 'Max'].map((title) => h('th', { scope: 'col', class: 'number' }, title)))),
    h('tbody', {}, rows.map((row) => h('tr', {},
      h('th', { scope: 'row' }, row.metric === row.variant || row.metric === 'Summary' ? row.variant : `${row.metric} / ${row.variant}`),
      [row.value, row.min_value, row.max_value].map((value) => h('td', { class: 'number' }, number(value))))))))];
}

/** The tries of a task that was tried more than once: on machines that were lost, or that failed and were retried. */
function attemptList(attempts) {
  return [h('h2', {}, 'Attempts'), h('ol', { class: 'steps' }, attempts.map((attempt) => h('li', {},
    h('span', { class: 'step-name' }, `${attempt.number ?? ''} `, attempt.worker ?? ''),
    h('span', { class: 'muted' }, attempt.reason ?? attempt.status_reason ?? attempt.end?.reason ?? ''),
    h('span', { class: 'muted' }, attempt.ended && ago(attempt.ended)))))];
}
