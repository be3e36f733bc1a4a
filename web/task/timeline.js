// How long each step of a task took, from its queue to its end.

import { call } from '../lib/api.js';
import { now } from '../lib/clock.js';
import { h, refresh } from '../lib/dom.js';
import { duration, exactly, moment } from '../lib/format.js';

/** A line that the agent writes into the log: `[stint] fetch code: commit … (12 ms)`. */
const stepLine = /^\[stint\] ([^:(]+?)(?:: (.*))? \((\d+) (ms|s)\)$/;

export function timeline({ id, signal }) {
  const element = h('section', { class: 'card', hidden: true });
  const growing = h('span');
  let steps = [];
  let key = null;
  let shown = null;

  function draw(task) {
    shown = task;
    if (!task.started) steps = [];
    show();
    // Steps come one by one in a task's first minutes.
    const minutes = task.status === 'in_progress' ? Math.min(10, (now() - moment(task.started)) / 60_000) : null;
    const asked = JSON.stringify([task.started, task.status, minutes && Math.floor(minutes * 6)]);
    if (asked === key || !task.started) return;
    key = asked;
    // A long log takes its time to be searched.
    findSteps().then((found) => {
      if (signal.aborted || asked !== key) return;
      steps = found;
      show();
    }, () => {});
  }

  function show() {
    const { created, enqueued, started, completed, status } = shown;
    refresh(element, [created, enqueued, started, completed, status, steps], () => [h('h2', {}, 'Timing'), list(shown, steps, growing)]);
    element.hidden = false;
    tell();
  }

  /** What still goes on grows in its place. */
  function tell() {
    const since = shown && moment(shown.status === 'queued' ? shown.enqueued : shown.started);
    if (since) growing.textContent = duration((now() - since) / 1000);
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

  return { element, draw, tell };
}

function list(task, steps, growing) {
  const [created, enqueued, started, ended] = [task.created, task.enqueued, task.started, task.completed].map(moment);
  const [isWaiting, isRunning] = [task.status === 'queued', task.status === 'in_progress'];
  const isOver = !isWaiting && !isRunning && task.status !== 'created';
  const between = (from, to) => (to && to >= from ? span((to - from) / 1000) : '');
  const rows = [
    ['Created', '', created],
    enqueued && (isWaiting ? ['Waits in its queue', growing, enqueued] : ['Waited in its queue', between(enqueued, started), enqueued]),
    ...(isWaiting ? [] : steps.map(({ name, detail, seconds }) => [name, span(seconds), null, detail])),
    started && !isWaiting && (isRunning ? ['Runs', growing, started] : ['Ran', between(started, ended), started]),
    ended && isOver && ['Ended', '', ended],
  ].filter(Boolean);
  return h('ol', { class: 'steps' }, rows.map(([name, time, at, detail]) => h('li', {},
    h('span', { class: 'step-name' }, name[0].toUpperCase() + name.slice(1)),
    h('span', { class: 'muted step-detail', title: detail ?? null }, detail ?? (at ? exactly(at) : '')),
    h('span', { class: 'step-time' }, time))));
}

const span = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds));
