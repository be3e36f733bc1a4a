// The workers: how busy their machines are, and what they run.

import { call } from './api.js';
import { empty, h, refresh, refreshList, svg } from './dom.js';
import { ago, duration, megabytes, moment, percent, plural } from './format.js';
import { poll } from './poll.js';

/** A worker that has not reported for this long is shown as silent. */
const silence = 90_000;

export function workers(route, signal) {
  document.title = 'Workers · Stint';
  const list = h('div', { class: 'cards' });
  const count = h('span', { class: 'muted' });
  const nothing = h('div', { hidden: true });

  poll(signal, 2000, async () => {
    const { workers: found } = await call('workers.get_all', { last_seen: 3600 }, signal);
    found.sort((a, b) => a.id.localeCompare(b.id, undefined, { numeric: true }));
    refreshList(list, found.map(({ id }) => ({ id })), card);
    for (const [index, worker] of found.entries()) fillCard(list.children[index], worker);
    const busy = found.filter(({ task }) => task?.id).length;
    count.textContent = found.length ? `${plural(found.length, 'worker')}, ${busy} busy` : '';
    nothing.hidden = found.length > 0;
    nothing.replaceChildren(empty('No workers', 'Start one with: stint agent daemon --queue default'));
  });

  return { element: h('section', {}, h('div', { class: 'heading' }, h('h1', {}, 'Workers'), count), list, nothing) };
}

const card = ({ id }) => h('section', { class: 'card worker', 'aria-label': id }, h('div'), h('div'));

function fillCard(element, worker) {
  const [about, load] = element.children;
  const { id, ip, task, queues = [], last_report_time: reported, machine_stats: stats } = worker;
  const isSilent = Date.now() - moment(reported) > silence;
  const serves = queues.length > 0 && `serves ${queues.map((queue) => queue.name ?? queue.id ?? queue).join(', ')}`;
  refresh(about, { id, ip, task, queues, isSilent, reported: isSilent && reported }, () => [
    h('div', { class: 'card-heading' }, h('h2', {}, id), state(task, isSilent)),
    h('p', { class: 'muted' }, [ip, serves].filter(Boolean).join(' · ')),
    h('p', { class: 'runs' }, isSilent ? ['Last heard of ', ago(reported), '.'] : runs(task)),
  ]);
  refresh(load, stats ?? {}, () => meters(stats ?? {}));
}

function state(task, isSilent) {
  if (isSilent) return h('span', { class: 'pill unknown' }, 'Silent');
  return task?.id ? h('span', { class: 'pill in_progress' }, 'Busy') : h('span', { class: 'pill created' }, 'Idle');
}

function runs(task) {
  if (!task?.id) return h('span', { class: 'muted' }, 'Waits for a task.');
  const facts = [
    task.running_time > 0 && duration(task.running_time / 1000),
    task.last_iteration > 0 && `iteration ${task.last_iteration}`,
  ].filter(Boolean);
  return [
    h('a', { href: `#/tasks/${task.id}` }, task.name || task.id),
    h('span', { class: 'muted' }, facts.map((fact) => ` · ${fact}`)),
  ];
}

function meters(stats) {
  const cores = stats.cpu_usage ?? [];
  const { memory_used: used, disk_free_home: free } = stats;
  const memory = used + stats.memory_free;
  const gpus = stats.gpu_usage ?? [];
  return [
    cores.length > 0 && meter('CPU', average(cores), cores.length > 1 ? plural(cores.length, 'core') : ''),
    cores.length > 1 && coreBars(cores),
    memory > 0 && meter('Memory', (100 * used) / memory, `${megabytes(used)} of ${megabytes(memory)}`),
    Number.isFinite(free) && meter('Disk', 100 - free, `${percent(free)} free`),
    ...gpus.flatMap((usage, index) => gpuMeters(stats, usage, index, gpus.length)),
    traffic(stats),
  ].filter(Boolean);
}

function gpuMeters(stats, usage, index, count) {
  const name = count > 1 ? `GPU ${index}` : 'GPU';
  const used = stats.gpu_memory_used?.[index];
  const total = used + stats.gpu_memory_free?.[index];
  const heat = stats.gpu_temperature?.[index];
  return [
    meter(name, usage, Number.isFinite(heat) ? `${Math.round(heat)} °C` : ''),
    total > 0 && meter(`${name} memory`, (100 * used) / total, `${megabytes(used)} of ${megabytes(total)}`),
  ];
}

function traffic({ network_rx: received, network_tx: sent, disk_read: read, disk_write: written }) {
  const rate = (name, value) => Number.isFinite(value) && `${name} ${value.toFixed(1)} MB/s`;
  const rates = [
    rate('network in', received), rate('out', sent), rate('disk read', read), rate('write', written),
  ].filter(Boolean);
  return rates.length > 0 && h('p', { class: 'traffic muted' }, rates.join(' · '));
}

function meter(name, value, note) {
  const level = Math.min(100, Math.max(0, value));
  return h('div', { class: 'meter' },
    h('span', { class: 'meter-name' }, name),
    h('span', { class: 'meter-note muted' }, note),
    h('span', { class: 'meter-value' }, percent(level)),
    svg('svg', {
      class: 'meter-bar', role: 'meter', 'aria-label': name,
      'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(level),
    },
      svg('rect', { class: 'track', width: '100%', height: '100%', rx: 3 }),
      svg('rect', { class: level >= 90 ? 'level high' : 'level', width: `${level}%`, height: '100%', rx: 3 })));
}

function coreBars(cores) {
  const step = 100 / cores.length;
  const label = `CPU by core: ${cores.map(percent).join(', ')}`;
  return svg('svg', { class: 'cores', width: cores.length * 16, role: 'img', 'aria-label': label },
    cores.map((usage, index) => {
      const height = Math.min(100, Math.max(3, usage));
      return svg('rect', {
        class: 'level', rx: 1.5,
        x: `${index * step + step * 0.1}%`, width: `${step * 0.8}%`, y: `${100 - height}%`, height: `${height}%`,
      });
    }));
}

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
