// How long each step of a task took, from its queue to its end.

import { call } from '../lib/api.js';
import { h, refresh } from '../lib/dom.js';
import { duration, exactly, moment } from '../lib/format.js';

/** A line that the agent writes into the log: `[stint] fetch code: commit … (12 ms)`. */
const stepLine = /^\[stint\] ([^:(]+?)(?:: (.*))? \((\d+) (ms|s)\)$/;

export function timeline({ id, signal }) {
  const element = h('section', { class: 'card', hidden: true });
  let steps = [];
  let key = null;

  async function draw(task) {
    const marks = [task.created, task.enqueued, task.started, task.completed, task.status];
    const asked = JSON.stringify([task.started, task.status]);
    if (asked !== key && task.started) {
      key = asked;
      steps = await findSteps().catch(() => []);
    }
    if (signal.aborted) return;
    refresh(element, [marks, steps], () => [h('h2', {}, 'Timing'), list(task, steps)]);
    element.hidden = false;
  }

  async function findSteps() {
    const { indexes } = await call('events.search_task_log', { task: id, text: '[stint]' }, signal);
    const found = [];
    for (const index of indexes.slice(0, 5)) {
      const { events } = await call('events.get_task_log', { task: id, from_index: index, batch_size: 1 }, signal);
      for (const line of (events[0]?.msg ?? '').split('\n')) {
        const [, name, detail, amount, unit] = stepLine.exec(line) ?? [];
        if (name) found.push({ name, detail, seconds: Number(amount) / (unit === 'ms' ? 1000 : 1) });
      }
    }
    return found;
  }

  return { element, draw };
}

function list(task, steps) {
  const [created, enqueued, started, ended] = [task.created, task.enqueued, task.started, task.completed].map(moment);
  const isOver = !['created', 'queued', 'in_progress'].includes(task.status);
  const rows = [
    ['Created', null, created],
    enqueued && ['Waited in its queue', started && started > enqueued ? (started - enqueued) / 1000 : null, enqueued],
    ...steps.map(({ name, detail, seconds }) => [name, seconds, null, detail]),
    started && [isOver ? 'Ran' : 'Runs', ended && ended >= started ? (ended - started) / 1000 : null, started],
    ended && isOver && ['Ended', null, ended],
  ].filter(Boolean);
  return h('ol', { class: 'steps' }, rows.map(([name, seconds, at, detail]) => h('li', {},
    h('span', { class: 'step-name' }, name[0].toUpperCase() + name.slice(1)),
    h('span', { class: 'muted step-detail', title: detail ?? null }, detail ?? (at ? exactly(at) : '')),
    h('span', { class: 'step-time' }, seconds === null ? '' : span(seconds)))));
}

const span = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds));
