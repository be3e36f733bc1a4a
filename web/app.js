// The shell: who is signed in, and which view the address asks for.

import { adoptToken, onSignedOut, signedIn, signOut } from './api.js';
import { tick } from './format.js';
import { login } from './login.js';
import { notice } from './poll.js';
import { queues } from './queues.js';
import { task } from './task.js';
import { tasks } from './tasks.js';
import { workers } from './workers.js';

const bar = document.getElementById('bar');
const main = document.getElementById('main');
const views = { tasks: (route) => (route.id ? task : tasks), queues: () => queues, workers: () => workers };

/** What is shown: its view, its identity, and what ends its requests. */
let shown = null;

function show() {
  acceptToken();
  if (!signedIn()) return ask();
  const route = currentRoute();
  const identity = `${route.view}/${route.id}`;
  if (shown?.identity === identity && shown.update?.(route)) return;
  const isFirst = shown === null;
  leave();
  bar.hidden = false;
  for (const link of bar.querySelectorAll('a[data-view]')) {
    if (link.dataset.view === route.view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const ending = new AbortController();
  const { element, update } = views[route.view](route)(route, ending.signal);
  shown = { identity, update, ending };
  main.replaceChildren(element);
  window.scrollTo(0, 0);
  if (!isFirst) main.focus({ preventScroll: true });
}

function ask() {
  leave();
  bar.hidden = true;
  document.title = 'Sign in · Stint';
  main.replaceChildren(login(show));
  document.getElementById('key').focus();
}

function leave() {
  shown?.ending.abort();
  shown = null;
  notice(null);
}

/** `#/view/id/tab?name=value`, as parts. */
function currentRoute() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const [view, id, tab] = path.split('/').map(decodeURIComponent);
  return { view: Object.hasOwn(views, view) ? view : 'tasks', id, tab, query: new URLSearchParams(query) };
}

/** Takes `#token=…`, as the terminal prints it, out of the address before anything else can see or keep it. */
function acceptToken() {
  const token = /^#token=([\w.-]+)$/.exec(location.hash)?.[1];
  if (!token) return;
  history.replaceState(null, '', '/#/tasks');
  adoptToken(token).catch((error) => notice(error.message));
}

/** Addresses that ClearML's own tools print lead to the same task here. */
function acceptForeignPath() {
  const [, id, part] = /^\/projects\/[^/]+\/(?:experiments|tasks)\/(\w+)(?:\/(.*))?$/.exec(location.pathname) ?? [];
  if (!id) return;
  const tab = { log: '/console', scalar: '/scalars', artifact: '/artifacts' }[/log|scalar|artifact/.exec(part)?.[0]];
  history.replaceState(null, '', `/#/tasks/${id}${tab ?? ''}`);
}

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
document.getElementById('sign-out').addEventListener('click', signOut);
window.addEventListener('hashchange', show);
onSignedOut(ask);
setInterval(tick, 5000);
acceptForeignPath();
show();
