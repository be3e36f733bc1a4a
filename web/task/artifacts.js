// The files and models that a task made or took.

import { call } from '../lib/api.js';
import { empty, facts, h, icon, refresh } from '../lib/dom.js';
import { located } from '../lib/files.js';
import { ago, bytes } from '../lib/format.js';
import { notice } from '../lib/poll.js';

export function artifacts({ signal }) {
  const element = h('div', { class: 'stack' });
  let asked = { key: null, records: new Map() };

  async function draw({ execution, models }) {
    const files = execution?.artifacts ?? [];
    const used = [...named(models?.input, 'input'), ...named(models?.output, 'output')];
    try {
      await findModels(used);
    } catch (error) {
      if (!signal.aborted) notice(error.message);
    }
    const uris = [...files.map(({ uri }) => uri), ...[...asked.records.values()].map(({ uri }) => uri)].filter(Boolean);
    const places = new Map(await Promise.all(uris.map(async (uri) => [uri, await located(uri)])));
    if (signal.aborted) return;
    refresh(element, { files, used, known: [...asked.records] }, () => {
      if (files.length + used.length === 0) {
        return empty('No artifacts', 'What the task uploads with upload_artifact or saves as a model shows up here.');
      }
      const [taken, made] = [files.filter(({ mode }) => mode === 'input'), files.filter(({ mode }) => mode !== 'input')];
      return [
        made.length > 0 && listing('Artifacts', made.map((file) => fileRow(file, places))),
        taken.length > 0 && listing('Inputs', taken.map((file) => fileRow(file, places))),
        used.length > 0 && listing('Models', used.map((item) => modelRow(item, asked.records.get(item.id), places))),
      ];
    });
  }

  /** The records of the models used; the answer for a set is kept until another set is asked for. */
  async function findModels(used) {
    const ids = used.map(({ id }) => id).filter(Boolean);
    const key = ids.join();
    if (asked.key === key || ids.length === 0) return;
    const fields = ['name', 'uri', 'framework', 'created', 'ready', 'labels', 'comment', 'tags', 'design'];
    const { models } = await call('models.get_all_ex', { id: ids, only_fields: fields }, signal);
    asked = { key, records: new Map(models.map((model) => [model.id, model])) };
  }

  return { element, draw };
}

const named = (list, mode) => (list ?? []).map(({ name, model }) => ({ name, id: model?.id ?? model, mode }));

const listing = (title, rows) => h('section', { class: 'card' }, h('h2', {}, title), h('ul', { class: 'files' }, rows));

function fileRow({ key, type, uri, content_size: size, timestamp, type_data: data, display_data: notes, hash }, places) {
  const about = [type, Number.isFinite(size) && bytes(size)].filter(Boolean).join(' · ');
  const at = timestamp && new Date(timestamp * 1000).toISOString();
  return h('li', {},
    h('div', { class: 'file' },
      h('span', { class: 'file-name' }, key), h('span', { class: 'muted' }, about, at && [' · ', ago(at)]), download(uri, places)),
    preview({ uri, place: places.get(uri), type: data?.content_type, text: data?.preview, size }),
    h('details', {}, h('summary', {}, 'Details'), facts([
      ['Address', uri && h('code', {}, uri)], ['SHA-256', hash && h('code', {}, hash)], ['Content', data?.content_type],
      ...(notes ?? []).filter(Array.isArray),
    ]) || ''));
}

function download(uri, places) {
  const place = places.get(uri);
  if (!place) return uri && h('code', { class: 'muted' }, uri);
  const href = place.isOwn ? `${place.href}${place.href.includes('?') ? '&' : '?'}download=1` : place.href;
  const props = place.isOwn ? { download: true } : { target: '_blank', rel: 'noopener noreferrer' };
  return h('a', { class: 'button small-button', href, ...props }, icon('download'), 'Download');
}

const mostPreview = 256 * 1024;

/** What can be shown of a file: a picture, its text, or what the SDK has noted of it. */
function preview({ uri, place, type = '', text, size }) {
  const name = (uri ?? '').split('?')[0].toLowerCase();
  const isPacked = name.endsWith('.gz');
  const isImage = /^image\/(?!svg)/.test(type) || /\.(png|jpe?g|gif|webp|bmp)$/.test(name);
  const isText = /^text\/|json|yaml|xml/.test(type) || /\.(txt|md|[ct]sv(\.gz)?|json|ya?ml|toml|ini|conf|log|py|sh|xml|html)$/.test(name);
  if (isImage && place?.isOwn) {
    return opens('Preview', () => h('img', { class: 'preview', src: place.href, alt: `Preview of ${name.split('/').at(-1)}`, loading: 'lazy' }));
  }
  if (isText && place?.isOwn && size !== 0) return opens('Preview', () => fetchText(place.href, isPacked));
  // Of what it does not know, the SDK notes name and size.
  return text && !/^\S+ - [\d.]+ \w+\s*$/.test(text) ? opens('Preview', () => h('pre', { tabindex: 0 }, text)) : false;
}

function fetchText(href, isPacked) {
  const shown = h('pre', { tabindex: 0 }, 'Loading…');
  fetch(href).then(async (answer) => {
    if (!answer.ok) throw new Error(`the file server answered ${answer.status}`);
    shown.textContent = await beginning(isPacked ? answer.body.pipeThrough(new DecompressionStream('gzip')) : answer.body);
  }).catch((error) => {
    shown.textContent = `It cannot be shown: ${error.message}.`;
  });
  return shown;
}

/** The beginning of a text, which may be very long. */
async function beginning(stream) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.length < mostPreview) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
  await reader.cancel();
  return `${text}\n… (download it to see the rest)`;
}

/** A part that is made when it is first opened. */
function opens(title, build) {
  const details = h('details', {
    ontoggle: () => details.open && details.childElementCount === 1 && details.append(build()),
  }, h('summary', {}, title));
  return details;
}

function modelRow({ name, id, mode }, record, places) {
  const about = [record?.framework, mode, record?.ready && 'published'].filter(Boolean).join(' · ');
  const labels = Object.entries(record?.labels ?? {});
  const design = typeof record?.design === 'object' ? record.design?.design : record?.design;
  return h('li', {}, h('div', { class: 'file' },
    h('span', { class: 'file-name' }, record?.name ?? name ?? id),
    h('span', { class: 'muted' }, about, record?.created && [' · ', ago(record.created)]),
    record?.uri && download(record.uri, places)),
  h('details', {}, h('summary', {}, 'Details'), facts([
    ['Used as', name], ['Comment', record?.comment], ['Address', record?.uri && h('code', {}, record.uri)],
    ['Labels', labels.length > 0 && labels.map(([label, number]) => `${label} = ${number}`).join(', ')],
    ['Design', design && h('pre', {}, design)], ['Id', id && h('code', {}, id)],
  ]) || ''));
}
