// What a worker does, and why it does nothing.

import { now } from '../lib/clock.js';
import { h } from '../lib/dom.js';
import { ago, lasting } from '../lib/format.js';

/** Nothing was heard of it for a while. The server says so: a browser's clock may be wrong. */
export const isSilent = (worker) => stateOf(worker) === 'network_issue';
export const labelOf = (worker) => worker.orders?.name || worker.id;
const stateOf = (worker) => worker.state?.name ?? null;

/** Whether it takes no new tasks for now. */
const isOff = (worker) => ['disabled', 'draining', 'off_hours'].includes(stateOf(worker))
  || ['disabled', 'draining'].includes(worker.orders?.mode);

/** What workers are sorted by: `silent`, `busy`, `off` or `idle`. */
export function groupOf(worker) {
  if (isSilent(worker)) return 'silent';
  if (worker.task?.id) return 'busy';
  return isOff(worker) ? 'off' : 'idle';
}

export function statePill(worker) {
  if (isSilent(worker)) return h('span', { class: 'pill failed' }, 'Silent');
  if (worker.orders?.mode === 'draining') return h('span', { class: 'pill queued' }, 'Draining');
  if (worker.task?.id) return h('span', { class: 'pill in_progress' }, 'Busy');
  if (stateOf(worker) === 'off_hours') return h('span', { class: 'pill stopped' }, 'Off hours');
  if (isOff(worker)) return h('span', { class: 'pill stopped' }, 'Disabled');
  return h('span', { class: 'pill created' }, 'Idle');
}

export const lastHeard = (worker) => worker.last_report_time ?? worker.last_activity_time;

/** What `activity` is made of, but for the times that pass by themselves. */
export const activityKey = (worker, queues) => [
  stateOf(worker), isSilent(worker) && lastHeard(worker), worker.task && [worker.task.id, worker.task.name, worker.task.last_iteration],
  worker.orders?.mode, !worker.task?.id && whyIdle(worker, queues),
];

/** A line on what a worker does; `queues` are all queues, to tell why it waits. */
export function activity(worker, queues) {
  const { task } = worker;
  const link = task?.id && h('a', { href: `#/tasks/${task.id}` }, task.name || task.id);
  if (isSilent(worker)) return ['Last heard of ', ago(lastHeard(worker)), link ? [', with ', link, '.'] : '.'];
  if (!link) return h('span', { class: 'muted' }, whyIdle(worker, queues));
  waitsSince.delete(worker.key);
  const since = task.running_time > 0 && lasting(now() - task.running_time);
  return [
    link,
    h('span', { class: 'muted' }, since && [' · ', since], task.last_iteration > 0 && ` · iteration ${task.last_iteration}`,
      worker.orders?.mode === 'disabled' && ' · takes none after it'),
  ];
}

/** When a worker was first seen with tasks in its queues that it might take. */
const waitsSince = new Map();
/** A worker that takes none for so long has a reason of its own. */
const shortly = 20_000;

function whyIdle(worker, queues) {
  const reason = knownReason(worker, queues);
  if (reason) {
    waitsSince.delete(worker.key);
    return reason;
  }
  if (!waitsSince.has(worker.key)) waitsSince.set(worker.key, Date.now());
  return Date.now() - waitsSince.get(worker.key) < shortly ? 'About to take a task.'
    : 'Tasks wait, and it takes none: see its agent’s log.';
}

function knownReason(worker, queues) {
  const told = worker.state?.reason;
  if (told) return `${told[0].toUpperCase()}${told.slice(1)}.`;
  if (worker.machine_stats?.disk_free_home < 0.1) return 'Its disk is full: it takes no task until there is room. Clean up, or free some.';
  const waiting = worker.queues.map(({ id }) => queues.find((queue) => queue.id === id)).filter((queue) => queue?.entries?.length > 0);
  if (waiting.length === 0) return worker.queues.length === 1 ? 'Its queue is empty.' : 'Its queues are empty.';
  if (waiting.every(isPaused)) return `${waiting.length === 1 ? `The queue ${waiting[0].name} is` : 'Its queues are'} paused.`;
  const { types = [] } = worker.orders ?? {};
  return types.length > 0 && `It takes only tasks of ${types.length === 1 ? 'the type' : 'the types'} ${types.join(', ').replaceAll('_', ' ')}.`;
}

export const isPaused = (queue) => (queue.system_tags ?? []).includes('paused');
