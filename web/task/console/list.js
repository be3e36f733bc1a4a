// Lines, of which only those in view are elements. A place in the log is a share of it: at the top of the bar the first
// line is at the top of the view, at its end the last line is at the bottom, and in between they are in proportion. So
// lines may be as high as they like, and as many.

import { h } from '../../lib/dom.js';

/** Elements cannot be higher in every browser. */
const highest = 12_000_000;
const beyond = 400;

/**
 * `line(index)` is `{key, element()}`; `need(first, last)` is told what is in view; `moved(isAtEnd)` that the user has
 * scrolled.
 */
export function lineList({ label, line, need, moved }) {
  const rows = h('div', { class: 'rows' });
  const pane = h('div', { class: 'pane' }, rows);
  const spacer = h('div', { class: 'spacer' });
  const element = h('div', {
    class: 'log', role: 'log', 'aria-live': 'off', 'aria-label': label, tabindex: 0, onscroll: onScroll,
  }, h('div', { class: 'extent' }, pane, spacer));
  const drawn = new Map();
  let count = 0;
  let isWrapped = false;
  let unit = 20;
  let average = 20;
  let first = 0;

  const size = new ResizeObserver(() => {
    const isEnd = isFollowing;
    draw();
    if (isEnd) toEnd();
  });
  size.observe(element);
  let isFollowing = true;

  function onScroll() {
    isFollowing = element.scrollHeight - element.clientHeight - element.scrollTop < 6;
    draw();
    moved(isFollowing);
  }

  const lineHeight = () => (isWrapped ? average : unit);
  const share = () => {
    const room = element.scrollHeight - element.clientHeight;
    return room > 0 ? Math.min(1, element.scrollTop / room) : 0;
  };

  function setCount(next) {
    count = next;
    stretch();
  }

  function stretch() {
    spacer.style.height = `${Math.min(highest, Math.ceil(count * lineHeight()))}px`;
  }

  function draw() {
    unit = Number.parseFloat(getComputedStyle(element).getPropertyValue('--line-height')) || 20;
    const height = element.clientHeight;
    if (height === 0) return;
    pane.style.height = `${height}px`;
    const part = share();
    const place = Math.min(count, part * count);
    const anchor = Math.min(Math.floor(place), Math.max(0, count - 1));
    const y = part * height;
    const [above, below] = [y + beyond, height - y + beyond].map((room) => Math.ceil(room / unit));
    first = Math.max(0, anchor - above);
    const last = Math.min(count, anchor + below + 1);
    keepRows(first, last);
    place_(place, anchor, y, height, last);
    need(Math.max(0, anchor - Math.ceil(y / unit)), Math.min(count - 1, anchor + Math.ceil((height - y) / unit)));
  }

  /** Puts the anchor's line where it belongs. */
  function place_(place, anchor, y, height, last) {
    const row = drawn.get(anchor)?.element;
    if (!row) return;
    if (isWrapped) {
      const total = rows.offsetHeight;
      const mean = total / Math.max(1, last - first);
      // Everything is here: nothing need be guessed.
      if (first === 0 && last === count) average = mean;
      else if (mean > average * 1.2 || mean < average * 0.8) average = Math.max(unit, mean);
      stretch();
    }
    const top = isWrapped ? row.offsetTop : (anchor - first) * unit;
    const inside = (place - anchor) * (isWrapped ? row.offsetHeight : unit);
    const isShort = rows.offsetHeight <= height && first === 0 && last === count;
    rows.style.transform = `translateY(${isShort ? 0 : Math.round(y - top - inside)}px)`;
  }

  function keepRows(from, to) {
    for (const [index, { element: row }] of drawn) {
      if (index >= from && index < to) continue;
      row.remove();
      drawn.delete(index);
    }
    let previous = null;
    for (let index = from; index < to; index += 1) {
      const { key, element: build } = line(index);
      let shown = drawn.get(index);
      if (shown?.key !== key) {
        const row = build();
        if (shown) shown.element.replaceWith(row);
        shown = { key, element: row };
        drawn.set(index, shown);
      }
      const expected = previous ? previous.nextSibling : rows.firstChild;
      if (expected !== shown.element) rows.insertBefore(shown.element, expected);
      previous = shown.element;
    }
  }

  /** The first line in view and how far below the top of the view it begins. */
  function top() {
    const edge = pane.getBoundingClientRect().top;
    for (const [index, { element: row }] of [...drawn].sort((a, b) => a[0] - b[0])) {
      const box = row.getBoundingClientRect();
      if (box.bottom > edge) return { index, y: box.top - edge };
    }
    return null;
  }

  /** Scrolls so that a line begins `y` below the top of the view. */
  function show(index, y = 0) {
    const height = element.clientHeight;
    const room = count * lineHeight() - height;
    const part = room > 0 ? Math.max(0, Math.min(1, (index * lineHeight() - y) / room)) : 0;
    element.scrollTop = part * (element.scrollHeight - height);
    draw();
  }

  function toEnd() {
    isFollowing = true;
    element.scrollTop = element.scrollHeight;
    draw();
    // Wrapped lines are as high as they turn out to be.
    if (isWrapped) element.scrollTop = element.scrollHeight;
  }

  function wrap(on) {
    isWrapped = on;
    element.classList.toggle('wrapped', on);
    for (const { element: row } of drawn.values()) row.remove();
    drawn.clear();
    average = unit;
    stretch();
    draw();
    if (isFollowing) toEnd();
  }

  /** Draws lines anew although their keys are the same. */
  function redraw() {
    for (const { element: row } of drawn.values()) row.remove();
    drawn.clear();
    draw();
  }

  return {
    element, setCount, draw, redraw, top, show, toEnd, wrap, end: () => size.disconnect(),
    get isFollowing() { return isFollowing; },
  };
}
