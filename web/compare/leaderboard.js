// The best tasks of a project by a metric, and what their hyperparameters have to do with it.

import { call } from '../lib/api.js';
import { empty, h, refresh } from '../lib/dom.js';
import { ago, number } from '../lib/format.js';
import { attempt, eventually, part } from '../lib/poll.js';
import { address, rename } from '../lib/route.js';
import { column, columnsOf, metricKey } from '../tasks/columns.js';
import { noSuchProject } from '../tasks/projects.js';
import { parallel, varying } from './parallel.js';

const most = 100;

export function leaderboard(route, signal) {
  const project = route.id ?? '';
  document.title = 'Leaderboard · Stint';
  const title = h('span', { class: 'muted' });
  const metric = h('select', { id: 'board-metric', onchange: show });
  const aggregate = h('select', { 'aria-label': 'Which value', onchange: show }, [
    ['value', 'last value'], ['max_value', 'highest value'], ['min_value', 'lowest value'],
  ].map(([value, name]) => h('option', { value }, name)));
  const order = h('select', { 'aria-label': 'What is best', onchange: show }, [
    ['-', 'highest first'], ['', 'lowest first'],
  ].map(([value, name]) => h('option', { value }, name)));
  const tools = h('div', { class: 'toolbar', hidden: true }, h('label', { for: 'board-metric' }, 'Rank by'),
    h('div', { class: 'narrow' }, metric), h('div', { class: 'narrow' }, aggregate), h('div', { class: 'narrow' }, order));
  const board = h('div', { class: 'scroll card flush' });
  const relation = h('div');
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  board.hidden = true;
  let metrics = [];
  let round = part(signal);

  eventually(signal, async () => {
    if (project) {
      const { projects: [found] } = await call('projects.get_all_ex', { id: [project], only_fields: ['name'], search_hidden: true }, signal);
      if (!found) return void nothing.replaceChildren(noSuchProject());
      title.textContent = found.name;
    } else title.textContent = 'All tasks';
    ({ metrics } = await columnsOf(project, signal));
    if (metrics.length === 0) return void nothing.replaceChildren(empty('Nothing to rank', 'No task has reported a scalar yet.'));
    const wanted = route.query.get('metric') ?? metricKey(usual(metrics));
    const base = wanted.split('|').slice(0, 5).join('|');
    metric.replaceChildren(...metrics.map((each) => {
      const key = metricKey(each).split('|').slice(0, 5).join('|');
      return h('option', { value: key, selected: key === base }, column(metricKey(each)).title);
    }));
    aggregate.value = wanted.split('|')[5] ?? 'value';
    order.value = route.query.get('order') === 'asc' || (!route.query.has('order') && /loss|error/i.test(base)) ? '' : '-';
    tools.hidden = false;
    return load(key(), round.signal);
  });

  function show() {
    round.abort();
    round = part(signal);
    return attempt(() => load(key(), round.signal));
  }

  const key = () => `${metric.value}|${aggregate.value}`;

  async function load(ranking, current) {
    rename(address('leaderboard', project, null, { metric: ranking, order: order.value ? 'desc' : 'asc' }));
    const wanted = column(ranking);
    const path = wanted.sort;
    const { tasks } = await call('tasks.get_all_ex', {
      ...(project ? { project: [project], include_subprojects: true } : {}), system_tags: ['-archived'], [path]: [-1e300, 1e300],
      order_by: [`${order.value}${path}`], page: 0, page_size: most,
      only_fields: ['name', 'status', 'user.name', 'started', 'hyperparams', 'last_metrics', 'tags'],
    }, current);
    if (current.aborted) return;
    const [, , , hash, variantHash] = ranking.split('|');
    const valueOf = (task) => task.last_metrics?.[hash]?.[variantHash]?.[aggregate.value];
    const ranked = tasks.filter((task) => Number.isFinite(valueOf(task)));
    nothing.replaceChildren(...(ranked.length === 0 ? [empty('Nothing to rank', 'No task has reported this scalar.')] : []));
    board.hidden = ranked.length === 0;
    const parameters = varying(ranked).slice(0, 6);
    const values = ranked.map(valueOf);
    const [least, highest] = [Math.min(...values), Math.max(...values)];
    refresh(board, [ranking, order.value, ranked.map((task) => [task.id, valueOf(task)])], () => h('table', { class: 'board' },
      h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'number' }, '#'), h('th', { scope: 'col' }, 'Task'),
        h('th', { scope: 'col' }, wanted.title), parameters.map(({ name, key: full }) => h('th', { scope: 'col', title: full }, name)),
        h('th', { scope: 'col' }, 'User'), h('th', { scope: 'col' }, 'Started'))),
      h('tbody', {}, ranked.map((task, index) => h('tr', {},
        h('td', { class: 'number muted' }, index + 1),
        h('th', { scope: 'row' }, h('a', { href: address('tasks', task.id), title: task.name }, task.name)),
        h('td', {}, bar(valueOf(task), least, highest)),
        parameters.map(({ section, name }) => {
          const value = task.hyperparams?.[section]?.[name]?.value ?? '';
          return h('td', { title: value.length > 24 ? value : null }, value);
        }),
        h('td', { class: 'muted' }, task.user?.name ?? ''), h('td', { class: 'muted' }, task.started && ago(task.started)))))));
    relation.replaceChildren(ranked.length < 2 ? '' : h('section', {}, h('h2', { class: 'section-title' }, 'What makes the difference'),
      parallel({ tasks: ranked, signal: current, metric: column(`${metric.value}|value`).title })));
  }

  return {
    element: h('article', {}, h('p', { class: 'crumbs' }, h('a', { href: address('tasks', null, null, project ? { project } : {}) }, 'Tasks')),
      h('div', { class: 'heading' }, h('h1', {}, 'Leaderboard'), title), tools, nothing, board, relation),
    className: 'wide',
  };
}

/** The metric that is most likely meant. */
const usual = (metrics) => metrics.find(({ metric, variant }) => /accuracy|score|f1|auc|map/i.test(`${metric} ${variant}`)) ?? metrics[0];

function bar(value, least, most) {
  const level = h('span', { class: 'bar-level' });
  level.style.width = `${most === least ? 100 : 4 + (96 * (value - least)) / (most - least)}%`;
  return h('span', { class: 'bar-value' }, h('span', { class: 'bar-track' }, level), h('span', {}, number(value)));
}
