// Numbers, times and sizes as people read them.

import { now } from './clock.js';
import { h } from './dom.js';

/** What takes long to make is made when it is first wanted, and only then. */
const once = (make) => {
  let made;
  return () => (made ??= make());
};
const exact = once(() => new Intl.DateTimeFormat([], { dateStyle: 'medium', timeStyle: 'medium' }));
const day = once(() => new Intl.DateTimeFormat([], { dateStyle: 'medium' }));
const time = once(() => new Intl.DateTimeFormat([], { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }));
const names = once(() => new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }));

/** Milliseconds since 1970 of a protocol date, which is UTC when it names no zone. */
export function moment(text) {
  if (!text) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const value = Date.parse(zoned);
  return Number.isNaN(value) ? null : value;
}

/** A `<time>` that says how long ago it was; `tellMoment` gives it the exact one. */
export function ago(text) {
  const at = moment(text);
  if (at === null) return h('span', { class: 'muted' }, '–');
  return h('time', { datetime: new Date(at).toISOString(), 'data-ago': at }, since(at));
}

/** Lets the pointer find the exact moment of an `ago`. */
export function tellMoment({ target }) {
  const element = target.closest('time[data-ago]');
  if (element && !element.title) element.title = exactly(Number(element.dataset.ago));
}

/** How long something lasts that began at a moment, and goes on. */
export const lasting = (at) => h('span', { title: `since ${exactly(at)}`, 'data-since': at }, duration((now() - at) / 1000));

/** Brings every shown `ago` and `lasting` up to date. */
export function tick() {
  for (const element of document.querySelectorAll('[data-ago], [data-since]')) {
    const { ago: at, since: start } = element.dataset;
    const text = start ? duration((now() - start) / 1000) : since(Number(at));
    if (element.textContent !== text) element.textContent = text;
  }
}

function since(at) {
  const seconds = Math.round((now() - at) / 1000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 30 * 86400) return `${Math.floor(seconds / 86400)} d ago`;
  return day().format(at);
}

export const clock = (at) => time().format(at);

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  if (minutes) return `${minutes} min ${whole % 60} s`;
  return `${whole} s`;
}

/** The unit in which so many seconds are a number of few digits, and its seconds. */
export const timeUnit = (seconds) => (seconds < 180 ? ['s', 1] : seconds < 3 * 3600 ? ['min', 60] : ['h', 3600]);

export function bytes(count) {
  if (!Number.isFinite(count)) return '–';
  const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit += 1;
  }
  return `${count >= 100 || unit === 0 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`;
}

export const megabytes = (count) => bytes(count * 1024 * 1024);
export const percent = (value) => (Number.isFinite(value) ? `${Math.round(value)}%` : '–');

/** Four significant digits, or powers of ten for what is very large or small. Whole numbers stay whole below `most`. */
export function number(value, most = 1e12) {
  if (typeof value !== 'number' || !Number.isFinite(value)) return String(value ?? '–');
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < most) return size < 1e4 ? String(value) : grouped(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(3).replace(/\.?0+e/, 'e').replace('e+', 'e');
  return String(Number(value.toPrecision(size >= 1000 ? 6 : 4)));
}

export const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `1 task`, `2 tasks`, `1,234 tasks`. */
export const counted = (count, word) => `${grouped(count)} ${word}${count === 1 ? '' : 's'}`;

/** A whole number with commas. (What the browser has for it takes long the first time.) */
export const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A moment, exactly. */
export const exactly = (at) => exact().format(at);

/** A moment as Plotly shows it: in this browser's time zone, of which Plotly knows nothing. */
export const plotTime = (at) => new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, -1);

/** How names are sorted: `a2` before `a10`. */
export const byName = (a, b) => names().compare(a, b);
