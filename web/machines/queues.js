// The queues: what waits in them and in which order, who serves them, and how long tasks waited.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { ask, menuButton } from '../lib/dialog.js';
import { empty, h, icon, iconButton, refresh } from '../lib/dom.js';
import { ago, byName, counted, duration, grouped, timeUnit } from '../lib/format.js';
import { attempt, poll, toast } from '../lib/poll.js';
import { address, open } from '../lib/route.js';
import { entryList } from './entries.js';
import { areaChart, spanPicker } from './history.js';
import { isPaused } from './state.js';

/** So many waiting tasks are shown at first, and more at a time. */
const fewEntries = 200;

/** So many of the workers of a queue are named. */
const mostNamed = 8;

export function queues(route, signal) {
  document.title = 'Queues · Stint';
  let chosen = route.id ?? '';
  let isAsked = chosen !== '';
  let all = [];
  let isKnown = false;
  let mostEntries = fewEntries;
  const list = h('ul', { class: 'queue-list' });
  const heading = h('div');
  const workers = h('p', { class: 'muted' });
  const entries = entryList({ signal, moved: () => load(), wantMore: () => {
    mostEntries += fewEntries;
    attempt(load);
  } });
  const frame = charts({ signal, label: 'History of the queue' });
  const span = spanPicker(signal, drawHistory);
  const detail = h('section', { class: 'queue-detail', hidden: true }, heading, workers, entries.element,
    h('div', { class: 'heading history' }, h('h2', {}, 'History'), span.element), frame.element);
  const nothing = h('div', { hidden: true });

  poll(signal, 2000, load);
  span.follow();

  async function load() {
    const { queues: found } = await call('queues.get_all_ex', {
      order_by: ['name'], max_task_entries: mostEntries,
      only_fields: ['name', 'display_name', 'tags', 'system_tags', 'entries', 'workers', 'policy'],
    }, signal);
    const counts = await Promise.all(found.map(({ id, entries: some = [] }) =>
      (some.length < mostEntries ? some.length : call('queues.get_num_entries', { queue: id }, signal).then(({ num }) => num))));
    if (signal.aborted) return;
    all = found.map((queue, index) => ({ ...queue, title: queue.display_name || queue.name, waiting: counts[index] })).sort((a, b) => byName(a.title, b.title));
    // Another one is not shown in place of the one that was asked for: somebody may be about to pause or empty it.
    const shown = chosen;
    if (!isAsked && !all.some(({ id }) => id === chosen)) chosen = all[0]?.id ?? '';
    draw();
    if (!isKnown || chosen !== shown) span.redraw();
    isKnown = true;
  }

  function draw() {
    const queue = all.find(({ id }) => id === chosen);
    nothing.hidden = Boolean(queue);
    refresh(nothing, all.length > 0, () => (all.length > 0 ? empty('This queue is not there', 'It was deleted. Choose another.')
      : empty('No queues', 'Make one, or start an agent with --create-queue.')));
    const isNew = list.querySelector('.chosen')?.dataset.id !== chosen;
    refresh(list, [chosen, all.map(({ id, title, waiting, workers: some, system_tags: tags }) => [id, title, waiting, some?.length, tags])], () =>
      all.map((queue) => h('li', {}, h('a', {
        href: address('queues', queue.id), class: queue.id === chosen ? 'chosen' : '', 'aria-current': queue.id === chosen ? 'true' : null, 'data-id': queue.id, title: queue.title,
      }, h('span', { class: 'queue-name' }, queue.title), isPaused(queue) && h('span', { class: 'tag' }, 'paused'),
      h('span', { class: `count${queue.waiting > 0 ? ' some' : ''}`, title: 'Waiting tasks' }, grouped(queue.waiting))))));
    // On a phone they are in a row that is longer than the screen is wide.
    const link = list.querySelector('.chosen');
    if (isNew && link && list.scrollWidth > list.clientWidth) list.scrollTo({ left: link.parentElement.offsetLeft - list.offsetLeft - 40 });
    detail.hidden = !queue;
    document.title = queue ? `${queue.title} · Queues · Stint` : 'Queues · Stint';
    if (!queue) return;
    refresh(heading, [queue.title, queue.name, queue.waiting, queue.system_tags, queue.tags], () => h('div', { class: 'heading' },
      h('h2', { class: 'title' }, queue.title), isPaused(queue) && h('span', { class: 'pill queued' }, 'Paused'),
      (queue.tags ?? []).map((tag) => h('span', { class: 'tag' }, tag)), h('span', { class: 'muted' }, `${counted(queue.waiting, 'task')} waiting`),
      h('div', { class: 'actions end' },
        h('button', { type: 'button', onclick: () => pauseQueue(queue) }, icon(isPaused(queue) ? 'play' : 'pause'), isPaused(queue) ? 'Resume' : 'Pause'),
        menuButton(icon('more'), `Queue ${queue.title}`, () => [
          { title: 'Rename…', run: () => renameQueue(queue) },
          { title: 'Empty it…', disabled: queue.waiting === 0, run: () => clear(queue) },
          null,
          { title: 'Delete…', style: 'danger', disabled: (queue.system_tags ?? []).includes('default'), run: () => remove(queue) },
        ], { class: 'icon-button' }))));
    refresh(workers, queue.workers ?? [], () => ((queue.workers ?? []).length === 0 ? 'No worker serves this queue: what is enqueued waits.'
      : [`${counted(queue.workers.length, 'worker')}: `, queue.workers.slice(0, mostNamed).map(({ name }, index) => [index > 0 && ', ', h('a', { href: address('workers', name) }, name)]),
        queue.workers.length > mostNamed && [' and ', h('a', { href: '#/workers' }, `${queue.workers.length - mostNamed} more`)]]));
    entries.show(queue);
  }

  function pauseQueue(queue) {
    return attempt(async () => {
      const tags = (queue.system_tags ?? []).filter((tag) => tag !== 'paused');
      await call('queues.update', { queue: queue.id, system_tags: isPaused(queue) ? tags : [...tags, 'paused'] });
      await load();
    });
  }

  function add() {
    const name = h('input', { id: 'queue-name', required: true, minlength: 3, maxlength: 100 });
    ask({
      title: 'New queue', verb: 'Create', content: [h('label', { for: 'queue-name' }, 'Name'), name],
      run: async () => {
        const { id } = await call('queues.create', { name: name.value.trim() });
        await load();
        open(address('queues', id));
      },
    });
  }

  function renameQueue(queue) {
    const name = h('input', { id: 'queue-name', required: true, minlength: 3, maxlength: 100, value: queue.name });
    const tags = h('input', { id: 'queue-tags', value: (queue.tags ?? []).join(', ') });
    ask({
      title: 'Rename queue', verb: 'Save',
      content: [
        h('label', { for: 'queue-name' }, 'Name; agents that serve it by its old name will not find it'), name,
        h('label', { for: 'queue-tags' }, 'Tags'), tags,
      ],
      run: async () => {
        await call('queues.update', {
          queue: queue.id, name: name.value.trim(), tags: tags.value.split(',').map((tag) => tag.trim()).filter(Boolean),
        });
        await load();
      },
    });
  }

  function clear(queue) {
    ask({
      title: `Empty ${queue.title}?`, verb: 'Empty it', style: 'danger',
      content: h('p', {}, `${counted(queue.waiting, 'task')} will wait no more, and become what they were before.`),
      run: async () => {
        await call('queues.clear_queue', { queue: queue.id });
        await load();
      },
    });
  }

  function remove(queue) {
    ask({
      title: `Delete ${queue.title}?`, verb: 'Delete', style: 'danger',
      content: h('p', {}, queue.waiting > 0 ? `${counted(queue.waiting, 'task')} that wait in it become what they were before.` : 'It is empty.'),
      run: async () => {
        await call('queues.delete', { queue: queue.id, force: true });
        toast(`${queue.title} deleted`);
        open('#/queues');
        await load();
      },
    });
  }

  async function drawHistory(times) {
    if (!all.some(({ id }) => id === chosen)) return;
    const { queues: found } = await call('queues.get_queue_metrics', { ...times, queue_ids: [chosen] }, signal);
    if (signal.aborted || found.length === 0) return;
    const [{ dates, avg_waiting_times: waits, queue_lengths: lengths }] = found;
    const [unit, seconds] = timeUnit(Math.max(0, ...waits));
    const wait = { name: 'wait', dates, values: waits.map((each) => each / seconds), isFilled: true };
    frame.show([{
      layout: 'half',
      charts: [
        areaChart('length', 'Waiting tasks', [{ name: 'waiting', dates, values: lengths, isFilled: true }], times, { height: 200 }),
        { ...areaChart('wait', 'Average wait', [wait], times, { height: 200, suffix: ` ${unit}` }),
          note: waits.length > 0 ? `now ${duration(waits.at(-1))}` : '' },
      ],
    }]);
  }

  function update({ id }) {
    isAsked = Boolean(id);
    chosen = id ?? all[0]?.id ?? '';
    mostEntries = fewEntries;
    draw();
    span.redraw();
    return true;
  }

  return {
    element: h('section', {}, h('div', { class: 'heading' }, h('h1', {}, 'Queues'),
      h('div', { class: 'actions end' }, h('button', { type: 'button', onclick: add }, icon('plus'), 'New queue'))),
    h('div', { class: 'queues' }, h('nav', { 'aria-label': 'Queues' }, list), h('div', {}, nothing, detail))),
    update, className: 'wide',
  };
}
