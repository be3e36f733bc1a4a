// Asking again and again: never twice at once, never while the page is hidden, and slower while the server is away.

import { h, iconButton } from './dom.js';

const longestPause = 15_000;
/** Whether somebody was told that the server does not answer. */
let isAway = false;

/** Runs `step` until `signal` aborts, `interval` milliseconds apart; `interval` may be a function. */
export async function poll(signal, interval, step) {
  let failures = 0;
  while (!signal.aborted) {
    await visible(signal);
    if (signal.aborted) return;
    try {
      await step();
      if (failures || isAway) notice(null);
      failures = 0;
      isAway = false;
    } catch (error) {
      if (signal.aborted || error.code === 401) return;
      failures += 1;
      notice(error.message);
    }
    const wanted = typeof interval === 'function' ? interval() : interval;
    await pause(Math.min(wanted * 2 ** failures, Math.max(wanted, longestPause)), signal);
  }
}

/** Does `step` once, again if the server was away. What it refuses is shown above the page. */
export function eventually(signal, step) {
  const trying = part(signal);
  return poll(trying.signal, 1000, async () => {
    try {
      await step();
    } catch (error) {
      if (error.code === 401 || !(error.code >= 400 && error.code < 500)) throw error;
      notice(error.message);
    }
    trying.abort();
  });
}

/** Shows one line above the page, or hides it. */
export function notice(text) {
  const line = document.getElementById('notice');
  line.hidden = !text;
  if (line.firstChild?.textContent === (text ?? '')) return;
  line.replaceChildren(...(text ? [h('span', {}, text), iconButton('close', 'Dismiss', dismiss)] : []));
}

function dismiss() {
  notice(null);
  document.getElementById('main').focus({ preventScroll: true });
}

/** Says for a moment that something was done. */
export function toast(text) {
  const line = document.getElementById('toast');
  line.textContent = text;
  line.hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => {
    line.hidden = true;
  }, 4000);
}

let toasting;

/** What the protocol says where a role does not allow something. */
const roleNotAllowed = 20;

/** What went wrong, for people. */
export const reason = (error) => (error.code === 403 && error.subcode === roleNotAllowed
  ? 'You may not do this: ask an administrator to do it, or to give you the role.' : error.message);

/** Does `step`; what goes wrong is shown above the page. */
export async function attempt(step) {
  try {
    notice(null);
    return await step();
  } catch (error) {
    if (error.name !== 'AbortError') notice(reason(error));
    isAway = error.code === 0;
    return undefined;
  }
}

export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}

export function visible(signal) {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const ready = new AbortController();
    const check = () => {
      if (document.hidden && !signal.aborted) return;
      ready.abort();
      resolve();
    };
    document.addEventListener('visibilitychange', check, { signal: ready.signal });
    signal.addEventListener('abort', check, { signal: ready.signal });
  });
}

/** A controller whose work ends with `signal`, or earlier. */
export function part(signal) {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else signal.addEventListener('abort', () => controller.abort(), { signal: controller.signal });
  return controller;
}
