// One task: its heading, what can be done with it, and its tabs.

import { actions } from './actions.js';
import { call } from './api.js';
import { artifacts } from './artifacts.js';
import { consoleLog } from './console.js';
import { empty, h, refresh } from './dom.js';
import { overview } from './overview.js';
import { poll } from './poll.js';
import { queueNames } from './queues.js';
import { scalars } from './scalars.js';
import { isLive, pill } from './status.js';

const tabs = {
  overview: { title: 'Overview', open: overview },
  console: { title: 'Console', open: consoleLog },
  scalars: { title: 'Scalars', open: scalars },
  artifacts: { title: 'Artifacts', open: artifacts },
};

/** What changes while a task runs, and little enough to ask for often. */
const quickFields = [
  'status', 'status_message', 'status_reason', 'status_changed', 'started', 'completed', 'active_duration',
  'last_change', 'last_update', 'last_iteration', 'last_worker', 'last_metrics',
];
const wholeFields = [
  ...quickFields, 'name', 'type', 'comment', 'created', 'tags', 'parent', 'project.name', 'user.name', 'execution',
  'container', 'models', 'script', 'hyperparams', 'configuration',
];

export function task(route, signal) {
  const { id } = route;
  let record = null;
  let open = null;

  const heading = h('header', { class: 'task-heading' });
  const nav = h('nav', { class: 'tabs', 'aria-label': 'Task' },
    Object.entries(tabs).map(([name, { title }]) => h('a', { href: address(name), 'data-tab': name }, title)));
  const body = h('div', { class: 'tab-body' });
  const element = h('article', {}, heading, nav, body);
  document.title = 'Task · Stint';

  async function load() {
    const quick = await find(quickFields);
    if (!quick) return missing();
    const isStale = !record || record.last_change !== quick.last_change || record.status !== quick.status;
    const update = isStale ? await find(wholeFields) : quick;
    if (signal.aborted || !update) return;
    record = { ...record, ...cleared, ...update };
    const queue = record.execution?.queue;
    if (isStale) record.queueName = queue && (queue.name ?? (await queueNames(signal)).get(queue.id ?? queue));
    draw();
  }

  async function find(fields) {
    const { tasks } = await call('tasks.get_all_ex', { id: [id], only_fields: fields, search_hidden: true }, signal);
    return tasks[0];
  }

  function draw() {
    document.title = `${record.name} · Stint`;
    const { name, project, status, status_message } = record;
    refresh(heading, { name, project, status, status_message }, () => [
      h('p', { class: 'crumbs' }, h('a', { href: '#/tasks' }, 'Tasks'), project?.name && h('span', {}, project.name)),
      h('div', { class: 'heading' }, h('h1', {}, name || id), pill(record), actions(record, load)),
    ]);
    open?.draw?.(record);
  }

  function missing() {
    element.replaceChildren(empty('There is no such task', `Nothing has the id ${id}. It may have been deleted.`));
  }

  function select(name) {
    open?.ending.abort();
    const ending = new AbortController();
    signal.addEventListener('abort', () => ending.abort());
    for (const link of nav.children) {
      if (link.dataset.tab === name) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    open = { ...tabs[name].open({ id, signal: ending.signal, task: () => record }), ending };
    body.replaceChildren(open.element);
    if (record) open.draw?.(record);
  }

  function address(name) {
    return name === 'overview' ? `#/tasks/${id}` : `#/tasks/${id}/${name}`;
  }

  function update({ tab }) {
    select(Object.hasOwn(tabs, tab ?? '') ? tab : 'overview');
    return true;
  }

  update(route);
  poll(signal, () => (record && !isLive(record) ? 5000 : 1500), load);
  return { element, update };
}

/** Fields that an answer leaves out once they are unset, as after a reset. */
const cleared = {
  started: null, completed: null, active_duration: null, last_worker: null, status_message: '', status_reason: '',
};
