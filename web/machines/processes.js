// What computes on a machine's GPUs, as nvidia-smi lists it.

import { h } from '../lib/dom.js';
import { megabytes } from '../lib/format.js';

/** A table of the processes that a worker reported; false where it reported none of its GPUs. */
export function processTable({ gpu_processes: processes }) {
  if (!processes) return false;
  if (processes.length === 0) return h('p', { class: 'muted' }, 'No process computes on the GPUs.');
  return h('div', { class: 'scroll' }, h('table', { class: 'values processes' },
    h('thead', {}, h('tr', {}, ['GPU', 'Process', 'User', 'PID', 'Memory'].map((title) =>
      h('th', { scope: 'col', class: ['PID', 'Memory'].includes(title) ? 'number' : null }, title)))),
    h('tbody', {}, processes.map(({ gpu, name, user, pid, memory_used: memory }) => h('tr', {},
      h('td', {}, gpu), h('td', {}, name ?? h('span', { class: 'muted' }, 'gone')), h('td', {}, user ?? ''),
      h('td', { class: 'number' }, pid), h('td', { class: 'number' }, Number.isFinite(memory) ? megabytes(memory) : '–'))))));
}
