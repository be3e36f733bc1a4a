// How busy a machine is.

import { h, present, svg } from '../lib/dom.js';
import { counted, megabytes, percent } from '../lib/format.js';

/** Bars for what a worker reported of its machine. */
export function meters(stats) {
  const cores = stats.cpu_usage ?? [];
  const { memory_used: used, disk_free_home: free } = stats;
  const memory = used + stats.memory_free;
  const gpus = stats.gpu_usage ?? [];
  return present([
    cores.length > 0 && meter('CPU', average(cores), cores.length > 1 ? counted(cores.length, 'core') : ''),
    cores.length > 1 && coreBars(cores),
    memory > 0 && meter('Memory', (100 * used) / memory, `${megabytes(used)} of ${megabytes(memory)}`, true),
    Number.isFinite(free) && meter('Disk', 100 - free, `${percent(free)} free`, true),
    gpus.map((usage, index) => gpuMeters(stats, usage, index, gpus.length)),
    traffic(stats),
  ]);
}

function gpuMeters(stats, usage, index, count) {
  const name = count > 1 ? `GPU ${index}` : 'GPU';
  const used = stats.gpu_memory_used?.[index];
  const total = used + stats.gpu_memory_free?.[index];
  const heat = stats.gpu_temperature?.[index];
  return [
    meter(name, usage, present([stats.gpu_names?.[index], Number.isFinite(heat) && `${Math.round(heat)} °C`]).join(' · ')),
    total > 0 && meter(`${name} memory`, (100 * used) / total, `${megabytes(used)} of ${megabytes(total)}`),
  ];
}

function traffic({ network_rx: received, network_tx: sent, disk_read: read, disk_write: written }) {
  const rate = (name, value) => Number.isFinite(value) && `${name} ${value.toFixed(1)} MB/s`;
  const rates = present([rate('network in', received), rate('out', sent), rate('disk read', read), rate('written', written)]);
  return rates.length > 0 && h('p', { class: 'traffic muted' }, rates.map((text) => h('span', {}, text)));
}

/** A processor may be as busy as it likes; what runs out is told by its colour. */
function meter(name, value, note, runsOut = false) {
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

const average = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
