// The last images of several tasks, side by side.

import { call } from '../lib/api.js';
import { tell } from '../lib/dialog.js';
import { empty, h } from '../lib/dom.js';
import { located } from '../lib/files.js';
import { byName } from '../lib/format.js';
import { eventually } from '../lib/poll.js';

export function images({ tasks, signal }) {
  const element = h('div', { class: 'stack' }, h('p', { class: 'muted' }, 'Loading…'));
  eventually(signal, async () => {
    const { metrics } = await call('events.debug_images', { metrics: tasks.map(({ id }) => ({ task: id })), iters: 1 }, signal);
    const rows = new Map();
    for (const { task, iterations } of metrics) {
      for (const { metric, variant, url, iter } of iterations[0]?.events ?? []) {
        const title = metric === variant ? metric : `${metric} / ${variant}`;
        rows.set(title, { ...rows.get(title), [task]: { iter, place: url ? await located(url) : null } });
      }
    }
    if (signal.aborted) return;
    if (rows.size === 0) return void element.replaceChildren(empty('No images', 'None of these tasks has reported any.'));
    element.replaceChildren(...[...rows].sort((a, b) => byName(a[0], b[0])).map(([title, byTask]) =>
      h('section', { 'aria-label': title }, h('h2', { class: 'section-title' }, title),
        h('ul', { class: 'gallery' }, tasks.filter(({ id }) => byTask[id]).map(({ id, label }) => {
          const { iter, place } = byTask[id];
          return h('li', {}, h('figure', {},
            place?.isOwn ? h('button', { type: 'button', 'aria-label': `Enlarge ${title} of ${label}`, onclick: () => enlarge(title, label, place) },
              h('img', { src: place.href, alt: `${title} of ${label}`, loading: 'lazy' }))
              : h('div', { class: 'elsewhere muted' }, 'It lies on another server.'),
            h('figcaption', {}, `${label} · iteration ${iter}`)));
        })))));
  });
  return element;
}

const enlarge = (title, label, { href }) => tell(title, h('div', { class: 'viewer' },
  h('p', { class: 'muted viewer-bar' }, label), h('img', { class: 'large-image', src: href, alt: `${title} of ${label}` })), { large: true });
