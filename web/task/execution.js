// The code that a task runs, and in what: editable while it is a draft.

import { call } from '../lib/api.js';
import { ask } from '../lib/dialog.js';
import { facts, h, iconButton, refresh, webLink } from '../lib/dom.js';
import { copy } from '../lib/files.js';
import { allowed } from '../lib/status.js';
import { diffLines } from './diff.js';

export function execution({ reload }) {
  const element = h('div', { class: 'stack' });

  function draw(task) {
    const { script = {}, container = {}, output = {}, status } = task;
    refresh(element, [script, container, output, status], () => {
      const canEdit = allowed(task).edit;
      const part = (title, fields, content, isEmpty) => h('section', { class: 'card' },
        h('div', { class: 'card-heading' }, h('h2', {}, title),
          canEdit && iconButton('edit', `Edit ${title.toLowerCase()}`, () => edit(task, title, fields, reload), { class: 'icon-button end' })),
        isEmpty ? h('p', { class: 'muted' }, isEmpty) : content);
      const requirements = text(script.requirements?.pip);
      const frozen = text(script.requirements?.org_pip);
      return [
        canEdit && h('p', { class: 'muted hint' }, 'This is a draft: everything here can be edited before it is enqueued.'),
        h('div', { class: 'columns' },
          part('Source', sourceFields, source(script), !script.repository && !script.entry_point && 'No code is recorded.'),
          part('Container', containerFields, containerFacts(container), !Object.values(container).some(Boolean) && 'None: it runs on the machine itself.')),
        part(script.repository || !script.diff ? 'Uncommitted changes' : 'Script', diffFields,
          script.diff && block(script.repository || /^diff -/m.test(script.diff) ? h('div', { class: 'diffs' }, diffLines(script.diff)) : script.diff, script.diff),
          !script.diff && 'None.'),
        part('Python packages', packageFields, requirements && block(requirements, requirements),
          !requirements && 'None are recorded: the repository’s requirements.txt is used.'),
        frozen && frozen !== requirements && h('section', { class: 'card' }, h('details', { class: 'flat' },
          h('summary', {}, 'Packages as they were asked for'), block(frozen, frozen))),
        part('Output', outputFields, facts([['Destination', output.destination && h('code', {}, output.destination)]]),
          !output.destination && 'Artifacts and models go to the file server.'),
      ];
    });
  }

  return { element, draw };
}

const text = (list) => (Array.isArray(list) ? list.join('\n') : list ?? '');
const code = (value) => value && h('code', {}, value);

const source = (script) => facts([
  ['Repository', script.repository && webLink(withoutPassword(script.repository))],
  ['Branch', script.branch],
  ['Tag', script.tag],
  ['Commit', code(script.version_num)],
  ['Entry point', code(script.entry_point)],
  ['Folder', code(script.working_dir)],
  ['Interpreter', code(script.binary)],
]);

const containerFacts = (container) => facts([
  ['Image', code(container.image)],
  ['Arguments', code(container.arguments)],
  ['Setup script', container.setup_shell_script && h('pre', {}, container.setup_shell_script)],
]);

function withoutPassword(repository) {
  if (!URL.canParse(repository)) return repository;
  const url = new URL(repository);
  if (!url.password && !url.username) return repository;
  [url.username, url.password] = ['', ''];
  return url.href;
}

const block = (content, plain) => h('div', { class: 'block' },
  iconButton('copy', 'Copy', () => copy(plain, 'Text')), h('pre', { tabindex: 0 }, content));

const sourceFields = [
  ['script.repository', 'Repository'], ['script.branch', 'Branch'], ['script.tag', 'Tag'], ['script.version_num', 'Commit'],
  ['script.entry_point', 'Entry point'], ['script.working_dir', 'Folder'], ['script.binary', 'Interpreter'],
];
const containerFields = [
  ['container.image', 'Image'], ['container.arguments', 'Arguments'], ['container.setup_shell_script', 'Setup script', 6],
];
const diffFields = [['script.diff', 'Changes, as git diff writes them', 18]];
const packageFields = [['script.requirements.pip', 'One package a line', 14]];
const outputFields = [['output.destination', 'Destination of artifacts and models']];

/** Asks for fields, `[path, label, lines]`, and writes those that changed. */
function edit(task, title, fields, reload) {
  const values = fields.map(([path]) => text(path.split('.').reduce((part, name) => part?.[name], task)));
  const inputs = fields.map(([path, , lines], index) => (lines
    ? h('textarea', { id: path, rows: lines, spellcheck: 'false' }, values[index])
    : h('input', { id: path, value: values[index], spellcheck: 'false' })));
  ask({
    title, verb: 'Save', wide: fields.some(([, , lines]) => lines > 8),
    content: fields.map(([path, label], index) => [h('label', { for: path }, label), inputs[index]]),
    run: async () => {
      const change = { task: task.id };
      fields.forEach(([path], index) => {
        const value = inputs[index].value;
        if (value === values[index]) return;
        const [group, ...names] = path.split('.');
        if (group === 'output') change.output_dest = value.trim();
        else if (group === 'container') change.container = { ...task.container, ...change.container, [names[0]]: value };
        else if (names[0] === 'requirements') change.script = { ...change.script, requirements: { ...task.script?.requirements, pip: value } };
        else change.script = { ...change.script, [names[0]]: value };
      });
      await call('tasks.edit', change);
      await reload();
    },
  });
}
