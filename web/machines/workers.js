// The workers: how busy their machines are, what they run, and why they idle.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { empty, h, refresh, refreshList } from '../lib/dom.js';
import { byName, counted } from '../lib/format.js';
import { poll } from '../lib/poll.js';
import { keep, preference } from '../lib/preferences.js';
import { address, rename } from '../lib/route.js';
import { areaChart, meanOf, spanPicker } from './history.js';
import { activity, activityKey, groupOf, isSilent, labelOf, statePill } from './state.js';
import { levels, meters } from './usage.js';

/** What is drawn of all workers, over one another. */
const loads = [['gpu_usage', 'GPU'], ['cpu_usage', 'CPU']];
/** More lines than this are none: then their mean is drawn. */
const mostLines = 10;
/** So many cards are seen at a glance; more workers are listed, unless the user says otherwise. */
const mostCards = 12;
const groups = { '': 'All', silent: 'Silent', busy: 'Busy', idle: 'Idle', off: 'Off' };

export function workers(route, signal) {
  document.title = 'Workers · Stint';
  let here = [];
  let queues = [];
  let group = Object.hasOwn(groups, route.query.get('show')) ? route.query.get('show') : '';
  let layout = null;
  const list = h('div', { class: 'cards' });
  const count = h('span', { class: 'muted' });
  const nothing = h('div', { hidden: true });
  const pick = h('div', { class: 'segments', role: 'group', 'aria-label': 'Which workers' });
  const search = h('input', { type: 'search', class: 'find', placeholder: 'Find a worker', 'aria-label': 'Find a worker', oninput: () => draw() });
  const shape = h('div', { class: 'segments end', role: 'group', 'aria-label': 'How they are shown' },
    [['cards', 'Cards'], ['rows', 'List']].map(([value, title]) => h('button', { type: 'button', value, onclick: () => chooseLayout(value) }, title)));
  const tools = h('div', { class: 'worker-tools', hidden: true }, pick, search, shape);
  const frame = charts({ signal, label: 'Use of the workers over time' });
  const span = spanPicker(signal, drawHistory);
  const history = h('section', { class: 'history', hidden: true },
    h('div', { class: 'heading' }, h('h2', {}, 'Use over time'), span.element), frame.element);
  const known = Promise.withResolvers();

  preference('workers', {}).then(({ layout: kept }) => {
    layout ??= kept ?? null;
  });
  poll(signal, 2000, async () => {
    const [{ workers: found }, { queues: all }] = await Promise.all([
      call('workers.get_all', { last_seen: 0, include_lost: true }, signal),
      call('queues.get_all_ex', { only_fields: ['name', 'entries', 'system_tags'], max_task_entries: 1 }, signal),
    ]);
    here = found.sort((a, b) => byName(labelOf(a), labelOf(b)));
    queues = all;
    draw();
    known.resolve();
  });
  known.promise.then(span.follow);

  function draw() {
    const sizes = Object.groupBy(here, groupOf);
    const wanted = search.value.trim().toLowerCase();
    const shown = here.filter((worker) => (!group || groupOf(worker) === group)
      && [labelOf(worker), worker.id, worker.ip, ...(worker.tags ?? [])].some((text) => (text ?? '').toLowerCase().includes(wanted)));
    const isList = (layout ?? (here.length > mostCards ? 'rows' : 'cards')) === 'rows';
    list.className = isList ? 'worker-rows' : 'cards';
    for (const button of shape.children) button.setAttribute('aria-pressed', String(isList === (button.value === 'rows')));
    refreshList(list, shown.map((worker) => ({ id: worker.key, label: labelOf(worker) })), card);
    for (const [index, worker] of shown.entries()) fillCard(list.children[index], worker, queues, isList);
    const { busy = [], silent = [] } = sizes;
    count.textContent = here.length ? [counted(here.length, 'worker'), `${busy.length} busy`, silent.length > 0 && `${silent.length} silent`].filter(Boolean).join(', ') : '';
    tools.hidden = here.length < 2;
    search.hidden = here.length <= mostLines && !wanted;
    refresh(pick, [group, Object.entries(sizes).map(([name, { length }]) => [name, length])], () => Object.entries(groups)
      .filter(([name]) => !name || sizes[name] || name === group)
      .map(([name, title]) => h('button', { type: 'button', 'aria-pressed': String(name === group), onclick: () => chooseGroup(name) },
        title, h('span', { class: `tally ${name}` }, name ? sizes[name]?.length ?? 0 : here.length))));
    nothing.hidden = shown.length > 0;
    refresh(nothing, here.length > 0, () => (here.length > 0 ? empty('No such worker', 'None is like that now.') : [
      empty('No workers', 'Start one on a machine that is to run tasks:'),
      h('pre', { class: 'command' }, 'stint agent daemon --queue default'),
    ]));
    history.hidden = here.length === 0;
  }

  function chooseGroup(name) {
    group = name;
    rename(address('workers', null, null, group ? { show: group } : {}));
    draw();
  }

  function chooseLayout(value) {
    layout = value;
    draw();
    keep('workers', { layout }).catch(() => {});
  }

  async function drawHistory(times) {
    const having = (key) => here.filter((worker) => !isSilent(worker) && worker.machine_stats?.[key]?.length > 0);
    const drawn = new Map(loads.map(([key]) => [key, having(key)]));
    const ids = [...new Set([...drawn.values()].flat().map(({ id }) => id))];
    const items = loads.map(([key]) => ({ key, category: 'avg' }));
    const isMany = ids.length > mostLines;
    const coarse = { ...times, interval: isMany ? 4 * times.interval : times.interval };
    const [{ total, active }, { workers: stats }] = await Promise.all([
      call('workers.get_activity_report', times, signal),
      ids.length > 0 ? call('workers.get_stats', { ...coarse, worker_ids: ids, items }, signal) : { workers: [] },
    ]);
    if (signal.aborted) return;
    const statsOf = new Map(stats.map(({ worker, metrics }) => [worker, metrics]));
    const loadCharts = loads.map(([key, title]) => {
      const series = drawn.get(key).map((worker) => ({
        name: labelOf(worker), shade: ids.indexOf(worker.id), weight: worker.machine_stats[key].length,
        ...statsOf.get(worker.id)?.find(({ metric }) => metric === key)?.stats[0],
      })).filter(({ values }) => values?.length > 0);
      if (series.length === 0) return false;
      const note = series.length > mostLines ? `mean of ${counted(series.length, 'worker')}` : '';
      const shown = note ? [{ name: title, isFilled: true, ...meanOf(series) }] : series;
      return areaChart(key, title, shown, times, { height: 220, suffix: ' %', most: 100, note });
    }).filter(Boolean);
    const activityChart = areaChart('activity', 'Workers', [
      { name: 'there', dates: total.dates, values: total.counts }, { name: 'busy', dates: active.dates, values: active.counts, isFilled: true },
    ], times, { height: 220 });
    frame.show([{ charts: [activityChart, ...loadCharts] }]);
  }

  return {
    element: h('section', {}, h('div', { class: 'heading' }, h('h1', {}, 'Workers'), count), tools, list, nothing, history),
    className: 'wide',
  };
}

const card = ({ label }) => h('section', { class: 'card worker', 'aria-label': label }, h('div'), h('div'));

function fillCard(element, worker, queues, isRow) {
  const [about, load] = element.children;
  const { id, ip, queues: served = [], tags = [], machine_stats: stats } = worker;
  const serves = served.length > 0 && `serves ${served.map((queue) => queue.name ?? queue.id ?? queue).join(', ')}`;
  refresh(about, { id, ip, served, tags, orders: worker.orders, activity: activityKey(worker, queues) }, () => [
    h('div', { class: 'card-heading' }, h('h2', { title: labelOf(worker) }, h('a', { href: address('workers', id) }, labelOf(worker))), statePill(worker)),
    h('p', { class: 'muted serves' }, [labelOf(worker) !== id && id, ip, serves].filter(Boolean).join(' · ')),
    tags.length > 0 && h('p', { class: 'worker-tags' }, tags.map((tag) => h('span', { class: 'tag' }, tag))),
    h('p', { class: 'runs' }, activity(worker, queues)),
  ]);
  // What a silent one told last is no more than that.
  refresh(load, [isRow, isSilent(worker) ? {} : stats ?? {}], () => (isSilent(worker) ? [] : (isRow ? levels : meters)(stats ?? {})));
}
