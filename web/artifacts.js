// The files and models that a task made or took.

import { call } from './api.js';
import { empty, h, refresh, webLink } from './dom.js';
import { ago, bytes } from './format.js';
import { notice } from './poll.js';

export function artifacts({ signal }) {
  const element = h('div');

  async function draw({ execution, models }) {
    const files = execution?.artifacts ?? [];
    const used = [...named(models?.input, 'input'), ...named(models?.output, 'output')];
    let known = new Map();
    if (used.length > 0) {
      try {
        known = await modelRecords(used, signal);
      } catch (error) {
        if (!signal.aborted) notice(error.message);
      }
    }
    if (signal.aborted) return;
    refresh(element, { files, used, known: [...known] }, () => {
      if (files.length + used.length === 0) {
        return empty('No artifacts', 'What the task uploads with upload_artifact or saves as a model shows up here.');
      }
      return [
        files.length > 0 && listing('Files', files.map(fileRow)),
        used.length > 0 && listing('Models', used.map((item) => modelRow(item, known.get(item.id)))),
      ];
    });
  }

  return { element, draw };
}

const named = (list, mode) => (list ?? []).map(({ name, model }) => ({ name, id: model?.id ?? model, mode }));

/** The records of the models used; the answer for a set is kept until another set is asked for. */
async function modelRecords(used, signal) {
  const ids = used.map(({ id }) => id).filter(Boolean);
  const key = ids.join();
  if (asked.key !== key) {
    const body = { id: ids, only_fields: ['name', 'uri', 'framework', 'created'] };
    const { models } = await call('models.get_all', body, signal);
    asked = { key, records: new Map(models.map((model) => [model.id, model])) };
  }
  return asked.records;
}

let asked = { key: null, records: new Map() };

function listing(title, rows) {
  return h('section', { class: 'card' }, h('h2', {}, title), h('ul', { class: 'files' }, rows));
}

function fileRow({ key, type, uri, content_size: size, timestamp, type_data: data, mode }) {
  const facts = [type, mode === 'input' && 'input', Number.isFinite(size) && bytes(size)].filter(Boolean).join(' · ');
  const at = timestamp && new Date(timestamp * 1000).toISOString();
  return h('li', {},
    h('div', { class: 'file' },
      uri ? webLink(uri, key) : h('span', {}, key),
      h('span', { class: 'muted' }, facts, at && [' · ', ago(at)])),
    uri && !/^https?:/i.test(uri) && h('code', { class: 'muted' }, uri),
    data?.preview && h('details', {}, h('summary', {}, 'Preview'), h('pre', { tabindex: 0 }, data.preview)));
}

function modelRow({ name, id, mode }, record) {
  const facts = [record?.framework, mode].filter(Boolean).join(' · ');
  return h('li', {}, h('div', { class: 'file' },
    record?.uri ? webLink(record.uri, record.name || name) : h('span', {}, record?.name ?? name ?? id),
    h('span', { class: 'muted' }, facts, record?.created && [' · ', ago(record.created)])));
}
