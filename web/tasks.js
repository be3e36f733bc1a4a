// The list of tasks: newest first, filtered by state and text, fifty at a time.

import { call } from './api.js';
import { empty, h, refreshList } from './dom.js';
import { ago } from './format.js';
import { poll } from './poll.js';
import { queueNames } from './queues.js';
import { filters, pill, statusLabel } from './status.js';

const pageSize = 50;
const fields = [
  'name', 'status', 'status_message', 'type', 'tags', 'project.name', 'execution.queue', 'created', 'last_update',
];
const columns = ['State', 'Name', 'Project', 'Type', 'Queue', 'Updated'];

export function tasks(route, signal) {
  document.title = 'Tasks · Stint';
  const wanted = {
    status: route.query.get('status') ?? '',
    text: route.query.get('text') ?? '',
    page: Math.max(0, Number(route.query.get('page')) - 1 || 0),
  };
  let round = new AbortController();
  signal.addEventListener('abort', () => round.abort());

  const rows = h('tbody');
  const table = h('table', { class: 'tasks', hidden: true },
    h('thead', {}, h('tr', {}, columns.map((title) => h('th', { scope: 'col' }, title)))),
    rows);
  const nothing = h('div', { hidden: true });
  const chips = h('div', { class: 'chips', role: 'group', 'aria-label': 'State' },
    ['', ...filters].map((status) => h('button', {
      type: 'button', class: 'chip', value: status, onclick: () => change({ status, page: 0 }),
    }, status ? statusLabel(status) : 'All')));
  let typing;
  const search = h('input', {
    type: 'search', placeholder: 'Find by name or id', 'aria-label': 'Find by name or id', spellcheck: 'false',
    value: wanted.text,
    oninput: () => {
      clearTimeout(typing);
      typing = setTimeout(() => change({ text: search.value.trim(), page: 0 }), 200);
    },
  });
  const newer = h('button', { type: 'button', onclick: () => change({ page: wanted.page - 1 }, true) }, '← Newer');
  const older = h('button', { type: 'button', onclick: () => change({ page: wanted.page + 1 }, true) }, 'Older →');
  const place = h('span', { class: 'muted' });
  const pager = h('nav', { class: 'pager', 'aria-label': 'Pages', hidden: true }, newer, place, older);

  function change(part, isStep = false) {
    Object.assign(wanted, part);
    const query = new URLSearchParams();
    if (wanted.status) query.set('status', wanted.status);
    if (wanted.text) query.set('text', wanted.text);
    if (wanted.page) query.set('page', wanted.page + 1);
    const address = `#/tasks${query.size ? `?${query}` : ''}`;
    if (isStep) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    if (isStep) window.scrollTo(0, 0);
    start();
  }

  function start() {
    round.abort();
    round = new AbortController();
    for (const chip of chips.children) chip.setAttribute('aria-pressed', chip.value === wanted.status);
    const { signal: current } = round;
    poll(current, 2000, async () => {
      const listing = call('tasks.get_all_ex', request(wanted), current);
      const [answer, names] = await Promise.all([listing, queueNames(current)]);
      if (!current.aborted) draw(answer.tasks, names);
    });
  }

  function draw(list, names) {
    refreshList(rows, list.map((item) => ({ ...item, queueName: queueName(item, names) })), row);
    table.hidden = list.length === 0;
    nothing.hidden = list.length > 0;
    nothing.replaceChildren(nothingFound(wanted));
    newer.disabled = wanted.page === 0;
    older.disabled = list.length < pageSize;
    pager.hidden = newer.disabled && older.disabled;
    const first = wanted.page * pageSize;
    place.textContent = list.length ? `${first + 1}–${first + list.length}` : '';
  }

  start();
  return {
    element: h('section', {},
      h('div', { class: 'heading' }, h('h1', {}, 'Tasks'), search), chips, table, nothing, pager),
  };
}

function request({ status, text, page }) {
  const body = { page, page_size: pageSize, order_by: ['-created'], only_fields: fields, system_tags: ['-archived'] };
  if (status) body.status = [status];
  if (text) body._any_ = { pattern: text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), fields: ['name', 'id'] };
  return body;
}

function queueName({ status, execution }, names) {
  const queue = execution?.queue;
  if (!queue || status === 'created') return '';
  return queue.name ?? names.get(queue.id ?? queue) ?? '';
}

function row(item) {
  return h('tr', {},
    h('td', { class: 'state' }, pill(item)),
    h('td', { class: 'name' },
      h('a', { class: 'stretched', href: `#/tasks/${item.id}` }, item.name || item.id), ' ',
      (item.tags ?? []).map((tag) => h('span', { class: 'tag' }, tag))),
    h('td', { class: 'project' }, item.project?.name ?? ''),
    h('td', { class: 'type' }, (item.type ?? '').replaceAll('_', ' ')),
    h('td', { class: 'queue' }, item.queueName),
    h('td', { class: 'updated' }, ago(item.last_update ?? item.created)));
}

function nothingFound({ status, text, page }) {
  if (page) return empty('No more tasks', 'The list ends before this page.');
  if (status || text) return empty('No task matches', 'Try another state or fewer letters.');
  return empty('No tasks yet', 'A script that calls Task.init with this server’s clearml.conf shows up here.');
}
