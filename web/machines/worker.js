// One worker: what it does, when it may, and how busy its machine was.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { now } from '../lib/clock.js';
import { ask } from '../lib/dialog.js';
import { empty, facts, h, refresh } from '../lib/dom.js';
import { ago, counted } from '../lib/format.js';
import { attempt, poll, toast } from '../lib/poll.js';
import { address } from '../lib/route.js';
import { pill } from '../lib/status.js';
import { areaChart, spanPicker } from './history.js';
import { hoursGrid } from './hours.js';
import { processTable } from './processes.js';
import { activity, activityKey, groupOf, isSilent, labelOf, lastHeard, statePill } from './state.js';
import { storage } from './storage.js';
import { meters } from './usage.js';

/** What is drawn of a machine: title, statistics, what they are drawn in, and the most that there can be. */
const parts = [
  ['CPU', ['cpu_usage'], ' %', 100], ['Memory', ['memory_used'], ' GB'], ['GPU', ['gpu_usage'], ' %', 100],
  ['GPU memory', ['gpu_memory_used'], ' GB'], ['GPU temperature', ['gpu_temperature'], ' °C'],
  ['Network', ['network_rx', 'network_tx'], ' MB/s'], ['Disk', ['disk_read', 'disk_write'], ' MB/s'], ['Free disk', ['disk_free_home'], ' %', 100],
];
const modes = [
  ['enabled', 'In its hours', 'It takes tasks in its hours', 'It takes tasks in its working hours.'],
  ['forced', 'Always', 'It takes tasks at any time', 'It takes tasks at any hour.'],
  ['disabled', 'Never', 'It takes no tasks', 'It takes none until it is enabled again. What runs goes on.'],
  ['draining', 'Drain', 'It takes no more tasks', 'It takes no more tasks, and its agent ends when it runs none any more.'],
];
const taskTypes = [
  'training', 'testing', 'inference', 'data_processing', 'application', 'monitor', 'controller', 'optimizer', 'service', 'qc', 'custom',
];
/** Reported in MB. */
const perUnit = { ' GB': 1024 };
const names = { network_rx: 'in', network_tx: 'out', disk_read: 'read', disk_write: 'written' };

