// The tree of projects.

import { call } from '../lib/api.js';
import { ask, menuButton } from '../lib/dialog.js';
import { h, icon, refresh, settled } from '../lib/dom.js';
import { byName } from '../lib/format.js';
import { pause, poll, toast } from '../lib/poll.js';
import { address, open } from '../lib/route.js';
import { above, escaped } from './projects.js';

const mostProjects = 5000;

/** It is filled `after` something more urgent; `changed` is called once the projects are known, and whenever they change. */
export function projectTree({ signal, after, changed }) {
  let projects = new Map();
  let isCut = false;
  let chosen = '';
  let found = null;
  const opened = new Set();
  const list = h('ul', { class: 'tree', role: 'tree', 'aria-label': 'Projects', onkeydown: step });
  const search = h('input', {
    type: 'search', placeholder: 'Find a project', 'aria-label': 'Find a project', spellcheck: 'false',
    oninput: settled(find),
  });
  const note = h('p', { class: 'muted small', hidden: true }, `The first ${mostProjects} projects. Search finds all.`);

  Promise.race([after, pause(1000, signal)]).then(() => poll(signal, 15_000, load));

  async function load() {
    const all = [];
    for (let page = 0; all.length < mostProjects; page += 1) {
      const { projects: some } = await call('projects.get_all_ex', {
        order_by: ['name'], page, page_size: 500, only_fields: ['name'],
      }, signal);
      all.push(...some);
      if (some.length < 500) break;
      if (projects.size === 0) take(all);
    }
    isCut = all.length >= mostProjects;
    take(all);
  }

  function take(all) {
    const isNews = !projects.has(chosen);
    projects = new Map(all.map((project) => [project.id, project]));
    if (isNews) select(chosen);
    else draw();
    changed();
  }

  async function find() {
    const text = search.value.trim();
    if (!text) {
      found = null;
    } else {
      const answer = await call('projects.get_all_ex', {
        name: `(?i)${escaped(text)}`, order_by: ['name'], page: 0, page_size: 100,
        only_fields: ['name'],
      }, signal).catch(() => null);
      if (!answer || text !== search.value.trim()) return;
      found = answer.projects;
    }
    draw();
  }

  function select(id) {
    chosen = id;
    for (const name of above(projects.get(id)?.name ?? '')) opened.add(name);
    draw();
  }

  function draw() {
    note.hidden = !isCut;
    refresh(list, [found, found ? null : [...projects.values()].map(({ name }) => name), chosen, [...opened]], () => {
      if (found) return found.length > 0 ? found.map((project) => leaf(project, project.name)) : nothing();
      return [everything(), ...branch(children())];
    });
  }

  const nothing = () => h('li', { class: 'muted', role: 'none' }, 'No project matches');
  const everything = () => item(address('tasks'), 'All tasks', '', { level: 1 });
  const leaf = (project, name) => item(address('tasks', null, null, { project: project.id }), name, project.id, { level: 1 });

  /** Every project by the name of the one above it. */
  function children() {
    const below = new Map();
    for (const project of projects.values()) {
      const parent = project.name.includes('/') ? project.name.slice(0, project.name.lastIndexOf('/')) : '';
      below.set(parent, [...(below.get(parent) ?? []), project]);
    }
    for (const some of below.values()) some.sort((a, b) => byName(a.name, b.name));
    return below;
  }

  function branch(below, parent = '', level = 1) {
    return (below.get(parent) ?? []).map((project) => {
      const { id, name } = project;
      const hasChildren = below.has(name);
      const isOpen = opened.has(name);
      return item(address('tasks', null, null, { project: id }), name.slice(parent ? parent.length + 1 : 0), id, {
        level, isOpen: hasChildren ? isOpen : undefined, toggle: hasChildren && (() => toggle(name)),
        group: hasChildren && isOpen && h('ul', { role: 'group' }, branch(below, name, level + 1)),
      });
    });
  }

  function item(href, title, id, { level, isOpen, toggle: turn, group }) {
    const isChosen = id === chosen;
    return h('li', {
      role: 'treeitem', 'aria-level': level, 'aria-selected': String(isChosen),
      'aria-expanded': isOpen === undefined ? null : String(isOpen),
    }, h('div', { class: `node${isChosen ? ' chosen' : ''}` },
      h('button', {
        type: 'button', class: `turn${isOpen ? ' open' : ''}`, tabindex: -1, 'aria-hidden': 'true', onclick: turn || null,
        disabled: !turn,
      }, turn && icon('right')),
      h('a', { href, title, 'aria-current': isChosen ? 'true' : null }, title)), group);
  }

  function toggle(name) {
    if (opened.has(name)) opened.delete(name);
    else opened.add(name);
    draw();
  }

  function step(event) {
    const links = [...list.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement);
    if (at < 0) return;
    const node = document.activeElement.closest('li');
    const turn = node.querySelector(':scope > .node > .turn');
    const state = node.getAttribute('aria-expanded');
    const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (go !== undefined) links[Math.max(0, Math.min(go, links.length - 1))].focus();
    else if (event.key === 'ArrowRight' && state === 'false') turnAndFocus(turn, at);
    else if (event.key === 'ArrowLeft' && state === 'true') turnAndFocus(turn, at);
    else if (event.key === 'ArrowLeft') node.parentElement.closest('li')?.querySelector('a').focus();
    else return;
    event.preventDefault();
  }

  function turnAndFocus(turn, at) {
    turn.click();
    list.querySelectorAll('a')[at]?.focus();
  }

  return {
    element: h('nav', { class: 'sidebar', 'aria-label': 'Projects' }, search, list, note),
    select, reload: load, project: (id) => projects.get(id),
    named: (name) => [...projects.values()].find((project) => project.name === name),
  };
}

