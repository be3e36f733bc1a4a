// How the user wants scalars drawn. It is the same for all tasks, and kept.

import { dropdown } from '../lib/dialog.js';
import { h, icon, refresh, settled } from '../lib/dom.js';
import { keep, preference } from '../lib/preferences.js';

const usual = { axis: 'iter', smoothing: 0, logarithmic: false, hidden: [] };

/** A toolbar; `changed` is called with the options once they are `known`, and whenever they change. */
export function curveOptions(changed) {
  let options = usual;
  let metrics = [];
  const save = settled(() => keep('curves', options).catch(() => {}), 600);

  function set(part) {
    options = { ...options, ...part };
    draw();
    changed(options);
    save();
  }

  const axes = [['iter', 'Iteration'], ['time', 'Time'], ['wall', 'Wall clock']].map(([axis, title]) =>
    h('button', { type: 'button', value: axis, onclick: () => set({ axis }) }, title));
  const amount = h('output', { class: 'muted' });
  const smoothing = h('input', {
    type: 'range', min: 0, max: 0.99, step: 0.01, value: 0, id: 'smoothing',
    oninput: () => set({ smoothing: Number(smoothing.value) }),
  });
  const logarithmic = h('button', {
    type: 'button', class: 'toggle', onclick: () => set({ logarithmic: !options.logarithmic }),
  }, 'Log scale');
  const pick = h('button', { type: 'button' });
  const list = dropdown(pick, 'Metrics', drawChoices);

  function draw() {
    for (const button of axes) button.setAttribute('aria-pressed', String(button.value === options.axis));
    smoothing.value = options.smoothing;
    amount.textContent = options.smoothing.toFixed(2);
    logarithmic.setAttribute('aria-pressed', String(options.logarithmic));
    const hidden = new Set(options.hidden);
    const shown = metrics.filter((metric) => !hidden.has(metric)).length;
    pick.hidden = metrics.length < 2;
    pick.replaceChildren(shown === metrics.length ? 'All metrics' : `${shown} of ${metrics.length} metrics`, icon('down'));
    if (list.matches(':popover-open')) drawChoices();
  }

  function drawChoices() {
    const hidden = new Set(options.hidden);
    refresh(list, [metrics, options.hidden], () => [
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'quiet', autofocus: true, onclick: () => choose([]) }, 'All'),
        h('button', { type: 'button', class: 'quiet', onclick: () => choose(metrics) }, 'None')),
      metrics.map((metric, index) => h('label', { class: 'check' }, h('input', {
        type: 'checkbox', checked: !hidden.has(metric), id: `metric-${index}`,
        onchange: ({ target }) => {
          if (target.checked) hidden.delete(metric);
          else hidden.add(metric);
          choose([...hidden]);
        },
      }), metric)),
    ]);
  }

  const choose = (hidden) => set({ hidden });

  /** Tells which metrics there are to choose from. */
  function offer(names) {
    if (names.join('\n') === metrics.join('\n')) return;
    metrics = names;
    draw();
  }

  const element = h('div', { class: 'toolbar curve-options', role: 'group', 'aria-label': 'How to draw' },
    h('div', { class: 'segments', role: 'group', 'aria-label': 'Horizontal axis' }, axes),
    h('label', { for: 'smoothing', class: 'slider' }, 'Smoothing', smoothing, amount),
    logarithmic, pick, list);
  draw();
  const known = preference('curves', usual).then((kept) => {
    options = { ...usual, ...kept };
    draw();
    changed(options);
  });
  return { element, offer, known };
}
