// The queues: what waits in them, and who serves them.

import { call } from './api.js';
import { empty, h, refreshList } from './dom.js';
import { ago, plural } from './format.js';
import { poll } from './poll.js';

const mostEntries = 50;

export function queues(route, signal) {
  document.title = 'Queues · Stint';
  const list = h('div', { class: 'cards' });
  const nothing = h('div', { hidden: true });

  poll(signal, 2000, async () => {
    const { queues: found } = await call('queues.get_all_ex', { order_by: ['name'] }, signal);
    const names = await taskNames(found, signal);
    if (signal.aborted) return;
    refreshList(list, found.map((queue) => summary(queue, names)), card);
    nothing.hidden = found.length > 0;
    nothing.replaceChildren(empty('No queues', 'An agent started with --create-queue makes one.'));
  });

  return { element: h('section', {}, h('div', { class: 'heading' }, h('h1', {}, 'Queues')), list, nothing) };
}

/** Queue names by id, at most a few seconds old. */
export async function queueNames(signal) {
  if (Date.now() - cached.at > 5000) {
    const { queues: found } = await call('queues.get_all_ex', { only_fields: ['name'] }, signal);
    cached = { at: Date.now(), names: new Map(found.map(({ id, name }) => [id, name])) };
  }
  return cached.names;
}

let cached = { at: 0, names: new Map() };

const entryTask = ({ task }) => task?.id ?? task;

/** Names of the waiting tasks that are shown and that the queues' answer does not name. */
async function taskNames(found, signal) {
  const ids = found.flatMap(({ entries = [] }) => entries.slice(0, mostEntries))
    .filter(({ task }) => !task?.name).map(entryTask);
  if (ids.length === 0) return new Map();
  const body = { id: ids, only_fields: ['name', 'project.name'], page: 0, page_size: 500, search_hidden: true };
  const { tasks } = await call('tasks.get_all_ex', body, signal);
  return new Map(tasks.map(({ id, name }) => [id, name]));
}

/** What a card shows of a queue, and nothing else, so that it is redrawn only for a reason. */
function summary({ id, name, display_name: shown, entries = [], workers = [], tags = [] }, names) {
  return {
    id, tags, name: shown || name, waiting: entries.length,
    entries: entries.slice(0, mostEntries).map((entry) => {
      const task = entryTask(entry);
      return { task, name: entry.task?.name ?? names.get(task) ?? task, added: entry.added };
    }),
    workers: workers.map((worker) => ({ name: worker.name ?? worker.id, task: worker.task?.id ? worker.task : null })),
  };
}

function card({ name, tags, waiting, entries, workers }) {
  return h('section', { class: 'card', 'aria-label': name },
    h('div', { class: 'card-heading' }, h('h2', {}, name), tags.map((tag) => h('span', { class: 'tag' }, tag)),
      h('span', { class: 'count' }, waiting === 0 ? 'Empty' : `${waiting} waiting`)),
    h('p', { class: 'muted' }, workers.length === 0 ? 'No worker serves this queue.' : [
      `${plural(workers.length, 'worker')}: `,
      workers.map(({ name: worker, task }, index) =>
        [index > 0 && ', ', h('a', { href: '#/workers' }, worker), task && ' (busy)']),
    ]),
    entries.length > 0 && h('ol', { class: 'entries' }, entries.map((entry) => h('li', {},
      h('a', { href: `#/tasks/${entry.task}` }, entry.name), h('span', { class: 'muted' }, ago(entry.added))))),
    waiting > entries.length && h('p', { class: 'muted' }, `and ${waiting - entries.length} more`));
}
