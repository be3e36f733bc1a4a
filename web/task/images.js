// The images that a task reports, iteration by iteration.

import { call } from '../lib/api.js';
import { tell } from '../lib/dialog.js';
import { empty, h, iconButton, refresh, settled, webLink } from '../lib/dom.js';
import { located } from '../lib/files.js';
import { poll } from '../lib/poll.js';
import { isLive } from '../lib/status.js';

const step = 5;

export function images({ id, signal, task }) {
  let count = step;
  let iterations = [];
  const search = h('input', {
    type: 'search', placeholder: 'Find an image', 'aria-label': 'Find an image', oninput: settled(() => draw(), 100),
  });
  const tools = h('div', { class: 'toolbar', hidden: true }, search);
  const list = h('div', { class: 'stack' });
  const more = h('button', { type: 'button', hidden: true, onclick: () => { count += step; ask(); } }, 'Show earlier iterations');
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));

  async function ask() {
    const { metrics } = await call('events.debug_images', { metrics: [{ task: id }], iters: count }, signal);
    const found = metrics[0]?.iterations ?? [];
    iterations = await Promise.all(found.map(async ({ iter, events }) => ({
      iter,
      events: await Promise.all(events.map(async ({ metric, variant, url }) => ({
        metric, variant, url, iter, place: url ? await located(url) : null,
      }))),
    })));
    if (signal.aborted) return;
    more.hidden = found.length < count;
    draw();
  }

  function draw() {
    const text = search.value.trim().toLowerCase();
    const fits = ({ metric, variant }) => `${metric} ${variant}`.toLowerCase().includes(text);
    tools.hidden = iterations.length === 0;
    nothing.replaceChildren(...(iterations.length === 0
      ? [empty('No images', 'What the task reports with report_image or report_media shows up here.')]
      : []));
    refresh(list, [iterations, text], () => iterations.map(({ iter, events }) => {
      const shown = events.filter(fits);
      return shown.length > 0 && h('section', { 'aria-label': `Iteration ${iter}` },
        h('h2', { class: 'section-title' }, `Iteration ${iter}`), h('ul', { class: 'gallery' }, shown.map(item)));
    }));
  }

  function item(image) {
    const { metric, variant, url, place } = image;
    const title = metric === variant ? metric : `${metric} / ${variant}`;
    return h('li', {}, h('figure', {}, content(image, title), h('figcaption', {}, title)));

    function content() {
      if (!place?.isOwn) return h('div', { class: 'elsewhere' }, h('p', { class: 'muted' }, place ? 'It lies on another server.' : 'It lies where no browser gets it from.'), place && webLink(url, 'Open'));
      if (/\.(mp4|webm|mov)$/i.test(url)) return h('video', { src: place.href, controls: true, preload: 'metadata' });
      if (/\.(wav|mp3|ogg|flac)$/i.test(url)) return h('audio', { src: place.href, controls: true, preload: 'none' });
      if (/\.html?$/i.test(url)) return h('div', { class: 'elsewhere' }, h('a', { href: `${place.href}?download=1`, download: true }, 'Download the page'));
      return h('button', { type: 'button', 'aria-label': `Enlarge ${title}`, onclick: () => enlarge(image) },
        h('img', { src: place.href, alt: title, loading: 'lazy' }));
    }
  }

  /** One image, and the way to the same of other iterations. */
  function enlarge(image) {
    let shown = image;
    let scroll = null;
    const picture = h('img', { class: 'large-image', alt: '' });
    const caption = h('p', { class: 'muted', 'aria-live': 'polite' });
    const back = iconButton('right', 'Earlier iteration', () => go(true), { class: 'icon-button back' });
    const forth = iconButton('right', 'Later iteration', () => go(false));
    tell(image.metric, h('div', { class: 'viewer' }, h('div', { class: 'viewer-bar' }, back, caption, forth), picture), { large: true })
      .addEventListener('keydown', ({ key }) => {
        if (key === 'ArrowLeft') go(true);
        if (key === 'ArrowRight') go(false);
      });

    function take({ scroll_id: next, event }) {
      if (next) scroll = next;
      if (!event) return false;
      shown = event;
      caption.textContent = `${event.variant} · iteration ${event.iter}`;
      picture.alt = caption.textContent;
      located(event.url).then((place) => {
        if (place && shown === event) picture.src = place.href;
      });
      return true;
    }

    async function go(isEarlier) {
      const answer = await call('events.next_debug_image_sample', {
        task: id, scroll_id: scroll, navigate_earlier: isEarlier, next_iteration: true,
      }, signal).catch(() => null);
      const isThere = answer ? take(answer) : false;
      (isEarlier ? back : forth).disabled = !isThere;
      (isEarlier ? forth : back).disabled = false;
    }

    call('events.get_debug_image_sample', {
      task: id, metric: image.metric, variant: image.variant, iteration: image.iter, navigate_current_metric: true,
    }, signal).then(take, () => {});
  }

  poll(signal, () => (task() && !isLive(task()) ? 20_000 : 4000), ask);
  return { element: h('div', {}, tools, nothing, h('div', { class: 'stack' }, list, more)) };
}
