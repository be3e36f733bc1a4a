// What a task prints, live.

import { call } from './api.js';
import { h } from './dom.js';
import { clock } from './format.js';
import { notice, poll } from './poll.js';
import { isLive } from './status.js';

const batch = 1000;
const mostLines = 5000;

export function consoleLog({ id, signal, task }) {
  const lines = h('div', {
    class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': 'Console', tabindex: 0, onscroll: noteScroll,
  });
  const nothing = h('p', { class: 'muted log-empty' }, 'Loading…');
  const earlier = h('button', { type: 'button', hidden: true, onclick: showEarlier }, 'Show earlier lines');
  const end = h('button', { type: 'button', class: 'to-end', hidden: true, onclick: toEnd }, '↓ Follow');
  const element = h('div', { class: 'console' }, earlier, lines, nothing, end);

  /** The newest moment shown, and how many of the events shown carry it. */
  let last = { at: null, count: 0 };
  let tail = newTail();
  let isFollowing = true;
  let run = null;

  async function step() {
    const started = task()?.started ?? null;
    if (run !== null && started !== null && started !== run) clear();
    run = started ?? run;
    let hasMore = true;
    while (hasMore && !signal.aborted) hasMore = await takeNewer();
    nothing.hidden = lines.hasChildNodes();
    nothing.textContent = task() && !isLive(task()) ? 'This task printed nothing.' : 'Nothing printed yet.';
  }

  async function takeNewer() {
    const isFirst = last.at === null;
    const answer = await call('events.get_task_log', isFirst
      ? { task: id, order: 'asc', navigate_earlier: true, batch_size: batch }
      : { task: id, order: 'asc', navigate_earlier: false, from_timestamp: last.at - 1, batch_size: batch }, signal);
    if (signal.aborted) return false;
    const events = answer.events ?? [];
    if (isFirst) earlier.hidden = !(answer.total > events.length);
    const fresh = isFirst ? events : unseen(events);
    const added = document.createDocumentFragment();
    for (const event of fresh) {
      last = event.timestamp === last.at ? { at: last.at, count: last.count + 1 } : { at: event.timestamp, count: 1 };
      added.append(...tail.lines(event));
    }
    lines.append(added);
    if (isFollowing) {
      while (lines.childElementCount > mostLines) {
        lines.firstElementChild.remove();
        earlier.hidden = false;
      }
      lines.scrollTop = lines.scrollHeight;
    }
    return !isFirst && fresh.length > 0 && events.length >= batch;
  }

  /** Several events may share a moment, and the next ones may arrive after the first were shown. */
  function unseen(events) {
    let known = last.count;
    return events.filter(({ timestamp }) => timestamp > last.at || (timestamp === last.at && known-- <= 0));
  }

  async function showEarlier() {
    const first = Number(lines.firstElementChild.dataset.at);
    const { events = [] } = await call('events.get_task_log',
      { task: id, order: 'asc', navigate_earlier: true, from_timestamp: first, batch_size: batch }, signal)
      .catch((error) => signal.aborted || notice(error.message)) || {};
    if (signal.aborted || events.length === 0) return;
    const older = newTail();
    const before = lines.scrollHeight;
    isFollowing = false;
    lines.prepend(...events.filter(({ timestamp }) => timestamp < first).flatMap((event) => older.lines(event)));
    lines.scrollTop += lines.scrollHeight - before;
    earlier.hidden = events.length < batch;
    noteScroll();
  }

  function noteScroll() {
    isFollowing = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 24;
    end.hidden = isFollowing;
  }

  function toEnd() {
    lines.scrollTop = lines.scrollHeight;
    lines.focus();
  }

  function clear() {
    lines.replaceChildren();
    last = { at: null, count: 0 };
    tail = newTail();
    isFollowing = true;
  }

  poll(signal, () => (task() && !isLive(task()) ? 5000 : 1000), step);
  return { element };
}

/**
 * Turns events into line elements. A piece of a stream (it has an offset) and a piece that begins with a carriage
 * return go on in the line that the worker's last event left open.
 */
function newTail() {
  let open = null;

  function lines({ msg, timestamp, level, worker, offset }) {
    const text = plain(msg ?? '');
    const isStream = Number.isFinite(offset);
    const goesOn = open && open.worker === worker && (text.startsWith('\r') || (open.isStream && isStream));
    const pieces = text.replace(/\r\n/g, '\n').split('\n');
    const isOpen = pieces.at(-1) !== '';
    if (!isOpen) pieces.pop();
    const made = [];
    pieces.forEach((piece, index) => {
      const raw = index === 0 && goesOn ? open.raw + piece : piece;
      const element = index === 0 && goesOn ? open.element : newLine(timestamp, level, index === 0);
      element.textContent = collapsed(raw);
      open = { raw: raw.slice(Math.max(0, raw.lastIndexOf('\r'))), element, worker, isStream };
      if (!(index === 0 && goesOn)) made.push(element);
    });
    if (!isOpen) open = null;
    return made;
  }

  return { lines };
}

function newLine(at, level, isFirst) {
  const tone = /^(error|fatal|critical)$/i.test(level) ? ' bad' : /^warn/i.test(level) ? ' warn' : '';
  return h('div', { class: `line${tone}`, 'data-at': at, 'data-clock': isFirst ? clock(at) : '' });
}

/** What a terminal would leave of a line whose parts overwrite one another. */
const collapsed = (line) => line.split('\r').findLast((part) => part !== '') ?? '';

/** Text without the escape sequences that colour a terminal. */
const plain = (text) => text.replace(/\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g, '');
