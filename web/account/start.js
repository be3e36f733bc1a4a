// Three steps to a first task, which turn green as they happen.

import { call } from '../lib/api.js';
import { h, iconButton, refresh } from '../lib/dom.js';
import { copy } from '../lib/files.js';
import { attempt, poll } from '../lib/poll.js';
import { address } from '../lib/route.js';
import { configuration } from './snippet.js';

const fewWorkers = 5;
const example = `from clearml import Task

task = Task.init(project_name="hello", task_name="first")
task.execute_remotely(queue_name="default")  # from here on in an agent
print("hello from the agent")
for step in range(10):
    task.get_logger().report_scalar("loss", "train", value=1 / (step + 1), iteration=step)
`;

export function start(route, signal) {
  document.title = 'Getting started · Stint';
  const steps = ['install', 'run', 'agent'].map(() => h('li', { class: 'card' }));
  let text = null;

  const block = (content, what) => h('div', { class: 'block' },
    iconButton('copy', `Copy ${what}`, () => copy(content, what)), h('pre', { tabindex: 0 }, content));

  async function createKey() {
    const { credentials } = await call('auth.create_credentials', { label: 'getting started' });
    text = await configuration(credentials);
    await look();
  }

  async function look() {
    const [{ tasks }, { workers }] = await Promise.all([
      call('tasks.get_all_ex', { order_by: ['-created'], page: 0, page_size: 1, only_fields: ['name', 'status'] }, signal),
      call('workers.get_all', { last_seen: 600 }, signal),
    ]);
    const hasTask = tasks.length > 0;
    const isDone = [Boolean(text) || hasTask, hasTask, workers.length > 0];
    steps.forEach((step, index) => {
      step.classList.toggle('done', isDone[index]);
      step.setAttribute('aria-label', `Step ${index + 1}, ${isDone[index] ? 'done' : 'to do'}`);
    });
    refresh(steps[0], text, () => [
      h('h2', {}, 'Install the SDK, and tell it where this server is'), block('pip install clearml', 'Command'),
      text ? [h('p', {}, 'Save this as ', h('code', {}, '~/clearml.conf'), '. The secret is shown only now.'), block(text, 'Configuration')]
        : h('p', {}, h('button', { type: 'button', class: 'primary', onclick: () => attempt(createKey) }, 'Create an access key and its clearml.conf')),
    ]);
    refresh(steps[1], tasks, () => [
      h('h2', {}, 'Run the example'),
      h('p', { class: 'muted' }, 'It records itself, sends itself to the queue ', h('code', {}, 'default'), ', and ends on your machine.'),
      block(example, 'Example'),
      hasTask && h('p', {}, 'The newest task: ', h('a', { href: address('tasks', tasks[0].id, 'console') }, tasks[0].name)),
    ]);
    refresh(steps[2], workers.map(({ id }) => id), () => [
      h('h2', {}, 'Add an agent'),
      h('p', { class: 'muted' }, 'On a machine that is to run tasks. It needs the one file ', h('code', {}, 'stint'), ', which this server runs from, and the same ', h('code', {}, 'clearml.conf'), ':'),
      block('stint agent daemon --queue default --detached', 'Command'),
      workers.length > 0 && h('p', {}, 'There: ', workers.slice(0, fewWorkers).map(({ id }, index) => [index > 0 && ', ', h('a', { href: address('workers', id) }, id)]),
        workers.length > fewWorkers && [', ', h('a', { href: '#/workers' }, `and ${workers.length - fewWorkers} more`)]),
    ]);
  }

  poll(signal, 2000, look);
  return {
    element: h('article', {}, h('div', { class: 'heading' }, h('h1', {}, 'Getting started')),
      h('ol', { class: 'guide' }, steps)),
  };
}
