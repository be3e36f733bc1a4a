// What narrows the list of tasks: state, type, tags, user, archive.

import { call } from '../lib/api.js';
import { finder, h, icon } from '../lib/dom.js';
import { byName } from '../lib/format.js';
import { attempt } from '../lib/poll.js';
import { filters as states, statusLabel } from '../lib/status.js';

/** A row of buttons that open lists; `change` is called with what is wanted differently. */
export function filterBar(wanted, change) {
  const menus = [
    ['status', 'State', async () => states.map((status) => [status, statusLabel(status)])],
    ['tags', 'Tags', async () => (await tags(wanted().project)).map((tag) => [tag, tag])],
    ['type', 'Type', async () => (await types(wanted().project)).map((type) => [type, type.replaceAll('_', ' ')])],
    ['user', 'User', async () => (await users(wanted().project)).map(({ id, name }) => [id, name])],
  ];
  const buttons = menus.map(([name, title, options]) => {
    const count = h('span', { class: 'badge', hidden: true });
    const button = h('button', {
      type: 'button', class: 'filter', 'aria-haspopup': 'true',
      onclick: () => attempt(async () => openList(button, title, await options(), wanted()[name], (chosen) => change({ [name]: chosen }))),
    }, title, count, icon('down'));
    return { name, button, count };
  });
  const archive = h('button', {
    type: 'button', class: 'filter', 'aria-pressed': 'false', onclick: () => change({ archived: !wanted().archived }),
  }, 'Archive');
  const clear = h('button', {
    type: 'button', class: 'quiet', title: 'Clear filters', hidden: true,
    onclick: () => change({ status: [], tags: [], type: [], user: [] }),
  }, icon('close'), h('span', { class: 'label' }, 'Clear filters'));

  function draw() {
    const now = wanted();
    for (const { name, count, button } of buttons) {
      count.textContent = now[name].length;
      count.hidden = now[name].length === 0;
      button.classList.toggle('on', now[name].length > 0);
    }
    archive.setAttribute('aria-pressed', String(now.archived));
    archive.classList.toggle('on', now.archived);
    clear.hidden = buttons.every(({ count }) => count.hidden);
  }

  return {
    element: h('div', { class: 'filters', role: 'group', 'aria-label': 'Filters' },
      buttons.map(({ button }) => button), archive, clear),
    draw,
  };
}

const tags = async (project) => {
  const answer = await call('projects.get_task_tags', project ? { projects: [project] } : {});
  return [...answer.tags].sort(byName);
};
const types = async (project) => (await call('tasks.get_types', project ? { projects: [project] } : {})).types.sort(byName);
const users = async (project) =>
  (await call('projects.get_user_names', { projects: project ? [project] : [], include_subprojects: true })).users;

/** Beyond so many one looks for what one wants by its name. */
const mostAtAGlance = 12;

/** A list of checkboxes below `button`, what is chosen first. */
function openList(button, title, options, chosen, change) {
  const picked = new Set(chosen);
  const isChosen = ([value]) => picked.has(value);
  const isOther = (option) => !isChosen(option);
  const items = [...options.filter(isChosen), ...options.filter(isOther)].map(([value, name]) =>
    h('label', { class: 'check', 'data-name': name }, h('input', {
      type: 'checkbox', checked: picked.has(value),
      onchange: ({ target }) => {
        if (target.checked) picked.add(value);
        else picked.delete(value);
        change([...picked]);
      },
    }), name));
  const list = h('div', { class: 'menu checks', popover: 'auto', role: 'group', 'aria-label': title },
    items.length === 0 && h('p', { class: 'muted' }, 'Nothing to choose from'),
    items.length > mostAtAGlance && finder('Find', items), items);
  list.addEventListener('toggle', ({ newState }) => {
    if (newState === 'open') return;
    if (list.contains(document.activeElement)) button.focus();
    list.remove();
  });
  document.body.append(list);
  list.showPopover();
  const { left, bottom } = button.getBoundingClientRect();
  list.style.top = `${bottom + 4}px`;
  list.style.left = `${Math.max(8, Math.min(left, innerWidth - list.offsetWidth - 8))}px`;
  list.querySelector('input')?.focus();
}
