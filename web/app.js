// The shell: who is signed in, and which view the address asks for. A view's code is loaded when it is first shown.

import { onSignedOut, signInModes, signOut, useLink } from './lib/api.js';
import { menuButton } from './lib/dialog.js';
import { h, icon } from './lib/dom.js';
import { askAnew, session, tasksAnswered } from './lib/early.js';
import { tellMoment, tick } from './lib/format.js';
import { attempt, notice } from './lib/poll.js';
import { adopt, forget } from './lib/preferences.js';
import { address, currentRoute, open } from './lib/route.js';
import { chooseTheme, chosenTheme } from './lib/theme.js';
import { tasks } from './tasks/view.js';

const bar = document.getElementById('bar');
const main = document.getElementById('main');

/** What shows a view: `(route, signal) => {element, update?}`. */
const views = {
  tasks: async ({ id }) => (id ? (await import('./task/view.js')).task : tasks),
  compare: async () => (await import('./compare/view.js')).compare,
  leaderboard: async () => (await import('./compare/leaderboard.js')).leaderboard,
  queues: async () => (await import('./machines/queues.js')).queues,
  workers: async ({ id }) =>
    (id ? (await import('./machines/worker.js')).worker : (await import('./machines/workers.js')).workers),
  settings: async () => (await import('./account/settings.js')).settings,
  start: async () => (await import('./account/start.js')).start,
};

/** Styles of every view but the list of tasks, in the order in which they count. */
const furtherStyles = ['task', 'compare', 'machines'];
let styling;

function allStyles() {
  const links = [];
  styling ??= Promise.all(furtherStyles.map((name) => new Promise((resolve, reject) => {
    const href = new URL(`./styles/${name}.css`, import.meta.url).pathname;
    const fail = () => reject(new Error(`How this view looks could not be loaded (${href}). Open it again.`));
    links.push(h('link', { rel: 'stylesheet', href, onload: resolve, onerror: fail }));
    document.head.append(links.at(-1));
  }))).catch((error) => {
    // All of them anew, so that they keep their order.
    for (const link of links) link.remove();
    styling = undefined;
    throw error;
  });
  return styling;
}

/** What is loaded. A browser takes its time to give once more even what it has. */
const loaded = new Map();

function viewOf(route) {
  const name = `${route.view}/${route.id ? 'one' : ''}`;
  const isList = name === 'tasks/';
  if (!loaded.has(name)) {
    const loading = Promise.all([views[route.view](route), isList || allStyles()]).then(([view]) => view);
    loading.catch(() => loaded.delete(name));
    loaded.set(name, loading);
  }
  return loaded.get(name);
}

/** What the address asks for; the tasks when it names nothing that there is. */
function wantedRoute() {
  const route = currentRoute();
  return Object.hasOwn(views, route.view) ? route : { view: 'tasks', query: route.query };
}

/** The main views that others belong to. */
const parents = { compare: 'tasks', leaderboard: 'tasks' };

/** What is shown: its view, its identity, and what ends its requests. */
let shown = null;
let isSignedIn = false;

async function show() {
  if (!isSignedIn) return;
  const route = wantedRoute();
  const identity = `${route.view}/${route.id ?? ''}`;
  if (shown?.identity === identity && shown.update?.(route)) return;
  const isFirst = shown === null;
  leave();
  const ending = new AbortController();
  shown = { identity, ending };
  bar.hidden = false;
  for (const link of bar.querySelectorAll('a[data-view]')) {
    if (link.dataset.view === (parents[route.view] ?? route.view)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const view = await attempt(() => viewOf(route));
  if (ending.signal.aborted || !view) return;
  const { element, update, className } = view(route, ending.signal);
  shown.update = update;
  if (isFirst) await tasksAnswered(ending.signal);
  if (ending.signal.aborted) return;
  main.className = className ?? '';
  main.replaceChildren(element);
  if (isFirst) return;
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

async function ask(refusal) {
  isSignedIn = false;
  leave();
  forget();
  bar.hidden = true;
  document.title = 'Sign in · Stint';
  const { login } = await import('./account/login.js');
  main.className = '';
  main.replaceChildren(login(await signInModes().catch(() => null), refusal, () => {
    isSignedIn = true;
    show();
  }));
  main.querySelector('input')?.focus();
}

function leave() {
  shown?.ending.abort();
  shown = null;
  notice(null);
}

/**
 * Takes `#link=…`, as the terminal prints it, out of the address before anything else can see or keep it, and signs in with
 * it. Gives why that was refused.
 */
async function acceptLink() {
  const code = /^#link=(\w+)$/.exec(location.hash)?.[1];
  if (!code) return undefined;
  history.replaceState(null, '', '/#/tasks');
  askAnew();
  return useLink(code).then(() => undefined, (error) => error.message);
}

/** Addresses that ClearML's own tools print lead to the same task or project here. */
function acceptForeignPath() {
  const [, project, id, part] =
    /^\/projects\/([^/]+)(?:\/(?:experiments|tasks)\/(\w+)(?:\/(.*))?)?/.exec(location.pathname) ?? [];
  if (!project) return;
  const known = { log: 'console', scalar: 'scalars', plot: 'plots', debug: 'images', artifact: 'artifacts' };
  const tab = known[/log|scalar|plot|debug|artifact/.exec(part)?.[0]];
  const query = project === '*' ? {} : { project };
  history.replaceState(null, '', `/${id ? address('tasks', id, tab) : address('tasks', null, null, query)}`);
}

function accountMenu() {
  return menuButton(icon('user'), 'Account', () => [
    { title: 'Settings and credentials', run: () => open('#/settings') },
    { title: 'Getting started', run: () => open('#/start') },
    null,
    ...['auto', 'light', 'dark'].map((name) => ({
      title: { auto: 'System theme', light: 'Light theme', dark: 'Dark theme' }[name],
      checked: chosenTheme() === name, run: () => chooseTheme(name),
    })),
    null,
    { title: 'Sign out', run: () => attempt(signOut) },
  ], { class: 'icon-button', id: 'account' });
}

document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
document.getElementById('bar-end').append(h('span', { id: 'bar-place' }), accountMenu());
window.addEventListener('hashchange', async () => {
  if (location.hash.startsWith('#link=')) await start();
  else show();
});
onSignedOut(() => isSignedIn && ask());
setInterval(tick, 5000);
document.addEventListener('pointerover', tellMoment);
acceptForeignPath();

async function start() {
  const refusal = await acceptLink();
  // What is most likely shown comes while it is asked who asks.
  viewOf(wantedRoute()).catch(() => {});
  const modes = await attempt(session);
  if (!modes) return void setTimeout(start, 3000);
  isSignedIn = modes.authenticated;
  adopt(modes.stint?.preferences);
  await (isSignedIn ? show() : ask(refusal));
}

start();
