// What a task is, how it went, and what it was given.

import { h, refresh, webLink } from './dom.js';
import { ago, duration, moment, number } from './format.js';
import { isLive, statusLabel } from './status.js';

export function overview({ signal }) {
  const reason = h('div');
  const facts = h('section', { class: 'card' });
  const metrics = h('section', { class: 'card', hidden: true });
  const script = h('section', { class: 'card' });
  const parameters = h('section', { class: 'card' });
  const element = h('div', {}, reason,
    h('div', { class: 'columns' }, h('div', {}, facts, metrics), h('div', {}, script, parameters)));
  const live = { runTime: h('span'), iteration: h('span') };
  let shown = null;

  function draw(task) {
    shown = task;
    const { script: source, hyperparams, configuration, last_metrics: latest, ...rest } = task;
    const { last_iteration, last_update, last_change, ...still } = rest;
    refresh(reason, [task.status, explanation(task)], () => callout(task));
    refresh(facts, [still, last_iteration > 0], () => [h('h2', {}, 'Task'), factList(task, live)]);
    refresh(script, [source, task.container], () => [h('h2', {}, 'Code'), ...code(task)]);
    refresh(metrics, latest ?? {}, () => latestScalars(latest ?? {}));
    metrics.hidden = !metrics.hasChildNodes();
    refresh(parameters, [hyperparams, configuration], () => [
      h('h2', {}, 'Hyperparameters'), ...given(hyperparams ?? {}, configuration ?? {}),
    ]);
    tell();
  }

  /** What grows while the task runs changes in place, so that nothing around it loses its selection. */
  function tell() {
    if (!shown) return;
    live.runTime.textContent = runTime(shown);
    live.iteration.textContent = shown.last_iteration;
  }

  const timer = setInterval(() => shown && isLive(shown) && tell(), 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
  return { element, draw };
}

function explanation({ status, status_reason: reason, status_message: message }) {
  if (!['failed', 'stopped'].includes(status)) return '';
  return [...new Set([reason, message])].filter(Boolean).join('\n');
}

function callout(task) {
  const text = explanation(task);
  return text && h('div', { class: `callout ${task.status}`, role: 'note' },
    h('strong', {}, statusLabel(task.status)), h('p', {}, text));
}

function factList(task, live) {
  return facts([
    ['Reason', !explanation(task) && [task.status_reason, task.status_message].filter(Boolean).join(' · ')],
    ['Comment', task.comment],
    ['Worker', task.last_worker && h('a', { href: '#/workers' }, task.last_worker)],
    ['Queue', task.queueName && h('a', { href: '#/queues' }, task.queueName)],
    ['Type', (task.type ?? '').replaceAll('_', ' ')],
    ['Created', ago(task.created)],
    ['Started', task.started && ago(task.started)],
    ['Ended', task.completed && ago(task.completed)],
    ['Run time', task.started && live.runTime],
    ['Iteration', task.last_iteration > 0 && live.iteration],
    ['User', task.user?.name],
    ['Parent', task.parent && parentLink(task.parent)],
    ['Tags', task.tags?.length > 0 && task.tags.map((tag) => h('span', { class: 'tag' }, tag))],
    ['Id', h('code', {}, task.id)],
  ]);
}

function parentLink(parent) {
  return h('a', { href: `#/tasks/${parent.id ?? parent}` }, parent.name ?? parent.id ?? parent);
}

/** Seconds that the task has run: told by the server once it ended, counted here until then. */
function runTime({ started, completed, active_duration: active, status }) {
  const begin = moment(started);
  if (begin === null) return '–';
  if (status === 'in_progress') return duration((Date.now() - begin) / 1000);
  return duration(active ?? (moment(completed) - begin) / 1000);
}

function code(task) {
  const [script, container] = [task.script ?? {}, task.container ?? {}];
  const pip = script.requirements?.pip;
  const requirements = Array.isArray(pip) ? pip.join('\n') : pip;
  const list = facts([
    ['Repository', script.repository && webLink(withoutPassword(script.repository))],
    ['Branch', script.branch],
    ['Tag', script.tag],
    ['Commit', script.version_num && h('code', {}, script.version_num)],
    ['Entry point', script.entry_point && h('code', {}, script.entry_point)],
    ['Folder', script.working_dir && h('code', {}, script.working_dir)],
    ['Interpreter', script.binary && h('code', {}, script.binary)],
    ['Container', container.image && h('code', {}, container.image)],
  ]);
  return [
    list || h('p', { class: 'muted' }, 'No code is recorded.'),
    script.diff && text(script.repository ? 'Uncommitted changes' : 'Script', script.diff),
    requirements && text('Python packages', requirements),
    container.setup_shell_script && text('Setup script', container.setup_shell_script),
  ];
}

function withoutPassword(repository) {
  if (!URL.canParse(repository)) return repository;
  const url = new URL(repository);
  if (!url.password && !url.username) return repository;
  [url.username, url.password] = ['', ''];
  return url.href;
}

function latestScalars(metrics) {
  const rows = Object.values(metrics).flatMap((variants) => Object.values(variants))
    .filter(({ metric, variant }) => metric && variant && !metric.startsWith(':monitor'));
  if (rows.length === 0) return [];
  return [h('h2', {}, 'Latest scalars'), h('div', { class: 'scroll' }, h('table', { class: 'values' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Scalar'),
      ['Last', 'Min', 'Max'].map((title) => h('th', { scope: 'col', class: 'number' }, title)))),
    h('tbody', {}, rows.map((row) => h('tr', {},
      h('th', { scope: 'row' }, row.metric === row.variant ? row.metric : `${row.metric} / ${row.variant}`),
      [row.value, row.min_value, row.max_value].map((value) => h('td', { class: 'number' }, number(value)))))))) ];
}

function given(hyperparams, configuration) {
  const sections = Object.entries(hyperparams).filter(([, items]) => Object.keys(items).length > 0);
  if (sections.length === 0 && Object.keys(configuration).length === 0) {
    return [h('p', { class: 'muted' }, 'None. Arguments of argparse and what goes through task.connect show up here.')];
  }
  return [
    h('div', { class: 'sections' }, sections.map(([section, items]) => h('div', {}, h('h3', {}, section),
      facts(Object.entries(items).map(([name, item]) => [name, h('code', {}, item.value || '""')]))))),
    ...Object.entries(configuration).map(([name, item]) => text(name, item.value ?? '')),
  ];
}

const text = (title, content) => h('details', {}, h('summary', {}, title), h('pre', { tabindex: 0 }, content));

function facts(list) {
  const shown = list.filter(([, value]) => value);
  return shown.length > 0 && h('dl', { class: 'facts' },
    shown.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}
