// The workers: how busy their machines are, what they run, and why they idle.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { empty, h, refresh, refreshList } from '../lib/dom.js';
import { byName, counted } from '../lib/format.js';
import { poll } from '../lib/poll.js';
import { address } from '../lib/route.js';
import { onTheme } from '../lib/theme.js';
import { areaChart, spanPicker } from './history.js';
import { activity, isSilent, labelOf, statePill } from './state.js';
import { meters } from './usage.js';

/** What is drawn of all workers, over one another. */
const loads = [['gpu_usage', 'GPU'], ['cpu_usage', 'CPU']];
/** More lines than this are none. */
const mostLines = 10;

export function workers(route, signal) {
  document.title = 'Workers · Stint';
  const list = h('div', { class: 'cards' });
  const count = h('span', { class: 'muted' });
  const nothing = h('div', { hidden: true });
  const frame = charts({ signal, label: 'Use of the workers over time' });
  const span = spanPicker(() => drawHistory());
  const history = h('section', { class: 'history', hidden: true },
    h('div', { class: 'heading' }, h('h2', {}, 'Use over time'), span.element), frame.element);
  onTheme(() => drawHistory(), signal);
  const known = Promise.withResolvers();
  let here = [];

  poll(signal, 2000, async () => {
    const [{ workers: found }, { queues }] = await Promise.all([
      call('workers.get_all', { last_seen: 3600 }, signal),
      call('queues.get_all_ex', { only_fields: ['name', 'entries', 'system_tags'], max_task_entries: 1 }, signal),
    ]);
    found.sort((a, b) => byName(a.id, b.id));
    here = found;
    known.resolve();
    refreshList(list, found.map(({ id }) => ({ id })), card);
    for (const [index, worker] of found.entries()) fillCard(list.children[index], worker, queues);
    const busy = found.filter((worker) => worker.task?.id && !isSilent(worker)).length;
    count.textContent = found.length ? `${counted(found.length, 'worker')}, ${busy} busy` : '';
    nothing.hidden = found.length > 0;
    refresh(nothing, [], () => [
      empty('No workers', 'Start one on a machine that is to run tasks:'),
      h('pre', { class: 'command' }, 'stint agent daemon --queue default'),
    ]);
    history.hidden = found.length === 0;
  });
  known.promise.then(() => poll(signal, 15_000, drawHistory));

  async function drawHistory() {
    const times = span.times();
    const drawn = new Map(loads.map(([key]) =>
      [key, here.filter(({ machine_stats: stats }) => stats?.[key]?.length > 0).slice(0, mostLines).map(({ id }) => id)]));
    const ids = [...new Set([...drawn.values()].flat())];
    const items = loads.map(([key]) => ({ key, category: 'avg' }));
    const [{ total, active }, { workers: stats }] = await Promise.all([
      call('workers.get_activity_report', times, signal),
      ids.length > 0 ? call('workers.get_stats', { ...times, worker_ids: ids, items }, signal) : { workers: [] },
    ]);
    if (signal.aborted) return;
    const loadCharts = loads.map(([key, title]) => {
      const series = drawn.get(key).map((id) => ({
        name: id, shade: ids.indexOf(id),
        ...stats.find(({ worker }) => worker === id)?.metrics.find(({ metric }) => metric === key)?.stats[0],
      })).filter(({ values }) => values?.length > 0);
      return series.length > 0 && areaChart(key, title, series, times, { height: 220, suffix: ' %', most: 100 });
    }).filter(Boolean);
    const activityChart = areaChart('activity', 'Workers', [
      { name: 'there', dates: total.dates, values: total.counts }, { name: 'busy', dates: active.dates, values: active.counts, isFilled: true },
    ], times, { height: 220 });
    frame.show([{ charts: [activityChart, ...loadCharts] }]);
  }

  return {
    element: h('section', {}, h('div', { class: 'heading' }, h('h1', {}, 'Workers'), count), list, nothing, history),
    className: 'wide',
  };
}

const card = ({ id }) => h('section', { class: 'card worker', 'aria-label': id }, h('div'), h('div'));

function fillCard(element, worker, queues) {
  const [about, load] = element.children;
  const { id, ip, task, queues: served = [], tags = [], machine_stats: stats } = worker;
  const silent = isSilent(worker);
  const serves = served.length > 0 && `serves ${served.map((queue) => queue.name ?? queue.id ?? queue).join(', ')}`;
  const waits = queues.map((queue) => [queue.id, (queue.entries ?? []).length > 0, queue.system_tags]);
  refresh(about, { id, ip, task, served, tags, silent, waits, orders: worker.orders, state: worker.state }, () => [
    h('div', { class: 'card-heading' }, h('h2', {}, h('a', { href: address('workers', id) }, labelOf(worker))), statePill(worker)),
    h('p', { class: 'muted' }, [labelOf(worker) !== id && id, ip, serves].filter(Boolean).join(' · ')),
    tags.length > 0 && h('p', {}, tags.map((tag) => h('span', { class: 'tag' }, tag))),
    h('p', { class: 'runs' }, activity(worker, queues)),
  ]);
  refresh(load, stats ?? {}, () => meters(stats ?? {}));
}
