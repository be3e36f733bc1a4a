// The list of tasks: a tree of projects beside a table.

import { call } from '../lib/api.js';
import { menuButton, tell } from '../lib/dialog.js';
import { empty, h, icon, refresh, settled } from '../lib/dom.js';
import { counted } from '../lib/format.js';
import { attempt } from '../lib/poll.js';
import { keep } from '../lib/preferences.js';
import { address, open, rename } from '../lib/route.js';
import { chooseColumns, column } from './columns.js';
import { chosenColumns, columnsName } from './fields.js';
import { filterBar } from './filters.js';
import { above, noSuchProject } from './projects.js';
import { addressOf, isFiltered, requestOf, unfiltered, wantedTasks } from './query.js';
import { taskTable } from './table.js';
import { projectMenu, projectTree } from './tree.js';

/** What can be done with some tasks; nothing where the server does not give the code of it. */
const actionsOf = async (tasks, changed) =>
  (await attempt(() => import('../task/actions.js')))?.actionsFor(tasks, changed);

export function tasks(route, signal) {
  let wanted = wantedTasks(route.query);
  let keys = [];
  /** The project that is wanted, where the tree does not have it: it is nowhere, or has no place there. */
  let stray = null;

  const rows = Promise.withResolvers();
  const tree = projectTree({ signal, after: rows.promise, changed: drawHeading });
  const heading = h('div', { class: 'heading-place' });
  const total = h('span', { class: 'muted', 'aria-live': 'polite' });
  const search = h('input', {
    type: 'search', placeholder: 'Search tasks', title: 'Names, ids, tags and comments', 'aria-label': 'Search tasks', spellcheck: 'false',
    oninput: settled(() => change({ text: search.value.trim() })),
  });
  const filters = filterBar(() => wanted, change);
  const table = taskTable({
    signal, started: rows.resolve, shown: tellTotal, selected: drawBar, sorted: (sort) => change({ sort }),
    scrolled: (top) => history.replaceState({ top }, ''),
    rowMenu: (task, changed) => menuButton(icon('more'), `Actions for ${task.name}`,
      () => actionsOf([task], changed), { class: 'icon-button', tabindex: -1 }),
  });
  const nothing = h('div', { class: 'nothing', hidden: true });
  const bar = h('div', { class: 'selection-bar', role: 'toolbar', 'aria-label': 'Selected tasks', hidden: true });

  function change(part) {
    wanted = { ...wanted, ...part };
    rename(addressOf(wanted));
    start();
  }

  /** `top` is where one was who comes back. */
  async function start(top = 0) {
    document.title = 'Tasks · Stint';
    if (search.value.trim() !== wanted.text) search.value = wanted.text;
    tree.select(wanted.project);
    filters.draw();
    drawHeading();
    table.show(requestOf(wanted), keys.map(column).filter(Boolean), top);
  }

  async function restart() {
    table.clear();
    const top = history.state?.top;
    keys = await chosenColumns(wanted.project);
    if (!signal.aborted) start(top);
    rows.promise.then(() => attempt(findStray));
  }

  const projectOf = (id) => tree.project(id) ?? (stray?.id === id ? stray : null);

  async function findStray() {
    const { project: id } = wanted;
    if (!id || projectOf(id)) return;
    const { projects: [found] } = await call('projects.get_all_ex', { id: [id], only_fields: ['name'], search_hidden: true }, signal);
    stray = found ?? { id, isMissing: true, name: 'No such project' };
    drawHeading();
    drawNothing();
  }

  function editColumns() {
    attempt(() => chooseColumns(keys, wanted.project, async (chosen) => {
      keys = chosen;
      await keep(columnsName(wanted.project), keys);
      start();
    }));
  }

  function drawHeading() {
    const project = projectOf(wanted.project);
    refresh(heading, [project?.name, wanted.project, wanted.archived], () => {
      const parents = above(project?.name ?? '').slice(0, -1);
      return [
        parents.length > 0 && h('p', { class: 'crumbs' }, parents.map(projectLink)),
        h('div', { class: 'heading' },
          h('button', {
            type: 'button', class: 'icon-button tree-toggle', 'aria-label': 'Projects', onclick: showTree,
          }, icon('folder')),
          h('h1', {}, project ? project.name.split('/').at(-1) : wanted.project ? '…' : 'All tasks', wanted.archived && ' · archive'),
          project && !project.isMissing && projectMenu(project, tree.reload), total),
      ];
    });
  }

  function projectLink(name) {
    const parent = tree.named(name);
    return parent && h('a', { href: address('tasks', null, null, { project: parent.id }) }, name.split('/').at(-1));
  }

  /** On a narrow page the tree has no place beside the table. */
  function showTree() {
    const place = tree.element.parentElement;
    tell('Projects', tree.element, { onclose: () => place.prepend(tree.element) });
  }

  function tellTotal({ total: count }) {
    total.textContent = counted(count, 'task');
    table.element.hidden = count === 0;
    nothing.hidden = count > 0;
    if (count > 0) return;
    drawNothing();
    // The first visit to a server that nobody has used.
    if (!isFiltered(wanted) && !wanted.project && !wanted.archived) open('#/start');
  }

  const drawNothing = () => refresh(nothing, [wanted, stray], nothingFound);

  function nothingFound() {
    if (projectOf(wanted.project)?.isMissing) return noSuchProject();
    if (isFiltered(wanted)) {
      return [
        empty('No task matches', 'Search for less, or choose fewer filters.'),
        h('button', { type: 'button', onclick: showAll }, 'Show all'),
      ];
    }
    if (wanted.archived) return empty('The archive is empty', 'Archived tasks are kept here, out of sight.');
    return empty('No tasks yet', 'A script that calls Task.init with this server’s clearml.conf shows up here.');
  }

  function showAll() {
    search.focus();
    change(unfiltered(wanted));
  }

  function clearSelection() {
    table.clear();
    table.element.focus({ preventScroll: true });
  }

  async function drawBar(selection) {
    const chosen = [...selection.values()];
    bar.hidden = chosen.length === 0;
    if (chosen.length === 0) return;
    const changed = async ({ isDeleted } = {}) => {
      if (isDeleted) table.clear();
      await table.reload();
    };
    const actions = await actionsOf(chosen, changed);
    refresh(bar, chosen.map(({ id, status, system_tags: tags }) => [id, status, tags]), () => [
      h('strong', {}, counted(chosen.length, 'task')),
      h('button', {
        type: 'button', class: 'primary', disabled: chosen.length < 2 || chosen.length > 10,
        title: chosen.length < 2 || chosen.length > 10 ? 'Choose 2 to 10 tasks to compare' : null,
        onclick: () => open(address('compare', chosen.map(({ id }) => id).join())),
      }, 'Compare'),
      (actions ?? []).map(({ title, style, run }) =>
        h('button', { type: 'button', class: style === 'danger' ? 'danger' : '', onclick: run }, title)),
      h('button', { type: 'button', class: 'quiet', onclick: clearSelection }, 'Clear selection'),
    ]);
  }

  function update(next) {
    if (next.id) return false;
    const before = wanted.project;
    wanted = wantedTasks(next.query);
    document.querySelector('dialog[open]')?.close();
    if (wanted.project !== before) restart();
    else start(history.state?.top);
    return true;
  }

  restart();
  const tools = h('div', { class: 'toolbar' }, search, filters.element,
    h('div', { class: 'toolbar-end' },
      h('a', { class: 'button', href: '#/leaderboard', title: 'Leaderboard', onclick: goToLeaderboard },
        icon('podium'), h('span', { class: 'label' }, 'Leaderboard')),
      h('button', { type: 'button', class: 'columns-button', title: 'Columns', onclick: editColumns },
        icon('columns'), h('span', { class: 'label' }, 'Columns'))));

  function goToLeaderboard(event) {
    event.currentTarget.href = address('leaderboard', wanted.project || null);
  }

  return {
    element: h('div', { class: 'tasks-view' }, tree.element,
      h('section', { class: 'tasks-main', 'aria-label': 'Tasks' }, heading, tools, table.element, nothing, bar)),
    update,
    className: 'full',
  };
}
