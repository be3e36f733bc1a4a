// What waits in a queue, in an order that can be changed by dragging or with the keyboard.

import { call } from '../lib/api.js';
import { menuButton } from '../lib/dialog.js';
import { empty, h, icon, refresh } from '../lib/dom.js';
import { ago, grouped } from '../lib/format.js';
import { attempt, toast } from '../lib/poll.js';
import { address } from '../lib/route.js';

/** `moved` is called after each change, `wantMore` when the user wants to see more than there are. */
export function entryList({ signal, moved, wantMore }) {
  const list = h('ol', { class: 'entries', 'aria-label': 'Waiting tasks, first to run first' });
  const more = h('button', { type: 'button', class: 'more-entries', hidden: true, onclick: wantMore });
  const nothing = h('div', { hidden: true }, empty('Nothing waits', 'Tasks that are enqueued here show up in the order in which they will run.'));
  const hint = h('p', { class: 'muted small entry-hint' }, 'Drag a task, or press Alt with an arrow key, to change the order.');
  const names = new Map();
  let queue = null;
  let dragged = null;

  async function show(next) {
    queue = next;
    const entries = next.entries ?? [];
    const unknown = entries.map(idOf).filter((id) => !names.has(id));
    if (unknown.length > 0) await findNames(unknown).catch(() => {});
    if (signal.aborted || queue !== next || dragged || list.querySelector('[aria-expanded="true"]')) return;
    nothing.hidden = entries.length > 0;
    hint.hidden = entries.length < 2;
    more.hidden = next.waiting <= entries.length;
    more.textContent = `Show more of the ${grouped(next.waiting - entries.length)} others`;
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const [row, at] = [focused?.closest('li'), [...list.children].indexOf(focused?.closest('li'))];
    const control = row && focused !== row ? [...row.querySelectorAll('a, button')].indexOf(focused) : -1;
    refresh(list, [next.id, entries.map((entry) => [idOf(entry), entry.added, names.get(idOf(entry))?.name])], () => entries.map(entryRow));
    if (!row || row.isConnected) return;
    // The same task, or what is in its place now that it is gone.
    const again = list.querySelector(`li[data-id="${CSS.escape(row.dataset.id)}"]`) ?? list.children[Math.min(at, list.children.length - 1)];
    (again?.querySelectorAll('a, button')[control] ?? again)?.focus();
  }

  async function findNames(ids) {
    const { tasks } = await call('tasks.get_all_ex', {
      id: ids, only_fields: ['name', 'project.name', 'user.name'], page: 0, page_size: 500, search_hidden: true,
    }, signal);
    for (const task of tasks) names.set(task.id, task);
  }

  function entryRow(entry, index) {
    const id = idOf(entry);
    const task = names.get(id) ?? { name: id };
    return h('li', {
      draggable: 'true', tabindex: 0, 'data-id': id, 'aria-label': `${index + 1}: ${task.name}`,
      ondragstart: (event) => {
        dragged = id;
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', id);
        event.currentTarget.classList.add('dragged');
      },
      ondragend: () => {
        dragged = null;
        for (const item of list.children) item.classList.remove('dragged', 'before', 'after');
      },
      ondragover: (event) => {
        event.preventDefault();
        const { top, height } = event.currentTarget.getBoundingClientRect();
        const isBelow = event.clientY > top + height / 2;
        for (const item of list.children) item.classList.remove('before', 'after');
        event.currentTarget.classList.add(isBelow ? 'after' : 'before');
      },
      ondrop: (event) => {
        event.preventDefault();
        const isBelow = event.currentTarget.classList.contains('after');
        place(dragged ?? event.dataTransfer.getData('text/plain'), id, isBelow);
      },
      onkeydown: (event) => step(event, id),
    },
    h('span', { class: 'grip' }, icon('grip')), h('span', { class: 'place muted' }, index + 1),
    h('a', { href: address('tasks', id), draggable: 'false' }, task.name), h('span', { class: 'muted entry-project' }, task.project?.name ?? ''),
    h('span', { class: 'muted' }, 'enqueued ', ago(entry.added)),
    menuButton(icon('more'), `Actions for ${task.name}`, () => [
      { title: 'To the front', disabled: index === 0, run: () => act('move_task_to_front', id) },
      { title: 'One up', disabled: index === 0, run: () => act('move_task_forward', id, { count: 1 }) },
      { title: 'One down', disabled: index + 1 >= queue.waiting, run: () => act('move_task_backward', id, { count: 1 }) },
      { title: 'To the back', disabled: index + 1 >= queue.waiting, run: () => act('move_task_to_back', id) },
      null,
      { title: 'Take out of the queue', style: 'danger', run: () => attempt(() => takeOut(id)) },
    ], { class: 'icon-button' }));
  }

  function step(event, id) {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    act(event.key === 'ArrowUp' ? 'move_task_forward' : 'move_task_backward', id, { count: 1 });
  }

  /** Puts a task before or after another, wherever both are by now. */
  function place(id, other, isBelow) {
    const order = (queue.entries ?? []).map(idOf);
    const [from, index] = [order.indexOf(id), order.indexOf(other)];
    const to = index + (isBelow ? 1 : 0) - (from < index || (from === index && isBelow) ? 1 : 0);
    dragged = null;
    if (from < 0 || index < 0 || to === from) return;
    act(to < from ? 'move_task_forward' : 'move_task_backward', id, { count: Math.abs(from - to) });
  }

  function act(name, id, more_ = {}) {
    return attempt(async () => {
      await call(`queues.${name}`, { queue: queue.id, task: id, ...more_ });
      await moved();
    });
  }

  async function takeOut(id) {
    await call('tasks.dequeue', { task: id });
    toast('Taken out of the queue');
    await moved();
  }

  return { element: h('div', { class: 'entry-place' }, hint, list, more, nothing), show };
}

const idOf = ({ task }) => task?.id ?? task;
