// What a worker's agent keeps on its machine's disk, and a way to have it cleaned up.

import { ask } from '../lib/dialog.js';
import { h, refresh } from '../lib/dom.js';
import { bytes, counted } from '../lib/format.js';
import { toast } from '../lib/poll.js';
import { isSilent } from './state.js';

const titles = {
  images: 'Images', models: 'Models', datasets: 'Data', tasks: 'Tasks', logs: 'Logs', temporary: 'Unfinished downloads',
  environments: 'Python environments', repositories: 'Repositories', packages: 'Packages', interpreters: 'Python interpreters',
};
/** What an agent removes when it is asked to; what is ticked at first is fetched or made again when a task wants it. */
const cleanable = ['images', 'models', 'datasets', 'temporary', 'environments', 'repositories', 'logs', 'tasks'];
const usual = ['images', 'models', 'datasets', 'temporary', 'environments'];

/** A card; `order` sends orders to the worker. */
export function storage(order) {
  const element = h('section', { class: 'card storage', hidden: true });

  /** Shows what a worker has reported. */
  function show(worker) {
    const { storage: usage, orders } = worker;
    element.hidden = !usage;
    if (!usage) return;
    const kept = usage.filter((each) => each.bytes > 0 || each.count > 0);
    const total = kept.reduce((sum, each) => sum + each.bytes, 0);
    refresh(element, [kept, orders?.clean, isSilent(worker)], () => [
      h('div', { class: 'heading' }, h('h2', {}, 'On its disk'), h('span', { class: 'muted' }, bytes(total)),
        h('div', { class: 'actions end' }, orders?.clean ? h('span', { class: 'muted' }, isSilent(worker) ? 'Cleans up when it is there again' : 'Cleaning up…')
          : h('button', { type: 'button', disabled: kept.length === 0, onclick: () => choose(kept) }, 'Clean up'))),
      kept.length === 0 ? h('p', { class: 'muted' }, 'Nothing is kept.') : h('table', {},
        h('tbody', {}, kept.map((each) => h('tr', {},
          h('th', { scope: 'row' }, titles[each.kind] ?? each.kind), h('td', {}, bytes(each.bytes)),
          h('td', { class: 'muted' }, note(each)))))),
    ]);
  }

  function choose(kept) {
    const size = new Map(kept.map((each) => [each.kind, each.bytes]));
    const boxes = cleanable.filter((kind) => size.has(kind)).map((kind) => h('input', { type: 'checkbox', value: kind, checked: usual.includes(kind) }));
    const age = h('select', { id: 'clean-age' }, [['', 'all'], ['1', 'what was not used for a day'], ['7', 'what was not used for a week'], ['30', 'what was not used for a month']]
      .map(([value, title]) => h('option', { value }, title)));
    ask({
      title: 'Clean up this machine?', verb: 'Clean up',
      content: [
        h('p', { class: 'muted' }, 'What a running task uses stays. What is removed here is gone on the machine, not on the server.'),
        h('fieldset', { class: 'storage-choice' }, boxes.map((box) => h('label', { class: 'check' }, box, `${titles[box.value]} (${bytes(size.get(box.value))})`))),
        h('label', { for: 'clean-age' }, 'Of these'), age,
      ],
      run: async () => {
        const clean = { kinds: boxes.filter((box) => box.checked).map((box) => box.value) };
        if (clean.kinds.length === 0) throw new Error('Choose what to clean up.');
        if (age.value) clean.unused_days = Number(age.value);
        await order({ clean });
        toast('The agent cleans up as soon as it hears of this');
      },
    });
  }

  return { element, show };
}

function note({ count, bytes_in_use: used }) {
  return [count > 1 && counted(count, 'item'), used > 0 && `${bytes(used)} in use`].filter(Boolean).join(', ');
}