export function worker(route, signal) {
  const { id } = route;
  document.title = `${id} · Stint`;
  const heading = h('div');
  const about = h('section', { class: 'card' });
  const load = h('section', { class: 'card worker' }, h('h2', {}, 'Now'), h('div'));
  const recent = h('section', { class: 'card' });
  const computing = h('section', { class: 'card', hidden: true });
  const mode = h('div', { class: 'segments', role: 'group', 'aria-label': 'Whether it takes tasks' });
  const hours = hoursGrid(signal, (value) => order({ hours: value }, 'Working hours saved'));
  const clock = h('p', { class: 'muted hint' }, 'Working hours, in the server’s time. What runs goes on.');
  const calendar = h('div', {}, clock, hours.element);
  const schedule = h('section', { class: 'card' }, h('h2', {}, 'Takes tasks'), mode, calendar);
  const disk = storage((orders) => call('workers.order', { worker: id, orders }));
  const frame = charts({ signal, label: 'History of the machine' });
  const span = spanPicker(signal, drawHistory);
  const body = h('div', {},
    h('div', { class: 'columns machine' }, h('div', {}, about, schedule, recent), h('div', {}, load, computing, disk.element)),
    h('div', { class: 'heading history' }, h('h2', {}, 'History'), span.element), frame.element);
  const element = h('article', {}, heading, body);
  let ran = null;

  poll(signal, 2000, async () => {
    const [{ workers: found }, { queues }] = await Promise.all([
      call('workers.get_all', { last_seen: 0, include_lost: true }, signal),
      call('queues.get_all_ex', { only_fields: ['name', 'entries', 'system_tags'], max_task_entries: 1 }, signal),
    ]);
    const here = found.find((each) => each.id === id);
    body.hidden = !here;
    if (!here) return refresh(heading, 'none', () => [crumbs(), h('h1', {}, id), empty('This worker is not there', [
      'Its agent has ended, or was silent for more than a day. ', h('a', { href: '#/workers' }, 'See all workers'), '.']),
      h('p', { class: 'hint' }, 'Where it was drained, its agent ends again each time that it is started, until that order is taken back: ',
        h('button', { type: 'button', onclick: () => order({ mode: 'enabled' }, 'It takes tasks once its agent is started') }, 'Let it serve again'))]);
    if (ran !== (here.task?.id ?? '')) {
      ran = here.task?.id ?? '';
      attempt(drawRecent);
    }
    return draw(here, queues);
  });
  poll(signal, 30_000, drawRecent);
  span.follow();
  poll(signal, 60_000, async () => {
    const { utc_offset: offset } = await call('server.info', {}, signal);
    if (!Number.isFinite(offset)) return;
    const there = new Date(now() + offset * 1000);
    const time = there.toLocaleString([], { weekday: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' });
    clock.textContent = `Working hours, in the server’s time: there it is ${time}. What runs goes on.`;
    hours.mark((there.getUTCDay() + 6) % 7, there.getUTCHours());
  });

  const crumbs = () => h('p', { class: 'crumbs' }, h('a', { href: '#/workers' }, 'Workers'));

  function draw(here, queues) {
    const { ip, queues: served = [], tags = [], register_time: registered, user, machine_stats: stats } = here;
    document.title = `${labelOf(here)} · Stint`;
    refresh(heading, [labelOf(here), groupOf(here), here.orders, here.state?.name], () => [crumbs(), h('div', { class: 'heading' },
      h('h1', {}, labelOf(here)), statePill(here),
      h('div', { class: 'actions end' }, h('button', { type: 'button', onclick: () => renameWorker(here) }, 'Rename'),
        h('button', { type: 'button', onclick: () => attempt(() => chooseWork(here)) }, 'Queues and types')))]);
    refresh(about, [ip, served, tags, registered, lastHeard(here), activityKey(here, queues)], () => [h('h2', {}, 'Worker'), facts([
      ['Does', activity(here, queues)],
      ['Serves', served.length > 0 && served.map((queue, index) => [index > 0 && ', ', h('a', { href: address('queues', queue.id) }, queue.name ?? queue.id),
        ` (${queue.num_tasks ?? 0} waiting)`])],
      ['Id', h('code', {}, id)], ['Address', ip], ['Tags', tags.length > 0 && tags.map((tag) => h('span', { class: 'tag' }, tag))],
      ['User', user?.name], ['Since', ago(registered)], ['Last heard of', ago(lastHeard(here))],
    ])]);
    const isKnown = stats && !isSilent(here);
    refresh(load.lastChild, isKnown ? stats : isSilent(here), () => (isKnown ? meters(stats)
      : h('p', { class: 'muted' }, isSilent(here) ? 'Nobody knows: it is silent. Is the machine on, and does its agent run?' : 'It has not reported its load.')));
    computing.hidden = !isKnown || !stats.gpu_processes;
    refresh(computing, stats?.gpu_processes ?? [], () => [h('h2', {}, 'GPU processes'), processTable(stats ?? {})]);
    const { mode: ordered = 'enabled', hours: kept = '' } = here.orders ?? {};
    refresh(mode, ordered, () => modes.map(([value, title, , hint]) => h('button', {
      type: 'button', title: hint, 'aria-pressed': String(ordered === value), onclick: () => setMode(value),
    }, title)));
    hours.use(kept);
    disk.show(here);
  }

  function order(orders, done) {
    return attempt(async () => {
      await call('workers.order', { worker: id, orders });
      toast(done);
      return true;
    });
  }

  function setMode(value) {
    const [, title, done, hint] = modes.find(([each]) => each === value);
    if (value !== 'draining') return order({ mode: value }, done);
    return ask({
      title: 'Drain this worker?', verb: title, content: h('p', {}, hint),
      run: async () => {
        await call('workers.order', { worker: id, orders: { mode: value } });
        toast(done);
      },
    });
  }

  function renameWorker(here) {
    const field = h('input', { id: 'worker-name', value: labelOf(here), maxlength: 100, placeholder: id });
    ask({
      title: 'Rename worker', verb: 'Rename', content: [h('label', { for: 'worker-name' }, `What ${id} is called here`), field],
      run: async () => {
        const value = field.value.trim();
        await call('workers.order', { worker: id, orders: { name: value === id ? '' : value } });
      },
    });
  }

  /** Asks what the worker may take; nothing chosen takes the order back. */
  async function chooseWork(here) {
    const [{ queues }, types] = await Promise.all([
      call('queues.get_all_ex', { order_by: ['name'], only_fields: ['name'] }, signal), taskTypes,
    ]);
    const chosen = (here.orders?.queues ?? []).filter((each) => queues.some((queue) => queue.id === each));
    const kinds = [...(here.orders?.types ?? [])];
    const box = (list, value, title) => h('label', { class: 'check' }, h('input', {
      type: 'checkbox', checked: list.includes(value),
      onchange: ({ target }) => {
        if (target.checked) list.push(value);
        else list.splice(list.indexOf(value), 1);
      },
    }), title);
    ask({
      title: 'Queues and types', verb: 'Save', wide: true,
      content: [
        h('p', { class: 'muted' }, 'Nothing chosen means what its agent was started with, and every type. Queues are served in the order in which they are chosen.'),
        h('div', { class: 'column-lists' },
          h('fieldset', {}, h('legend', {}, 'Queues'), queues.map((queue) => box(chosen, queue.id, queue.name))),
          h('fieldset', {}, h('legend', {}, 'Types of tasks'), types.map((type) => box(kinds, type, type.replaceAll('_', ' '))))),
      ],
      run: () => call('workers.order', { worker: id, orders: { queues: chosen, types: kinds } }),
    });
  }

  async function drawRecent() {
    const { tasks } = await call('tasks.get_all_ex', {
      last_worker: [id], order_by: ['-last_update'], page: 0, page_size: 10, only_fields: ['name', 'status', 'status_message', 'last_update'],
    }, signal);
    refresh(recent, tasks, () => [h('h2', {}, 'Last tasks'), tasks.length === 0 ? h('p', { class: 'muted' }, 'None yet.')
      : h('ul', { class: 'plain' }, tasks.map((task) => h('li', {}, pill(task), h('a', { href: address('tasks', task.id) }, task.name), h('span', { class: 'muted' }, ago(task.last_update)))))]);
  }

  async function drawHistory(times) {
    const { workers: found } = await call('workers.get_stats', {
      worker_ids: [id], ...times, split_by_resource: true, items: parts.flatMap(([, keys]) => keys).map((key) => ({ key, category: 'avg' })),
    }, signal);
    if (signal.aborted) return;
    const stats = new Map((found[0]?.metrics ?? []).map(({ metric, stats: [series] }) => [metric, series]));
    frame.show([{
      charts: parts.map(([title, keys, suffix, most]) => {
        const series = keys.filter((key) => stats.has(key)).flatMap((key) => seriesOf(stats.get(key), names[key] ?? title, perUnit[suffix] ?? 1));
        return series.length > 0 && areaChart(title, title, series, times, { height: 210, suffix, most });
      }).filter(Boolean),
    }]);
  }

  return { element, className: 'wide' };
}

/** One curve for a machine, or one for each core or GPU where there are few. */
function seriesOf({ dates, values, resource_series: resources }, title, unit) {
  const scaled = (some) => some.map((value) => (value === null ? null : value / unit));
  const some = resources ?? [];
  const isOne = some.length < 2 || some.length > 8;
  if (isOne) return [{ name: some.length > 8 ? `mean of ${counted(some.length, 'part')}` : title, dates, values: scaled(values) }];
  return some.map(({ name, values: each }) => ({ name: `${title.split(' ')[0]} ${name}`, dates, values: scaled(each) }));
}
