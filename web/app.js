// The shell: who is signed in, and which view the address asks for. A view's code is loaded when it is first shown.

import { onSignedOut, signInModes, signOut, useLink } from './lib/api.js';
import { menuButton } from './lib/dialog.js';
import { h, icon } from './lib/dom.js';
import { askAnew, session, tasksAnswered } from './lib/early.js';
import { tellMoment, tick } from './lib/format.js';
import { attempt, notice, toast } from './lib/poll.js';
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
/** How often a view was asked for. */
let turns = 0;

const identityOf = ({ view, id }) => `${view}/${id ?? ''}`;

async function show() {
  if (!isSignedIn) return;
  const route = wantedRoute();
  const identity = identityOf(route);
  const turn = turns += 1;
  if (shown?.identity === identity && shown.update?.(route)) return;
  const view = await untilLoaded(route, () => turn === turns && identityOf(wantedRoute()) === identity);
  if (!view) return;
  const isFirst = shown === null;
  leave();
  const ending = new AbortController();
  shown = { identity, ending };
  bar.hidden = false;
  for (const link of bar.querySelectorAll('a[data-view]')) {
    if (link.dataset.view === (parents[route.view] ?? route.view)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
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

/** What shows a view, once its code is there; nothing where another is wanted before that. Until then what is shown goes on. */
async function untilLoaded(route, isWanted) {
  for (;;) {
    try {
      const view = await viewOf(route);
      return isWanted() && view;
    } catch (error) {
      if (!isWanted()) return undefined;
      notice(error instanceof TypeError
        ? 'This view could not be loaded. Is the server running? If it was upgraded, reload the page.' : error.message);
    }
    await new Promise((resolve) => setTimeout(resolve, 3000));
    if (!isWanted()) return undefined;
  }
}

async function ask(reason) {
  isSignedIn = false;
  turns += 1;
  leave();
  forget();
  bar.hidden = true;
  document.title = 'Sign in · Stint';
  const { login } = await import('./account/login.js');
  main.className = '';
  main.replaceChildren(login(await signInModes().catch(() => null), reason, () => {
    isSignedIn = true;
    show().then(() => main.focus({ preventScroll: true }));
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
  // Whoever it is of: nobody is made somebody else by following a link.
  if ((await signInModes().catch(() => null))?.authenticated) {
    toast('You are signed in already. Sign out first to use the link.');
    return undefined;
  }
  return useLink(code).then(() => undefined, (error) => error.message);
}

/** Addresses that ClearML's own tools print, or its page had, lead to the same here. */
function acceptForeignPath() {
  if (location.pathname !== '/') history.replaceState(null, '', `/${placeOf(location.pathname)}`);
}

function placeOf(path) {
  const [, section, project] = path.split(/[/;]/);
  const compared = /\/compare-\w+;ids=([\w,]+)/.exec(path)?.[1];
  if (compared) return address('compare', compared);
  const [, id, part] = /\/(?:experiments|tasks)\/(\w+)(?:\/(.*))?/.exec(path) ?? [];
  const known = { log: 'console', scalar: 'scalars', plot: 'plots', debug: 'images', artifact: 'artifacts' };
  if (id) return address('tasks', id, known[/log|scalar|plot|debug|artifact/.exec(part)?.[0]]);
  if (section === 'settings') return '#/settings';
  if (section === 'workers-and-queues') return project === 'queues' ? '#/queues' : '#/workers';
  return address('tasks', null, null, section === 'projects' && project && project !== '*' ? { project } : {});
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
onSignedOut((isWanted) => isSignedIn && ask(isWanted ? undefined : 'Your session has ended. Sign in again to go on.'));
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
