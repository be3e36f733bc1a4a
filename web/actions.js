// What can be done with a task, and the dialogs that ask first.

import { call } from './api.js';
import { h } from './dom.js';
import { notice } from './poll.js';
import { queueNames } from './queues.js';
import { allowed } from './status.js';

/** The buttons for `task` in its present state; `changed` is called after each success. */
export function actions(task, changed) {
  const can = allowed(task);
  const buttons = [
    can.enqueue && ['Enqueue', 'primary', () => enqueue(task, changed)],
    can.dequeue && ['Dequeue', '', () => attempt(() => call('tasks.dequeue', { task: task.id }), changed)],
    can.stop && ['Stop', 'danger', () => stop(task, changed)],
    can.reset && ['Reset', '', () => reset(task, changed)],
    can.clone && ['Clone', '', () => clone(task)],
  ];
  return h('div', { class: 'actions', role: 'group', 'aria-label': 'Actions' },
    buttons.filter(Boolean).map(([title, style, run]) =>
      h('button', { type: 'button', class: style, onclick: run }, title)));
}

async function attempt(step, done) {
  try {
    const answer = await step();
    notice(null);
    await done(answer);
  } catch (error) {
    notice(error.message);
  }
}

async function enqueue(task, changed) {
  await attempt(queueNames, (names) => {
    const wanted = task.execution?.queue?.id ?? task.execution?.queue;
    const select = h('select', { id: 'queue' },
      [...names].sort((a, b) => a[1].localeCompare(b[1])).map(([id, name]) =>
        h('option', { value: id, selected: names.has(wanted) ? id === wanted : name === 'default' }, name)));
    ask('Enqueue task', [h('label', { for: 'queue' }, 'Queue'), select], 'Enqueue', 'primary', async () => {
      await call('tasks.enqueue', { task: task.id, queue: select.value });
      await changed();
    });
  });
}

function stop(task, changed) {
  const warning = h('p', {}, 'Its process is ended. What it has reported so far is kept.');
  ask('Stop this task?', warning, 'Stop', 'danger', async () => {
    await call('tasks.stop', { task: task.id });
    await changed();
  });
}

function reset(task, changed) {
  const warning = h('p', {}, 'Its log, scalars and results are deleted, and it becomes a draft again.');
  ask('Reset this task?', warning, 'Reset', 'danger', async () => {
    await call('tasks.reset', { task: task.id });
    await changed();
  });
}

function clone(task) {
  const name = h('input', { id: 'name', value: `${task.name} (copy)`, required: true, maxlength: 300 });
  ask('Clone task', [h('label', { for: 'name' }, 'Name'), name], 'Clone', 'primary', async () => {
    const body = { task: task.id, new_task_name: name.value.trim(), new_task_parent: task.id };
    const { id } = await call('tasks.clone', body);
    location.hash = `#/tasks/${id}`;
  });
  name.select();
}

/** Opens a dialog that stays open, with the reason, when `run` fails. */
function ask(title, content, verb, style, run) {
  const problem = h('p', { class: 'problem', role: 'alert', hidden: true });
  const go = h('button', { class: style }, verb);
  const dialog = h('dialog', { 'aria-labelledby': 'dialog-title', onclose: () => dialog.remove() },
    h('form', { onsubmit: submit },
      h('h2', { id: 'dialog-title' }, title), content, problem,
      h('div', { class: 'actions' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), go)));

  async function submit(event) {
    event.preventDefault();
    go.disabled = true;
    try {
      await run();
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
      go.disabled = false;
    }
  }

  document.body.append(dialog);
  dialog.showModal();
}
