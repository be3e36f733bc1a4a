// The table of tasks. It has rows only for what is in view, and asks the server for pages of them.

import { call } from '../lib/api.js';
import { h, keepFocus, painted, settled } from '../lib/dom.js';
import { notice, part, poll } from '../lib/poll.js';
import { isLive } from '../lib/status.js';
import { pageOf, pageSize } from './query.js';

/** Rows beyond the view on each side that are drawn, and that are asked for. */
const margin = 8;
const outlook = 60;
/** While the bar is dragged along, what flies by need not all be asked for. */
const mostAtOnce = 2;
const restTime = 120;
/** Elements may not be higher in every browser; what is beyond is reached by sorting the other way. */
const highest = 15_000_000;

/**
 * `started` is called when the first rows are there; `shown` with `{total}` after each answer; `selected` whenever the
 * selection changes; `sorted` with what a header asks for; `scrolled` with where one is, in pixels, after a while.
 */
export function taskTable({ signal, started, shown, selected, sorted, scrolled, rowMenu }) {
  let request = null;
  let columns = [];
  let total = null;
  /** Until they are counted, `total` is how many have come. */
  let isCounted = false;
  /** Where to scroll to once there is so much. */
  let goal = 0;
  let round = part(signal);
  let pages = new Map();
  let asked = new Set();
  let at = 0;
  let lastPicked = null;
  let isSelectingAll = false;
  let asking = 0;
  let lastAsked = 0;
  let resting;
  const rows = new Map();
  /** What a row shows. */
  const drawn = new WeakMap();
  const selection = new Map();

  const all = h('input', { type: 'checkbox', 'aria-label': 'Select all tasks', onchange: selectAll });
  const head = h('div', { class: 'table-head', role: 'row' });
  const body = h('div', { class: 'table-body', role: 'rowgroup' });
  const tellPlace = settled(() => !signal.aborted && isCounted && scrolled(scroller.scrollTop), 100);
  const scroller = h('div', {
    class: 'table', role: 'grid', 'aria-label': 'Tasks', 'aria-multiselectable': 'true', tabindex: 0,
    onscroll: () => {
      draw();
      tellPlace();
    },
    onkeydown: move,
  }, head, body);
  const size = new ResizeObserver(draw);
  size.observe(scroller);
  signal.addEventListener('abort', () => size.disconnect());

  /** Shows what another request gives, from `top` pixels on. */
  function show(next, nextColumns, top = 0) {
    const isSameOrder = request && JSON.stringify(next) === JSON.stringify(request);
    request = next;
    columns = nextColumns;
    drawHead();
    round.abort();
    round = part(signal);
    asked = new Set();
    for (const row of rows.values()) row.remove();
    rows.clear();
    if (!isSameOrder) {
      // To scroll is to lay out the page, which can wait until the first rows are asked for.
      if (pages.size > 0) scroller.scrollTop = 0;
      pages = new Map();
      total = null;
      isCounted = false;
      goal = top;
      at = 0;
    }
    const { signal: current } = round;
    poll(current, () => (someLive() ? 2000 : 5000), () => load(current, visiblePages(), true));
  }

  const someLive = () => [...rows.keys()].some((index) => isLive(task(index) ?? {}));
  const task = (index) => pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  const rowHeight = () => Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row')) || 40;

  function visibleRange() {
    const height = rowHeight();
    const top = Math.max(0, scroller.scrollTop - head.offsetHeight);
    const first = Math.floor(top / height);
    return [first, first + Math.ceil(scroller.clientHeight / height)];
  }

  function visiblePages(beyond = 0) {
    if (total === null) return [0];
    const [first, last] = visibleRange();
    const end = Math.min(last + beyond, Math.max(0, total - 1));
    const wanted = [];
    for (let page = Math.floor(Math.max(0, first - beyond) / pageSize); page <= Math.floor(end / pageSize); page += 1) wanted.push(page);
    return wanted;
  }

  async function load(current, wanted, isFresh) {
    const fields = columns.flatMap((column) => column.fields);
    const { order_by, ...filter } = request;
    const isFirst = isFresh && !isCounted;
    const countAll = () => call('organization.get_entities_count', { tasks: filter }, current);
    const counting = isFresh && !isFirst ? countAll() : null;
    // It is waited for below, unless the pages are not had.
    counting?.catch(() => {});
    const answers = await Promise.all(wanted.map((page) => call('tasks.get_all_ex',
      pageOf(request, fields, page), current)));
    if (current.aborted) return;
    wanted.forEach((page, index) => pages.set(page, answers[index].tasks));
    if (isFirst && answers[0].tasks.length > 0) {
      // What there is to see comes first; counting takes longer.
      for (const page of wanted) asked.add(page);
      total = answers[0].tasks.length;
      draw();
      await painted();
    }
    if (isFirst) started();
    const count = isFresh ? await (counting ?? countAll()) : null;
    if (current.aborted) return;
    if (count?.errors?.tasks) throw new Error(count.errors.tasks);
    if (count) {
      total = count.tasks;
      isCounted = true;
    }
    if (isFresh) {
      // What is out of view is asked for again when it comes into view.
      for (const page of pages.keys()) if (!wanted.includes(page) && Math.abs(page - wanted[0]) > 20) pages.delete(page);
      asked = new Set(wanted);
      for (const page of pages.keys()) asked.add(page);
    }
    shown({ total });
    draw();
    if (!goal || !isCounted) return;
    scroller.scrollTop = goal;
    goal = 0;
  }

  async function loadMissing() {
    const { signal: current } = round;
    const wanted = visiblePages(outlook).filter((page) => !asked.has(page));
    if (wanted.length === 0 || total === null) return;
    if (asking >= mostAtOnce || performance.now() - lastAsked < restTime) return void rest();
    for (const page of wanted) asked.add(page);
    asking += 1;
    lastAsked = performance.now();
    try {
      await load(current, wanted, false);
    } catch (error) {
      for (const page of wanted) asked.delete(page);
      if (!current.aborted && error.code !== 401) notice(error.message);
    } finally {
      asking -= 1;
    }
  }

  function rest() {
    clearTimeout(resting);
    resting = setTimeout(loadMissing, restTime / 2);
  }

  function draw() {
    if (total === null) return;
    const height = rowHeight();
    body.style.height = `${Math.min(total * height, highest)}px`;
    scroller.setAttribute('aria-rowcount', total + 1);
    const [first, last] = visibleRange();
    const [start, end] = [Math.max(0, first - margin), Math.min(total, last + margin)];
    for (const [index, row] of rows) {
      if (index >= start && index < end) continue;
      if (row.contains(document.activeElement)) continue;
      row.remove();
      rows.delete(index);
    }
    for (let index = start; index < end; index += 1) drawRow(index, height);
    all.checked = isSelectingAll || (total > 0 && selection.size >= total);
    all.indeterminate = selection.size > 0 && !all.checked;
    loadMissing();
  }

  function drawRow(index, height) {
    const item = task(index);
    const isSelected = item !== undefined && selection.has(item.id);
    const old = rows.get(index);
    const before = drawn.get(old);
    const isSame = before && before.isSelected === isSelected && before.height === height && before.columns === columns
      // Most often nothing is new; what was asked for again is most often the same.
      && (before.item === item || JSON.stringify(before.item) === JSON.stringify(item));
    if (isSame) return;
    const row = item ? newRow(item, index) : h('div', { class: 'table-row waiting', role: 'row' }, h('span', {}, ' '));
    drawn.set(row, { item, isSelected, height, columns });
    row.setAttribute('aria-rowindex', index + 2);
    row.style.top = `${index * height}px`;
    rows.set(index, row);
    const hadFocus = old?.contains(document.activeElement);
    if (old) old.replaceWith(row);
    else body.append(row);
    if (hadFocus) row.querySelector('a')?.focus({ preventScroll: true });
  }

  function newRow(item, index) {
    const isSelected = selection.has(item.id);
    return h('div', { class: `table-row${isSelected ? ' selected' : ''}`, role: 'row', 'aria-selected': String(isSelected) },
      h('span', { role: 'gridcell', class: 'cell pick' }, h('input', {
        type: 'checkbox', checked: isSelected, tabindex: -1, 'aria-label': `Select ${item.name}`,
        onclick: (event) => pick(index, event),
      })),
      columns.map(({ key, cell, isNumber }) =>
        h('span', { role: 'gridcell', class: `cell ${key.split('|')[0]}${isNumber ? ' number' : ''}` }, cell(item))),
      h('span', { role: 'gridcell', class: 'cell row-menu' }, rowMenu(item, reload)));
  }

  function drawHead() {
    const wanted = request.order_by[0].replace(/^-/, '');
    const isDescending = request.order_by[0].startsWith('-');
    const widths = columns.map(({ width, grows }) => (grows ? `minmax(${width}px, 1fr)` : `${width}px`));
    scroller.style.setProperty('--columns', `40px ${widths.join(' ')} 40px`);
    scroller.style.setProperty('--width', `${80 + columns.reduce((sum, { width }) => sum + width, 0)}px`);
    scroller.setAttribute('aria-colcount', columns.length + 2);
    keepFocus(head, () => head.replaceChildren(h('span', { role: 'columnheader', class: 'cell pick' }, all),
      ...columns.map(({ title, sort, isNumber }) => {
        const direction = sort !== wanted ? null : isDescending ? 'descending' : 'ascending';
        return h('span', { role: 'columnheader', class: `cell${isNumber ? ' number' : ''}`, 'aria-sort': direction ?? 'none' },
          h('button', {
            type: 'button', title: `Sort by ${title}`, 'aria-label': title,
            onclick: () => sorted(direction === 'descending' ? sort : direction ? '-created' : `-${sort}`),
          }, title, direction && h('span', { class: 'arrow', 'aria-hidden': 'true' }, isDescending ? '↓' : '↑')));
      }), h('span', { role: 'columnheader', class: 'cell' }, h('span', { class: 'unseen' }, 'Actions'))));
  }

  function pick(index, event) {
    const item = task(index);
    const isOn = !selection.has(item.id);
    const [from, to] = event.shiftKey && lastPicked !== null
      ? [Math.min(index, lastPicked), Math.max(index, lastPicked)]
      : [index, index];
    for (let each = from; each <= to; each += 1) {
      const found = task(each);
      if (!found) continue;
      if (isOn) selection.set(found.id, found);
      else selection.delete(found.id);
    }
    lastPicked = index;
    draw();
    selected(selection);
  }

  async function selectAll() {
    if (!all.checked) return clear();
    isSelectingAll = true;
    const { order_by, ...filter } = request;
    try {
      for (let page = 0; selection.size < Math.min(isCounted ? total : Infinity, 10_000); page += 1) {
        const { tasks } = await call('tasks.get_all_ex',
          { ...filter, order_by, page, page_size: 500, only_fields: ['name', 'status', 'system_tags'] }, round.signal);
        for (const found of tasks) selection.set(found.id, found);
        if (tasks.length < 500) break;
      }
    } catch (error) {
      if (!round.signal.aborted) notice(error.message);
    }
    isSelectingAll = false;
    draw();
    selected(selection);
  }

  function clear() {
    selection.clear();
    draw();
    selected(selection);
  }

  function move(event) {
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight()) - 2);
    const next = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: (total ?? 1) - 1,
    }[event.key];
    if (event.key === ' ' && event.target.tagName === 'A' && task(at)) {
      event.preventDefault();
      return pick(at, event);
    }
    if (next === undefined || event.target.closest('.table-head')) return undefined;
    event.preventDefault();
    // From the table itself the first step leads into it.
    return focusRow(event.target === scroller && event.key === 'ArrowDown' ? at : next);
  }

  function focusRow(index) {
    if (!total) return;
    at = Math.max(0, Math.min(index, total - 1));
    const height = rowHeight();
    const top = at * height;
    const room = scroller.clientHeight - head.offsetHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + room) scroller.scrollTop = top + height - room;
    draw();
    rows.get(at)?.querySelector('a')?.focus({ preventScroll: true });
  }

  /** Asks again for what is in view: something was changed. */
  async function reload() {
    asked = new Set(visiblePages());
    pages = new Map([...pages].filter(([page]) => asked.has(page)));
    await load(round.signal, [...asked], true);
  }

  return { element: scroller, show, reload, clear, selection };
}
