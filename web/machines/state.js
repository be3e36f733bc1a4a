// What a worker does, and why it does nothing.

import { h } from '../lib/dom.js';
import { ago, duration, moment } from '../lib/format.js';

/** A worker that has not reported for this long is shown as silent. */
const silence = 90_000;

export const isSilent = (worker) => Date.now() - moment(worker.last_report_time ?? worker.last_activity_time) > silence;
export const labelOf = (worker) => worker.orders?.name || worker.id;
const stateOf = (worker) => worker.state?.name ?? null;

/** Whether it takes no new tasks for now. */
export const isOff = (worker) => ['disabled', 'draining', 'off_hours'].includes(stateOf(worker))
  || ['disabled', 'draining'].includes(worker.orders?.mode);

export function statePill(worker) {
  if (isSilent(worker)) return h('span', { class: 'pill unknown' }, 'Silent');
  if (worker.orders?.mode === 'draining') return h('span', { class: 'pill queued' }, 'Draining');
  if (worker.task?.id) return h('span', { class: 'pill in_progress' }, 'Busy');
  if (stateOf(worker) === 'off_hours') return h('span', { class: 'pill stopped' }, 'Off hours');
  if (isOff(worker)) return h('span', { class: 'pill stopped' }, 'Disabled');
  return h('span', { class: 'pill created' }, 'Idle');
}

/** A line on what a worker does; `queues` are all queues, to tell why it waits. */
export function activity(worker, queues) {
  if (isSilent(worker)) return ['Last heard of ', ago(worker.last_report_time ?? worker.last_activity_time), '.'];
  const { task } = worker;
  if (!task?.id) return h('span', { class: 'muted' }, whyIdle(worker, queues));
  const facts = [
    task.running_time > 0 && duration(task.running_time / 1000),
    task.last_iteration > 0 && `iteration ${task.last_iteration}`,
  ].filter(Boolean);
  return [
    h('a', { href: `#/tasks/${task.id}` }, task.name || task.id),
    h('span', { class: 'muted' }, facts.map((fact) => ` · ${fact}`)),
  ];
}

function whyIdle(worker, queues) {
  if (stateOf(worker) === 'off_hours') return 'Outside of its working hours.';
  if (worker.orders?.mode === 'disabled') return 'Told to take no tasks until it is enabled.';
  if (worker.orders?.mode === 'draining') return 'Told to take no more tasks; its agent ends.';
  const served = (worker.queues ?? []).map(({ id }) => queues.find((queue) => queue.id === id)).filter(Boolean);
  if ((worker.queues ?? []).length === 0) return 'It serves no queue.';
  const waiting = served.filter(({ entries }) => (entries ?? []).length > 0);
  if (waiting.length === 0) return served.length === 1 ? 'Its queue is empty.' : 'Its queues are empty.';
  if (waiting.every(isPaused)) return `${waiting.length === 1 ? `The queue ${waiting[0].name} is` : 'Its queues are'} paused.`;
  return 'About to take a task.';
}

export const isPaused = (queue) => (queue.system_tags ?? []).includes('paused');
