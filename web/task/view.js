// One task: its heading, what can be done with it, and its tabs.

import { call } from '../lib/api.js';
import { menuButton } from '../lib/dialog.js';
import { h, icon, iconButton, refresh } from '../lib/dom.js';
import { copy } from '../lib/files.js';
import { part, poll } from '../lib/poll.js';
import { address, currentRoute, open as go } from '../lib/route.js';
import { isArchived, isLive, pill, statusLabel } from '../lib/status.js';
import { tabBar } from '../lib/tabs.js';
import { queueNames } from '../machines/names.js';
import { above, projectsAbove } from '../tasks/projects.js';
import { actionsFor } from './actions.js';
import { artifacts } from './artifacts.js';
import { configuration } from './configuration.js';
import { consoleLog } from './console/view.js';
import { execution } from './execution.js';
import { images } from './images.js';
import { overview } from './overview.js';
import { plots } from './plots.js';
import { scalars } from './scalars.js';

const tabs = {
  overview: { title: 'Overview', open: overview },
  execution: { title: 'Execution', open: execution },
  configuration: { title: 'Configuration', open: configuration },
  artifacts: { title: 'Artifacts', open: artifacts },
  console: { title: 'Console', open: consoleLog },
  scalars: { title: 'Scalars', open: scalars },
  plots: { title: 'Plots', open: plots },
  images: { title: 'Images', open: images },
};

/** What changes while a task runs, and little enough to ask for often. */
const quickFields = [
  'status', 'status_message', 'status_reason', 'status_changed', 'started', 'completed', 'active_duration', 'enqueued',
  'last_change', 'last_update', 'last_iteration', 'last_worker', 'last_metrics', 'runtime', 'attempts',
];
const wholeFields = [
  ...quickFields, 'name', 'type', 'comment', 'created', 'published', 'tags', 'system_tags', 'parent', 'project', 'project.name',
  'user.name', 'execution', 'container', 'models', 'script', 'hyperparams', 'configuration', 'output',
];

export function task(route, signal) {
  const { id } = route;
  let record = null;
  let shown = null;
  /** The state that was told. */
  let told = null;
  let projects = new Map();

  const heading = h('header', { class: 'task-heading' });
  const spoken = h('p', { class: 'unseen', role: 'status' });
  const nav = tabBar('Task', tabs, (name) => address('tasks', id, name === 'overview' ? null : name));
  const body = h('div', { class: 'tab-body' });
  const element = h('article', { class: 'task' }, heading, spoken, nav.element, body);
  document.title = 'Task · Stint';

  async function load() {
    const quick = await find(quickFields);
    if (!quick) return missing();
    const isStale = !record || record.last_change !== quick.last_change || record.status !== quick.status;
    const update = isStale ? await find(wholeFields) : quick;
    if (signal.aborted || !update) return undefined;
    record = isStale ? update : { ...record, ...cleared, ...update };
    const queue = record.execution?.queue;
    if (isStale && record.project?.name && !projects.has(record.project.name)) projects = await projectsAbove(record.project, signal);
    if (isStale) record.queueName = queue && (queue.name ?? (await queueNames(signal)).get(queue.id ?? queue));
    return draw();
  }

  /** Asks anew, whatever the server says about changes. */
  async function reload({ isDeleted } = {}) {
    if (isDeleted) return go(address('tasks', null, null, record?.project?.id ? { project: record.project.id } : {}));
    record = null;
    return load();
  }

  async function find(fields) {
    const { tasks } = await call('tasks.get_all_ex', { id: [id], only_fields: fields, search_hidden: true }, signal);
    return tasks[0];
  }

  function draw() {
    document.title = `${record.name} · Stint`;
    const { name, project, status, status_message: message, tags, system_tags: marks } = record;
    if (told && told !== status) spoken.textContent = `The task is now: ${statusLabel(status)}`;
    told = status;
    refresh(heading, { name, project, status, message, tags, marks, parents: [...projects] }, () => {
      const [first, ...others] = actionsFor([record], reload);
      const main = first?.style ? first : null;
      return [
        h('p', { class: 'crumbs' }, h('a', { href: '#/tasks' }, 'Tasks'), projectLinks(project)),
        h('div', { class: 'heading' },
          h('div', { class: 'task-title' }, h('h1', { title: name }, name || id), pill(record),
            isArchived(record) && h('span', { class: 'tag' }, 'archived'),
            (tags ?? []).map((tag) => h('span', { class: 'tag', title: tag }, tag))),
          h('div', { class: 'actions', role: 'group', 'aria-label': 'Actions' },
            main && h('button', { type: 'button', class: main.style, onclick: main.run }, main.title.replace('…', '')),
            h('button', {
              type: 'button', onclick: () => actionsFor([record], reload).find(({ title }) => title === 'Clone…').run(),
            }, 'Clone'),
            iconButton('link', 'Copy a link to this page', () => copy(location.href, 'Link')),
            menuButton(icon('more'), 'More actions', () => [
              ...(main ? others : [first, ...others]).filter(({ title }) => title !== 'Clone…'),
              { title: 'Compare with its parent', disabled: !parentOf(record), run: () => go(address('compare', `${id},${parentOf(record)}`)) },
              { title: 'Copy the id', run: () => copy(id, 'Id') },
            ], { class: 'icon-button', id: 'more-actions' }))),
      ];
    });
    shown?.draw?.(record);
  }

  const parentOf = ({ parent }) => parent?.id ?? parent;

  function projectLinks(project) {
    return above(project?.name ?? '').filter(Boolean).map((name) => {
      const title = name.split('/').at(-1);
      return projects.has(name) ? h('a', { href: address('tasks', null, null, { project: projects.get(name) }) }, title) : h('span', {}, title);
    });
  }

  function missing() {
    element.replaceChildren(h('p', { class: 'crumbs' }, h('a', { href: '#/tasks' }, 'Tasks')), h('h1', {}, 'There is no such task'),
      h('p', { class: 'muted' }, `Nothing has the id ${id}. It may have been deleted, or the link is cut short.`));
  }

  function select(name) {
    shown?.ending.abort();
    const ending = part(signal);
    nav.select(name);
    shown = { ...tabs[name].open({ id, signal: ending.signal, task: () => record, reload }), ending, name };
    body.replaceChildren(shown.element);
    if (record) shown.draw?.(record);
  }

  function update({ tab }) {
    const name = Object.hasOwn(tabs, tab ?? '') ? tab : 'overview';
    if (shown?.name !== name) select(name);
    return true;
  }

  update(route ?? currentRoute());
  poll(signal, () => (record && !isLive(record) ? 5000 : 1500), load);
  return { element, update, className: 'wide' };
}

/** Fields that an answer leaves out once they are unset, as after a reset. */
const cleared = {
  started: null, completed: null, active_duration: null, last_worker: null, status_message: '', status_reason: '',
};
