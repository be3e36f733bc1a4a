// Hyperparameters and configuration objects: editable while the task is a draft.

import { call } from '../lib/api.js';
import { ask } from '../lib/dialog.js';
import { h, icon, iconButton, refresh, settled } from '../lib/dom.js';
import { byName } from '../lib/format.js';
import { copy } from '../lib/files.js';
import { attempt } from '../lib/poll.js';
import { allowed } from '../lib/status.js';

export function configuration({ id, reload }) {
  const search = h('input', {
    type: 'search', placeholder: 'Find a parameter', 'aria-label': 'Find a parameter', oninput: settled(filter, 50),
  });
  const content = h('div', { class: 'stack' });
  const element = h('div', {}, h('div', { class: 'toolbar' }, search), content);

  /** Whether something is typed that the server does not have yet. */
  const isTyping = () => [...content.querySelectorAll('input.inline')].some(({ value, defaultValue }) => value !== defaultValue);

  let known = {};

  function draw(task) {
    known = task;
    // What others change meanwhile is shown once that is saved, or given up.
    if (isTyping()) return;
    const { hyperparams = {}, configuration: objects = {}, status } = task;
    refresh(content, [hyperparams, objects, status], () => {
      const canEdit = allowed(task).edit;
      const sections = Object.keys(hyperparams).filter((name) => canEdit || Object.keys(hyperparams[name]).length > 0);
      const names = Object.keys(objects).sort(byName);
      return [
        canEdit && h('p', { class: 'muted hint' }, 'This is a draft: what you change here reaches the code when it runs.'),
        sections.sort(byName).map((name) => section(name, hyperparams[name], canEdit)),
        sections.length === 0 && h('p', { class: 'card muted' },
          'No hyperparameters. Arguments of argparse and what goes through task.connect show up here.'),
        canEdit && h('button', { type: 'button', onclick: () => addSection() }, icon('plus'), 'Section'),
        names.map((name) => object(objects[name], name, canEdit)),
        canEdit && h('button', { type: 'button', onclick: () => editObject({ name: '', value: '' }, true) }, icon('plus'), 'Configuration object'),
      ];
    });
    filter();
  }

  function filter() {
    const text = search.value.trim().toLowerCase();
    for (const row of content.querySelectorAll('tr[data-name]')) row.hidden = !row.dataset.name.includes(text);
  }

  function section(name, items, canEdit) {
    const rows = Object.entries(items).sort((a, b) => byName(a[0], b[0]));
    return h('section', { class: 'card' },
      h('div', { class: 'card-heading' }, h('h2', {}, name), h('span', { class: 'muted small' }, String(rows.length)),
        canEdit && h('button', { type: 'button', class: 'quiet end', onclick: () => editItem({ section: name, name: '', value: '' }) },
          icon('plus'), 'Parameter')),
      h('table', { class: 'values parameters' }, h('tbody', {}, rows.map(([key, item]) =>
        h('tr', { 'data-name': `${name}/${key} ${item.value}`.toLowerCase() },
          h('th', { scope: 'row', title: item.description || null }, key),
          h('td', {}, canEdit ? valueField({ section: name, ...item, name: key }) : h('code', {}, item.value || '""')),
          h('td', { class: 'muted small type' }, item.type ?? ''),
          canEdit && h('td', { class: 'tools' }, iconButton('close', `Delete ${key}`, () => remove(name, key))))))));
  }

  /** A value that is saved when it is left. What could not be saved stays, and can be tried again. */
  function valueField(item) {
    const problem = h('p', { class: 'problem small', role: 'alert', hidden: true });
    const field = h('input', {
      value: item.value ?? '', 'aria-label': item.name, spellcheck: 'false', class: 'inline', onchange: commit,
      onkeydown: ({ key }) => {
        if (key === 'Enter') commit();
        if (key === 'Escape') giveUp();
      },
    });
    let sent = null;

    function say(text) {
      problem.textContent = text;
      problem.hidden = !text;
      field.setAttribute('aria-invalid', String(Boolean(text)));
    }

    async function commit() {
      const { value } = field;
      if (value === field.defaultValue || value === sent) return;
      sent = value;
      try {
        await save({ ...item, value });
        field.defaultValue = value;
        say('');
        await attempt(reload);
      } catch (error) {
        say(`Not saved: ${error.message} Press Enter to try again, Escape to give it up.`);
      } finally {
        sent = null;
      }
    }

    function giveUp() {
      field.value = field.defaultValue;
      say('');
    }

    return [field, problem];
  }

  const save = ({ section: place, name, value, type, description }) => call('tasks.edit_hyper_params', {
    task: id, replace_hyperparams: 'none',
    hyperparams: [{ section: place, name, value, ...(type ? { type } : {}), ...(description ? { description } : {}) }],
  });

  /** Refuses a name that would write over something. */
  function checkNew(name, taken, what) {
    if (!name) throw new Error(`Give the ${what} a name.`);
    if (Object.hasOwn(taken ?? {}, name)) throw new Error(`There is a ${what} “${name}” already: choose another name, or edit that one.`);
  }

  function addSection() {
    const name = h('input', { id: 'section-name', required: true });
    ask({
      title: 'New section', verb: 'Go on', content: [h('label', { for: 'section-name' }, 'Name'), name],
      run: async () => {
        const section = name.value.trim();
        checkNew(section, known.hyperparams, 'section');
        setTimeout(() => editItem({ section, name: '', value: '' }));
      },
    });
  }

  function editItem(item) {
    const name = h('input', { id: 'param-name', value: item.name, required: true, spellcheck: 'false' });
    const value = h('input', { id: 'param-value', value: item.value, spellcheck: 'false' });
    ask({
      title: `New parameter in ${item.section}`, verb: 'Add',
      content: [h('label', { for: 'param-name' }, 'Name'), name, h('label', { for: 'param-value' }, 'Value'), value],
      run: async () => {
        const key = name.value.trim();
        checkNew(key, known.hyperparams?.[item.section], 'parameter');
        await save({ ...item, name: key, value: value.value });
        await reload();
      },
    });
  }

  function remove(place, name) {
    attempt(async () => {
      await call('tasks.delete_hyper_params', { task: id, hyperparams: [{ section: place, name }] });
      await reload();
    });
  }

  function object({ value = '', type, description }, name, canEdit) {
    return h('section', { class: 'card' },
      h('div', { class: 'card-heading' }, h('h2', {}, name), h('span', { class: 'muted small' }, type ?? ''),
        canEdit && h('span', { class: 'end' },
          iconButton('edit', `Edit ${name}`, () => editObject({ name, value, type, description })),
          iconButton('close', `Delete ${name}`, () => removeObject(name)))),
      h('div', { class: 'block' }, iconButton('copy', 'Copy', () => copy(value, 'Configuration')), h('pre', { tabindex: 0 }, value)));
  }

  function editObject(item, isNew = false) {
    const name = h('input', { id: 'object-name', value: item.name, required: true, readonly: !isNew });
    const value = h('textarea', { id: 'object-value', rows: 18, spellcheck: 'false' }, item.value);
    ask({
      title: isNew ? 'New configuration object' : item.name, verb: 'Save', wide: true,
      content: [isNew && [h('label', { for: 'object-name' }, 'Name'), name], h('label', { for: 'object-value' }, 'Content'), value],
      run: async () => {
        const key = name.value.trim();
        if (isNew) checkNew(key, known.configuration, 'configuration object');
        await call('tasks.edit_configuration', {
          task: id, replace_configuration: false, configuration: [{ ...item, name: key, value: value.value }],
        });
        await reload();
      },
    });
  }

  function removeObject(name) {
    ask({
      title: `Delete ${name}?`, verb: 'Delete', style: 'danger', content: h('p', {}, 'Its whole content goes.'),
      run: async () => {
        await call('tasks.delete_configuration', { task: id, configuration: [name] });
        await reload();
      },
    });
  }

  return { element, draw };
}
