// What can be done with tasks, one or many, and the dialogs that ask first.

import { call } from '../lib/api.js';
import { ask } from '../lib/dialog.js';
import { h } from '../lib/dom.js';
import { byName, counted } from '../lib/format.js';
import { attempt, toast } from '../lib/poll.js';
import { address, open } from '../lib/route.js';
import { allowed, isArchived } from '../lib/status.js';
import { queueNames } from '../machines/names.js';

const several = (tasks) => (tasks.length === 1 ? 'this task' : counted(tasks.length, 'task'));
const ids = (tasks) => tasks.map(({ id }) => id);

/** Does something with each of many tasks, and says which of them it was refused for. */
async function each(name, tasks, more = {}) {
  const failed = [];
  for (let start = 0; start < tasks.length; start += 200) {
    const answer = await call(`tasks.${name}_many`, { ids: ids(tasks.slice(start, start + 200)), ...more });
    failed.push(...answer.failed);
  }
  if (failed.length === 0) return;
  const reasons = [...new Set(failed.map(({ error }) => error?.msg ?? 'refused'))].join('; ');
  if (tasks.length === 1) throw new Error(reasons);
  throw new Error(`Not done for ${counted(failed.length, 'task')} of ${tasks.length}: ${reasons}`);
}

/** The actions that make sense for all of `tasks`, as `{title, style, run}`; `changed` is called after each success. */
export function actionsFor(tasks, changed) {
  const can = tasks.map(allowed);
  const any = (name) => can.some((some) => some[name]);
  const those = (name) => tasks.filter((_, index) => can[index][name]);
  const isOne = tasks.length === 1;
  const archived = tasks.filter(isArchived);
  return [
    any('enqueue') && { title: 'Enqueue…', verb: 'Enqueue', style: 'primary', run: () => enqueue(those('enqueue'), changed) },
    any('dequeue') && { title: 'Dequeue', run: () => attempt(() => dequeue(those('dequeue'), changed)) },
    any('stop') && { title: 'Abort…', style: 'danger', run: () => stop(those('stop'), changed) },
    any('halt') && { title: 'Abort at once…', style: 'danger', run: () => halt(those('halt'), changed) },
    isOne && { title: 'Clone…', run: () => clone(tasks[0]) },
    any('reset') && { title: 'Reset…', run: () => reset(those('reset'), changed) },
    any('publish') && { title: 'Publish…', run: () => publish(those('publish'), changed) },
    { title: 'Tags…', run: () => tag(tasks, changed) },
    { title: 'Move to project…', run: () => move(tasks, changed) },
    archived.length < tasks.length && {
      title: 'Archive', run: () => attempt(() => archive('archive', tasks, changed)),
    },
    archived.length > 0 && { title: 'Restore from archive', run: () => attempt(() => archive('unarchive', archived, changed)) },
    any('delete') && { title: 'Delete…', style: 'danger', run: () => remove(those('delete'), changed) },
  ].filter(Boolean);
}

export function enqueue(tasks, changed) {
  return attempt(async () => {
    const names = await queueNames();
    const wanted = tasks[0].execution?.queue?.id ?? tasks[0].execution?.queue;
    const select = h('select', { id: 'queue' }, [...names].sort((a, b) => byName(a[1], b[1])).map(([id, name]) =>
      h('option', { value: id, selected: names.has(wanted) ? id === wanted : name === 'default' }, name)));
    ask({
      title: `Enqueue ${several(tasks)}`, content: [h('label', { for: 'queue' }, 'Queue'), select], verb: 'Enqueue',
      run: async () => {
        await each('enqueue', tasks, { queue: select.value });
        toast(`Enqueued in ${names.get(select.value)}`);
        await changed();
      },
    });
  });
}

async function dequeue(tasks, changed) {
  await each('dequeue', tasks);
  await changed();
}

function stop(tasks, changed) {
  ask({
    title: `Abort ${several(tasks)}?`, verb: 'Abort', style: 'danger',
    content: h('p', {}, 'The process is ended. What was reported so far is kept.'),
    run: async () => {
      await each('stop', tasks);
      await changed();
    },
  });
}

