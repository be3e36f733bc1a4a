// Two to ten tasks beside each other.

import { call } from '../lib/api.js';
import { empty, h, iconButton } from '../lib/dom.js';
import { counted } from '../lib/format.js';
import { eventually, part } from '../lib/poll.js';
import { address, open as go } from '../lib/route.js';
import { tabBar } from '../lib/tabs.js';
import { colour } from '../charts/curves.js';
import { details } from './details.js';
import { images } from './images.js';
import { parallel } from './parallel.js';
import { plots } from './plots.js';
import { scalars } from './scalars.js';

const most = 10;
const tabs = {
  details: { title: 'Details', open: details },
  scalars: { title: 'Scalars', open: scalars },
  plots: { title: 'Plots', open: plots },
  parallel: { title: 'Parallel coordinates', open: parallel },
  images: { title: 'Images', open: images },
};
const fields = [
  'name', 'status', 'status_message', 'type', 'comment', 'created', 'started', 'completed', 'active_duration', 'tags', 'user.name',
  'project.name', 'last_iteration', 'last_worker', 'last_metrics', 'hyperparams', 'configuration', 'script', 'container',
  'execution.queue', 'execution.artifacts', 'models',
];

export function compare(route, signal) {
  const asked = [...new Set((route.id ?? '').split(',').filter(Boolean))];
  const ids = asked.slice(0, most);
  document.title = 'Compare · Stint';
  let tasks = null;
  let shown = null;
  let wanted = route;

  const legend = h('ul', { class: 'compared', 'aria-label': 'Compared tasks' });
  const count = h('span', { class: 'muted' });
  const nav = tabBar('Compare', tabs, (name) => address('compare', ids.join(), name === 'details' ? null : name));
  const body = h('div', { class: 'tab-body' }, h('p', { class: 'muted' }, 'Loading…'));

  function update(next) {
    wanted = next;
    const { tab } = next;
    const name = Object.hasOwn(tabs, tab ?? '') ? tab : 'details';
    nav.select(name);
    legend.classList.toggle('named', name === 'scalars');
    if (!tasks || shown?.name === name) return true;
    shown?.ending.abort();
    const ending = part(signal);
    shown = { name, ending };
    body.replaceChildren(tabs[name].open({ tasks, signal: ending.signal }));
    return true;
  }

  if (ids.length === 0) body.replaceChildren(empty('Nothing to compare', 'Choose two to ten tasks in the table of tasks, then “Compare”.'));
  else eventually(signal, load);

  async function load() {
    const answer = await call('tasks.get_all_ex', { id: ids, only_fields: fields, search_hidden: true }, signal);
    const found = ids.map((id) => answer.tasks.find((task) => task.id === id)).filter(Boolean);
    count.textContent = told(found.length);
    if (found.length === 0) return void body.replaceChildren(empty('None of these tasks is there', 'They may have been deleted.'));
    await nameModels(found);
    tasks = named(found);
    drawLegend();
    update(wanted);
  }

  /** A task names its models by their identifiers only. */
  async function nameModels(found) {
    const used = found.flatMap(({ models }) => [...(models?.input ?? []), ...(models?.output ?? [])]);
    if (used.length === 0) return;
    const request = { id: [...new Set(used.map(({ model }) => model))], only_fields: ['name'] };
    const { models } = await call('models.get_all_ex', request, signal);
    const names = new Map(models.map(({ id, name }) => [id, name]));
    for (const each of used) each.title = names.get(each.model) ?? each.model;
  }

  /** How many are compared, and why not all. */
  function told(found) {
    const gone = ids.length - found;
    return [
      counted(found, 'task'), gone > 0 && found > 0 && `${gone} of the link ${gone === 1 ? 'is' : 'are'} not there any more`,
      asked.length > most && `only the first ${most} of ${asked.length} are compared`,
    ].filter(Boolean).join(' · ');
  }

  function drawLegend() {
    legend.replaceChildren(...tasks.map((task, index) => {
      const key = h('span', { class: 'swatch' });
      key.style.backgroundColor = colour(index);
      const others = tasks.filter(({ id }) => id !== task.id).map(({ id }) => id);
      return h('li', {}, key, h('a', { href: address('tasks', task.id), title: task.label }, task.label),
        others.length > 0 && iconButton('close', `Leave out ${task.label}`, () => go(address('compare', others.join(), shown?.name))));
    }));
  }

  return {
    element: h('article', {}, h('div', { class: 'heading' }, h('h1', {}, 'Compare'), count),
      legend, nav.element, body),
    update, className: 'wide',
  };
}

/** Gives each task a label that no other has. */
function named(tasks) {
  const counts = new Map();
  for (const { name } of tasks) counts.set(name, (counts.get(name) ?? 0) + 1);
  return tasks.map((task) => ({ ...task, label: counts.get(task.name) > 1 ? `${task.name} (${task.id.slice(0, 6)})` : task.name }));
}
