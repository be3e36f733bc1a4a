// What narrows the list of tasks: state, type, tags, user, archive.

import { call } from '../lib/api.js';
import { dropdown } from '../lib/dialog.js';
import { finder, h, icon } from '../lib/dom.js';
import { byName } from '../lib/format.js';
import { attempt } from '../lib/poll.js';
import { filters as states, statusLabel } from '../lib/status.js';

/** A row of buttons that open lists; `change` is called with what is wanted differently. */
export function filterBar(wanted, change) {
  const menus = [
    ['status', 'State', () => states.map((status) => [status, statusLabel(status)])],
    ['tags', 'Tags', async () => (await tags(wanted().project)).map((tag) => [tag, tag])],
    ['type', 'Type', async () => (await types(wanted().project)).map((type) => [type, type.replaceAll('_', ' ')])],
    ['user', 'User', async () => (await users(wanted().project)).map(({ id, name }) => [id, name])],
  ];
  const buttons = menus.map(([name, title, options]) => {
    const count = h('span', { class: 'badge', hidden: true });
    const button = h('button', { type: 'button', class: 'filter' }, title, count, icon('down'));
    const list = dropdown(button, title, () => fillList(list, options(), wanted()[name], (chosen) => change({ [name]: chosen })));
    return { name, button, count, list };
  });
  const archive = h('button', {
    type: 'button', class: 'filter', 'aria-pressed': 'false', onclick: () => change({ archived: !wanted().archived }),
  }, 'Archive');
  const clear = h('button', {
    type: 'button', class: 'quiet', title: 'Clear filters', hidden: true,
    onclick: () => {
      buttons[0].button.focus();
      change({ status: [], tags: [], type: [], user: [] });
    },
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
      buttons.map(({ button, list }) => [button, list]), archive, clear),
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

/** Shows `options`, pairs of a value and its name; what is looked for can be typed while they are only promised. */
function fillList(list, options, chosen, change) {
  if (!(options instanceof Promise)) {
    list.replaceChildren(...checks(options, chosen, change));
    list.querySelector('input').autofocus = true;
    return undefined;
  }
  const found = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  const field = finder('Find', found, { autofocus: true });
  list.replaceChildren(field, found);
  return attempt(async () => {
    try {
      found.replaceChildren(...checks(await options, chosen, change));
      field.dispatchEvent(new Event('input'));
    } catch (error) {
      list.hidePopover();
      throw error;
    }
  });
}

/** A checkbox for each of `options`, what is chosen first. */
function checks(options, chosen, change) {
  if (options.length === 0) return [h('p', { class: 'muted' }, 'Nothing to choose from')];
  const picked = new Set(chosen);
  const isChosen = ([value]) => picked.has(value);
  const isOther = (option) => !isChosen(option);
  return [...options.filter(isChosen), ...options.filter(isOther)].map(([value, name]) =>
    h('label', { class: 'check', 'data-name': name }, h('input', {
      type: 'checkbox', checked: picked.has(value),
      onchange: ({ target }) => {
        if (target.checked) picked.add(value);
        else picked.delete(value);
        change([...picked]);
      },
    }), name));
}