function halt(tasks, changed) {
  ask({
    title: `Abort ${several(tasks)} at once?`, verb: 'Abort', style: 'danger',
    content: h('p', {}, 'It counts as stopped from now on, whether its worker has answered or not. For workers that are gone.'),
    run: async () => {
      for (const { id } of tasks) await call('tasks.stopped', { task: id, force: true, status_reason: 'aborted at once' });
      await changed();
    },
  });
}

function reset(tasks, changed) {
  const models = h('input', { type: 'checkbox', checked: true });
  ask({
    title: `Reset ${several(tasks)}?`, verb: 'Reset', style: 'danger',
    content: [
      h('p', {}, 'Log, scalars, plots and results are deleted, and the task becomes a draft again.'),
      h('label', { class: 'check' }, models, 'Delete the models it made, too'),
    ],
    run: async () => {
      await each('reset', tasks, { delete_output_models: models.checked });
      await changed();
    },
  });
}

function publish(tasks, changed) {
  ask({
    title: `Publish ${several(tasks)}?`, verb: 'Publish',
    content: h('p', {}, 'It can then neither be changed nor reset, and its models become ready for use.'),
    run: async () => {
      await each('publish', tasks, { publish_model: true });
      await changed();
    },
  });
}

export function clone(task) {
  const name = h('input', { id: 'name', value: `${task.name} (copy)`, required: true, minlength: 3, maxlength: 300 });
  ask({
    title: 'Clone task', content: [h('label', { for: 'name' }, 'Name'), name], verb: 'Clone',
    run: async () => {
      const { id } = await call('tasks.clone', {
        task: task.id, new_task_name: name.value.trim(), new_task_parent: task.id,
      });
      toast('Cloned: this draft can be edited and enqueued');
      open(address('tasks', id, 'configuration'));
    },
  });
  name.select();
}

async function archive(name, tasks, changed) {
  await each(name, tasks);
  toast(`${counted(tasks.length, 'task')} ${name === 'archive' ? 'archived' : 'restored'}`);
  await changed();
}

function remove(tasks, changed) {
  ask({
    title: `Delete ${several(tasks)}?`, verb: 'Delete', style: 'danger',
    content: h('p', {}, 'The record goes for good, with its log, scalars, plots and models.'),
    run: async () => {
      await each('delete', tasks, { delete_output_models: true });
      toast(`${counted(tasks.length, 'task')} deleted`);
      await changed({ isDeleted: true });
    },
  });
}

function tag(tasks, changed) {
  const had = new Set(tasks.flatMap(({ tags }) => tags ?? []));
  const removed = new Set();
  const chips = h('div', { class: 'tags' }, [...had].sort(byName).map((name) => h('button', {
    type: 'button', class: 'tag', 'aria-pressed': 'true', title: 'Remove it',
    onclick: ({ currentTarget }) => {
      if (removed.delete(name)) currentTarget.setAttribute('aria-pressed', 'true');
      else removed.add(name) && currentTarget.setAttribute('aria-pressed', 'false');
    },
  }, name)));
  const field = h('input', { id: 'new-tags', placeholder: 'One or several, separated by commas' });
  ask({
    title: `Tags of ${several(tasks)}`, verb: 'Save',
    content: [had.size > 0 && chips, h('label', { for: 'new-tags' }, 'Add'), field],
    run: async () => {
      const added = field.value.split(',').map((name) => name.trim()).filter(Boolean);
      await call('tasks.update_tags', { ids: ids(tasks), add_tags: added, remove_tags: [...removed] });
      await changed();
    },
  });
}

function move(tasks, changed) {
  const field = h('input', { id: 'to-project', required: true, value: tasks[0].project?.name ?? '', list: 'project-names' });
  const names = h('datalist', { id: 'project-names' });
  call('projects.get_all_ex', { order_by: ['name'], page: 0, page_size: 500, only_fields: ['name'] })
    .then(({ projects }) => names.append(...projects.map(({ name }) => h('option', { value: name }))), () => {});
  ask({
    title: `Move ${several(tasks)}`, verb: 'Move',
    content: [h('label', { for: 'to-project' }, 'To the project; it is made where it is missing'), field, names],
    run: async () => {
      await call('tasks.move', { ids: ids(tasks), project_name: field.value.trim() });
      await changed();
    },
  });
  field.select();
}
