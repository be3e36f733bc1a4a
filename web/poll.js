// Asking again and again: never twice at once, never while the page is hidden, and slower while the server is away.

const longestPause = 15_000;

/** Runs `step` until `signal` aborts, `interval` milliseconds apart; `interval` may be a function. */
export async function poll(signal, interval, step) {
  let failures = 0;
  while (!signal.aborted) {
    await visible(signal);
    if (signal.aborted) return;
    try {
      await step();
      if (failures) notice(null);
      failures = 0;
    } catch (error) {
      if (signal.aborted || error.code === 401) return;
      failures += 1;
      notice(error.message);
    }
    const wanted = typeof interval === 'function' ? interval() : interval;
    await pause(Math.min(wanted * 2 ** failures, Math.max(wanted, longestPause)), signal);
  }
}

/** Shows one line above the page, or hides it. */
export function notice(text) {
  const line = document.getElementById('notice');
  line.hidden = !text;
  line.textContent = text ?? '';
}

function pause(milliseconds, signal) {
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

function visible(signal) {
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
