// A task's states: how they are shown and what they allow.

import { h } from './dom.js';

const labels = {
  created: 'Draft',
  queued: 'Queued',
  in_progress: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  stopped: 'Stopped',
  closed: 'Closed',
  publishing: 'Publishing',
  published: 'Published',
};

export const filters = ['in_progress', 'queued', 'completed', 'failed', 'stopped', 'created', 'published'];
export const statusLabel = (status) => labels[status] ?? 'Unknown';
export const isLive = (task) => task.status === 'in_progress' || task.status === 'queued';
export const isStopping = (task) => task.status === 'in_progress' && task.status_message === 'stopping';
export const isArchived = (task) => (task.system_tags ?? []).includes('archived');

export function pill(task) {
  const text = isStopping(task) ? 'Stopping' : statusLabel(task.status);
  return h('span', { class: `pill ${labels[task.status] ? task.status : 'unknown'}` }, text);
}

/** The actions that make sense in a task's state. */
export function allowed(task) {
  const { status } = task;
  return {
    enqueue: ['created', 'stopped', 'failed'].includes(status),
    dequeue: status === 'queued',
    stop: status === 'in_progress' && !isStopping(task),
    halt: isStopping(task),
    reset: ['stopped', 'failed', 'completed', 'closed'].includes(status),
    publish: ['stopped', 'completed', 'closed', 'failed'].includes(status),
    delete: !['in_progress', 'queued', 'published', 'publishing'].includes(status),
    edit: status === 'created',
  };
}
