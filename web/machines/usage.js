// How busy a machine is.

import { h, present, svg } from '../lib/dom.js';
import { counted, megabytes, percent } from '../lib/format.js';

/** Bars for what a worker reported of its machine. */
export function meters(stats) {
  const cores = stats.cpu_usage ?? [];
  const { used, total, free } = shares(stats);
  const gpus = stats.gpu_usage ?? [];
  const names = [...new Set(stats.gpu_names ?? [])];
  const isOneKind = gpus.length > 1 && names.length === 1;
  return present([
    cores.length > 0 && meter('CPU', average(cores), cores.length > 1 ? counted(cores.length, 'core') : ''),
    cores.length > 1 && coreBars(cores),
    total > 0 && meter('Memory', (100 * used) / total, `${megabytes(used)} of ${megabytes(total)}`, true),
    Number.isFinite(free) && meter('Disk', 100 - free, `${percent(free)} free`, true),
    isOneKind && h('p', { class: 'gpu-kind muted' }, `${gpus.length} × ${names[0]}`),
    gpus.map((usage, index) => gpuMeters(stats, usage, index, isOneKind)),
    traffic(stats),
  ]);
}

/** The same in a line: what a machine has, and how much of it is in use. */
export function levels(stats) {
  const cores = stats.cpu_usage ?? [];
  const gpus = stats.gpu_usage ?? [];
  const { used, total, free } = shares(stats);
  const taken = sum(stats.gpu_memory_used ?? []);
  const gpuMemory = taken + sum(stats.gpu_memory_free ?? []);
  return present([
    cores.length > 0 && meter('CPU', average(cores), ''),
    total > 0 && meter('Memory', (100 * used) / total, '', true),
    Number.isFinite(free) && meter('Disk', 100 - free, '', true),
    gpus.length > 0 && meter(gpus.length > 1 ? `${gpus.length} GPUs` : 'GPU', average(gpus), ''),
    gpuMemory > 0 && meter('GPU memory', (100 * taken) / gpuMemory, ''),
  ]);
}

const shares = ({ memory_used: used, memory_free: rest, disk_free_home: free }) => ({ used, total: used + rest, free });

/** Many of one kind are two to a row, each with its memory. */
function gpuMeters(stats, usage, index, isOneKind) {
  const name = stats.gpu_usage.length > 1 ? `GPU ${index}` : 'GPU';
  const used = stats.gpu_memory_used?.[index];
  const total = used + stats.gpu_memory_free?.[index];
  const heat = stats.gpu_temperature?.[index];
  const about = present([!isOneKind && stats.gpu_names?.[index], Number.isFinite(heat) && `${Math.round(heat)} °C`]).join(' · ');
  return h('div', { class: isOneKind ? 'gpu pair' : 'gpu' },
    meter(name, usage, about),
    total > 0 && meter(`${name} memory`, (100 * used) / total, isOneKind ? megabytes(used) : `${megabytes(used)} of ${megabytes(total)}`,
      false, isOneKind ? 'Memory' : undefined));
}

function traffic({ network_rx: received, network_tx: sent, disk_read: read, disk_write: written }) {
  const rate = (name, value) => Number.isFinite(value) && `${name} ${megabytes(value)}/s`;
  const rates = present([rate('network in', received), rate('out', sent), rate('disk read', read), rate('written', written)]);
  return rates.length > 0 && h('p', { class: 'traffic muted' }, rates.map((text) => h('span', {}, text)));
}

/** A processor may be as busy as it likes; what runs out is told by its colour. */
function meter(name, value, note, runsOut = false, title = name) {
  const level = Math.min(100, Math.max(0, value));
  return h('div', { class: 'meter' },
    h('span', { class: 'meter-name' }, title),
    h('span', { class: 'meter-note muted' }, note),
    h('span', { class: 'meter-value' }, percent(level)),
    svg('svg', {
      class: 'meter-bar', role: 'meter', 'aria-label': name,
      'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(level),
    },
      svg('rect', { class: 'track', width: '100%', height: '100%', rx: 3 }),
      svg('rect', { class: runsOut && level >= 90 ? 'level high' : 'level', width: `${level}%`, height: '100%', rx: 3 })));
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

const sum = (values) => values.reduce((total, value) => total + value, 0);
const average = (values) => sum(values) / values.length;
