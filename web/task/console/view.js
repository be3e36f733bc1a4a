// What a task prints, live.

import { call } from '../../lib/api.js';
import { h, icon, iconButton, settled } from '../../lib/dom.js';
import { save } from '../../lib/files.js';
import { clock, exactly, grouped } from '../../lib/format.js';
import { attempt, toast } from '../../lib/poll.js';
import { keep, preference } from '../../lib/preferences.js';
import { isLive } from '../../lib/status.js';
import { lineParts, plain } from './ansi.js';
import { lineList } from './list.js';
import { Log } from './log.js';

export function consoleLog({ id, signal, task }) {
  const nothing = h('p', { class: 'muted log-empty' }, 'Loading…');
  const log = new Log(id, signal, changed);
  const list = lineList({ label: 'Console', line: row, need: (first, last) => log.need(first, last), moved: tellPlace });
  signal.addEventListener('abort', list.end);

  const end = h('button', { type: 'button', class: 'to-end', hidden: true, onclick: toEnd }, icon('down'), 'Jump to the end');
  const wrap = h('button', {
    type: 'button', class: 'toggle', 'aria-pressed': 'false',
    onclick: () => {
      setWrap(wrap.getAttribute('aria-pressed') === 'false');
      keep('wrap', wrap.getAttribute('aria-pressed') === 'true').catch(() => {});
    },
  }, icon('wrap'), 'Wrap');
  const download = h('button', { type: 'button', onclick: () => attempt(saveAll) }, icon('download'), 'Download');
  const found = h('span', { class: 'muted found', role: 'status' });
  const search = h('input', {
    type: 'search', placeholder: 'Search the log', 'aria-label': 'Search the log', spellcheck: 'false',
    oninput: settled(() => attempt(find), 300),
    onkeydown: (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault();
      attempt(() => go(event.shiftKey ? -1 : 1));
    },
  });
  const steps = h('span', { class: 'steps-buttons' },
    iconButton('up', 'Previous match', () => attempt(() => go(-1))), iconButton('down', 'Next match', () => attempt(() => go(1))));
  steps.hidden = true;
  const element = h('div', { class: 'console', onkeydown: (event) => {
    if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    search.select();
  } },
  h('div', { class: 'toolbar' }, search, steps, found, h('div', { class: 'toolbar-end' }, wrap, download)),
  h('div', { class: 'log-place' }, list.element, nothing, end));

  let wanted = '';
  let matches = { indexes: [], counts: [], total: 0 };
  let at = null;
  let top = null;
  let run;

  function setWrap(on) {
    wrap.setAttribute('aria-pressed', String(on));
    list.wrap(on);
  }

  function changed(kind) {
    const kept = top;
    list.setCount(log.lineCount);
    nothing.hidden = !log.isEmpty;
    nothing.textContent = task() && !isLive(task()) ? 'This task printed nothing.' : 'Nothing printed yet.';
    if (kind === 'reset' || list.isFollowing) list.toEnd();
    else if (kept) {
      const index = log.indexOf(kept.line);
      if (index === null) list.draw();
      else list.show(index, kept.y);
    } else list.draw();
    notePlace();
  }

  /** What is in view, to be kept there while other parts of the log arrive. */
  function notePlace() {
    const place = list.top();
    const line = place && log.line(place.index);
    top = line ? { line, y: place.y } : null;
  }

  function tellPlace(isAtEnd) {
    end.hidden = isAtEnd;
    notePlace();
  }

  function row(index) {
    const line = log.line(index);
    if (!line) return { key: 'waiting', element: () => h('div', { class: 'line waiting' }, '·') };
    const isFound = at?.line === line;
    const key = `${line.event} ${line.text.length} ${line.version ?? 0} ${wanted} ${isFound} ${line.isFirst ? line.at : ''}`;
    return { key: `${key} ${line.text.slice(0, 40)}`, element: () => lineElement(line, isFound) };
  }

  function lineElement({ text, style, at: moment, isFirst, level }, isFound) {
    const tone = /^(error|fatal|critical)$/i.test(level) ? ' bad' : /^warn/i.test(level) ? ' warn' : '';
    return h('div', { class: `line${tone}${isFound ? ' found' : ''}` },
      h('span', { class: 'clock', title: exactly(moment) }, isFirst ? clock(moment) : ''),
      h('span', { class: 'text' }, lineParts(text, style, wanted)));
  }

  function toEnd() {
    list.toEnd();
    list.element.focus({ preventScroll: true });
  }

  async function find() {
    wanted = search.value.toLowerCase();
    at = null;
    steps.hidden = !wanted;
    found.textContent = '';
    matches = { indexes: [], counts: [], total: 0 };
    list.redraw();
    if (!wanted) return;
    const text = wanted;
    found.textContent = 'Searching…';
    const answer = await call('events.search_task_log', { task: id, text }, signal);
    if (text !== wanted) return;
    matches = { ...answer, total: answer.counts.reduce((sum, count) => sum + count, 0) };
    found.textContent = matches.total === 0 ? 'Nothing found' : `${grouped(matches.total)}${matches.is_cut ? '+' : ''} ${matches.total === 1 ? 'line' : 'lines'}`;
    if (matches.total > 0) await go(-1);
  }

  /** Goes to the next line that was found, or the one before; from the end of the log the first time. */
  async function go(step) {
    if (matches.total === 0) return;
    let place = at ? at.place + step : step > 0 ? 0 : matches.total - 1;
    place = (place + matches.total) % matches.total;
    let before = 0;
    const which = matches.counts.findIndex((count) => {
      if (place < before + count) return true;
      before += count;
      return false;
    });
    const lines = await log.linesOf(matches.indexes[which]);
    const fitting = lines.filter(({ text }) => plain(text).toLowerCase().includes(wanted));
    const line = fitting[Math.min(place - before, fitting.length - 1)] ?? lines[0];
    at = { place, line };
    found.textContent = `${grouped(place + 1)} of ${grouped(matches.total)}${matches.is_cut ? '+' : ''}`;
    const index = line && log.indexOf(line);
    if (index !== null && index !== undefined) list.show(index, list.element.clientHeight / 3);
    list.draw();
    tellPlace(list.isFollowing);
  }

  async function saveAll() {
    download.disabled = true;
    const parts = [];
    try {
      for await (const { text, index, total } of log.pieces()) {
        parts.push(plain(text));
        if (index < total) toast(`Downloading: ${Math.floor((100 * index) / total)}%`);
      }
    } finally {
      download.disabled = false;
    }
    save(`${id}.log`, new Blob(parts, { type: 'text/plain' }));
  }

  /** A task that is reset, or runs again, begins a new log. */
  function draw({ started = null }) {
    if (run !== undefined && run !== started) log.wake();
    run = started;
  }

  preference('wrap', false).then((isOn) => isOn && setWrap(true));
  log.follow();
  return { element, draw };
}