/** What can be done with a project. */
export function projectMenu(project, changed) {
  const { id, name } = project;
  const input = (label, value, placeholder = '') => {
    const field = h('input', { id: 'project-name', value, placeholder, required: true, maxlength: 300 });
    return { field, content: [h('label', { for: 'project-name' }, label), field] };
  };

  function add() {
    const { field, content } = input(`Name, below ${name}`, '');
    ask({
      title: 'New project', content, verb: 'Create',
      run: async () => {
        const created = await call('projects.create', { name: `${name}/${field.value.trim()}`, description: '' });
        await changed();
        open(address('tasks', null, null, { project: created.id }));
      },
    });
  }

  function renameProject() {
    const parts = name.split('/');
    const { field, content } = input('Name', parts.at(-1));
    ask({
      title: 'Rename project', content, verb: 'Rename',
      run: async () => {
        await call('projects.update', { project: id, name: [...parts.slice(0, -1), field.value.trim()].join('/') });
        await changed();
      },
    });
    field.select();
  }

  function move() {
    const parent = name.split('/').slice(0, -1).join('/');
    const field = h('input', { id: 'project-name', value: parent, placeholder: 'Empty for the top' });
    ask({
      title: 'Move project', verb: 'Move', content: [h('label', { for: 'project-name' }, 'Below the project'), field],
      run: async () => {
        await call('projects.move', { project: id, new_location: field.value.trim() });
        await changed();
      },
    });
  }

  async function remove() {
    const { tasks = 0, non_archived_tasks: unarchived = 0, models = 0 } = await call('projects.validate_delete', { project: id });
    ask({
      title: 'Delete this project?', verb: 'Delete', style: 'danger',
      content: h('p', {}, `${name}, all projects below it, ${tasks} tasks (${unarchived} of them not archived) and ${models} models `
        + 'are deleted, with their logs and files.'),
      run: async () => {
        await call('projects.delete', { project: id, force: true, delete_contents: true });
        toast(`${name} deleted`);
        open('#/tasks');
        await changed();
      },
    });
  }

  return menuButton(icon('more'), `Project ${name}`, () => [
    { title: 'New project below…', run: add },
    { title: 'Rename…', run: renameProject },
    { title: 'Move…', run: move },
    null,
    { title: 'Delete…', style: 'danger', run: remove },
  ], { class: 'icon-button' });
}
