// A week's hours in which a worker takes tasks, to be painted with the mouse or set with the keyboard. They are written as
// `8-18 MON-FRI`: hours, and the days they are of.

import { h } from '../lib/dom.js';

const days = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'];
const titles = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const week = () => days.map(() => Array(24).fill(true));

/**
 * A grid of seven by twenty-four; `changed` is called with the text for what is painted, empty for all hours, and says
 * whether it was kept.
 */
export function hoursGrid(signal, changed) {
  let known = null;
  let on = week();
  let paints = null;
  let focus = [0, 8];
  const cells = days.map((_, day) => Array.from({ length: 24 }, (__, hour) => h('td', {
    role: 'gridcell', tabindex: day === 0 && hour === 8 ? 0 : -1,
    onpointerdown: (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      paints = !on[day][hour];
      paint(day, hour);
      reach(day, hour);
      // A finger stays with what it touched first, unless it is let go.
      event.currentTarget.releasePointerCapture(event.pointerId);
    },
    onpointerenter: () => paints !== null && paint(day, hour),
    onkeydown: (event) => step(event, day, hour),
  })));
  const table = h('table', { class: 'week', role: 'grid', 'aria-label': 'Working hours' },
    h('thead', {}, h('tr', {}, h('td'), Array.from({ length: 8 }, (_, index) => h('th', { colspan: 3 }, `${index * 3}`)))),
    h('tbody', {}, days.map((_, day) => h('tr', {}, h('th', { scope: 'row' }, titles[day].slice(0, 3)), cells[day]))));
  const save = h('button', { type: 'button', class: 'primary', hidden: true, onclick: async () => {
    const text = textOf(on);
    if (!await changed(text)) return;
    known = text;
    if (document.activeElement === save) cells[focus[0]][focus[1]].focus();
    touched();
  } }, 'Save hours');
  const undo = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: () => {
    on = hoursOf(known ?? '');
    touched();
    cells[focus[0]][focus[1]].focus();
  } }, 'Undo');
  const all = h('button', { type: 'button', class: 'quiet', onclick: () => {
    on = week();
    touched();
  } }, 'All hours');
  const work = h('button', { type: 'button', class: 'quiet', onclick: () => {
    on = days.map((__, day) => Array.from({ length: 24 }, (___, hour) => !(day < 5 && hour >= 8 && hour < 18)));
    touched();
  } }, 'Nights and weekends');
  for (const end of ['pointerup', 'pointercancel']) {
    addEventListener(end, () => {
      paints = null;
    }, { signal });
  }

  function paint(day, hour) {
    on[day][hour] = paints;
    touched();
  }

  function touched() {
    save.hidden = undo.hidden = textOf(on) === textOf(hoursOf(known ?? ''));
    draw();
  }

  function step(event, day, hour) {
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      on[day][hour] = !on[day][hour];
      return touched();
    }
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move) return undefined;
    event.preventDefault();
    return reach((day + move[0] + 7) % 7, (hour + move[1] + 24) % 24);
  }

  /** Moves the focus, which only one cell of the grid has for the Tab key. */
  function reach(day, hour) {
    cells[focus[0]][focus[1]].tabIndex = -1;
    focus = [day, hour];
    cells[day][hour].tabIndex = 0;
    cells[day][hour].focus();
  }

  function draw() {
    cells.forEach((row, day) => row.forEach((cell, hour) => {
      cell.classList.toggle('on', on[day][hour]);
      cell.setAttribute('aria-selected', String(on[day][hour]));
      cell.setAttribute('aria-label', `${titles[day]} ${hour}:00, ${on[day][hour] ? 'on' : 'off'}`);
      cell.title = `${titles[day]} ${hour}:00 to ${hour + 1}:00`;
    }));
  }

  const element = h('div', { class: 'hours' }, table, h('div', { class: 'actions' }, work, all, undo, save));
  draw();
  return {
    element,
    /** Shows what is kept, unless something is being painted. */
    use(text) {
      if (text === known || !save.hidden) return;
      known = text;
      on = hoursOf(text);
      draw();
    },
    /** Shows which hour it is. */
    mark(day, hour) {
      table.querySelector('.now')?.classList.remove('now');
      cells[day][hour].classList.add('now');
    },
  };
}

function hoursOf(text) {
  if (!text.trim()) return week();
  const on = days.map(() => Array(24).fill(false));
  if (text.trim().toLowerCase() === 'never') return on;
  for (const entry of text.split(';')) {
    const [hours = '', some = ''] = entry.trim().split(/\s+/);
    for (const day of members(some.split(','), days)) {
      for (const range of hours.split(',')) {
        const [start, end = 24] = range.split('-').map(Number);
        for (const hour of around(start, (end || 24) - 1, 24)) on[day][hour] = true;
      }
    }
  }
  return on;
}

function members(ranges, all) {
  return ranges.flatMap((range) => {
    const [from, to = from] = range.split('-').map((name) => all.indexOf(name.toUpperCase()));
    return from < 0 || to < 0 ? [] : around(from, to, 7);
  });
}

/** The numbers from one to another below `count`, over the end where the last comes before the first. */
const around = (from, to, count) => Array.from({ length: ((to - from + count) % count) + 1 }, (_, index) => (from + index) % count);

/** Days with the same hours are written together. */
function textOf(on) {
  if (on.every((row) => row.every(Boolean))) return '';
  const byHours = new Map();
  on.forEach((row, day) => {
    const hours = [];
    for (let hour = 0; hour < 24; hour += 1) {
      if (!row[hour]) continue;
      let end = hour;
      while (end < 24 && row[end]) end += 1;
      hours.push(`${hour}-${end}`);
      hour = end;
    }
    if (hours.length > 0) byHours.set(hours.join(), [...(byHours.get(hours.join()) ?? []), days[day]]);
  });
  return [...byHours].map(([hours, some]) => `${hours} ${some.join()}`).join('; ') || 'never';
}
