// What differs between tasks: configuration first, then results.

import { h, refresh, settled } from '../lib/dom.js';
import { byName, bytes, duration, exactly, moment, number, plural } from '../lib/format.js';
import { pill } from '../lib/status.js';

export function details({ tasks }) {
  const groups = groupsOf(tasks);
  let isAll = false;
  const toggle = h('button', {
    type: 'button', class: 'toggle', 'aria-pressed': 'true',
    onclick: () => {
      isAll = !isAll;
      toggle.setAttribute('aria-pressed', String(!isAll));
      draw();
    },
  }, 'Only differences');
  const search = h('input', { type: 'search', placeholder: 'Find a name', 'aria-label': 'Find a name', oninput: settled(() => draw(), 60) });
  const table = h('table', { class: 'comparison' });

  function draw() {
    const text = search.value.trim().toLowerCase();
    const shown = groups.map(({ title, rows }) => ({
      title, rows: rows.filter((row) => (isAll || row.differs) && row.name.toLowerCase().includes(text)),
    })).filter(({ rows }) => rows.length > 0);
    refresh(table, [isAll, text], () => [
      h('thead', {}, h('tr', {}, h('td'), tasks.map((task) =>
        h('th', { scope: 'col' }, h('a', { href: `#/tasks/${task.id}` }, task.label), h('div', {}, pill(task)))))),
      shown.length === 0 && h('tbody', {}, h('tr', {}, h('td', { colspan: tasks.length + 1, class: 'muted' },
        text ? 'No name matches.' : 'They differ in nothing.'))),
      shown.map(({ title, rows }) => h('tbody', {},
        h('tr', { class: 'group' }, h('th', { scope: 'rowgroup', colspan: tasks.length + 1 }, title)),
        rows.map(({ name, values, differs }) => h('tr', {}, h('th', { scope: 'row' }, name),
          values.map((value) => h('td', { class: differs && value !== values[0] ? 'differs' : null }, shownValue(value, values[0])))))))]);
  }

  draw();
  return h('div', {}, h('div', { class: 'toolbar' }, search, toggle), h('div', { class: 'scroll card flush' }, table));
}

/** A value; of one with many lines those are marked that the first task does not have. */
function shownValue(value, first) {
  if (value === null || value === undefined || value === '') return h('span', { class: 'muted' }, '–');
  const text = String(value);
  if (!text.includes('\n') && text.length <= 160) return text;
  const lines = text.split('\n');
  const known = new Set(String(first ?? text).split('\n'));
  return h('details', { class: 'flat' }, h('summary', {}, plural(lines.length, 'line')), h('pre', { tabindex: 0 },
    h('div', { class: 'diffs' }, lines.map((line) => h('span', { class: `diff ${known.has(line) ? '' : 'added'}` }, line || ' ')))));
}

/** `[{title, rows: [{name, values, differs}]}]`, groups and rows with differences first. */
function groupsOf(tasks) {
  const groups = [
    ...parameterGroups(tasks),
    group('Configuration', tasks, (task) => Object.fromEntries(Object.entries(task.configuration ?? {}).map(([name, item]) => [name, item.value]))),
    group('Code', tasks, code),
    group('Python packages', tasks, packages),
    group('Container', tasks, ({ container }) => ({ image: container?.image, arguments: container?.arguments, 'setup script': container?.setup_shell_script })),
    group('Artifacts', tasks, artifacts),
    group('Models', tasks, models),
    group('Results', tasks, results, true),
    group('Run', tasks, run),
  ].filter(({ rows }) => rows.length > 0);
  const differs = ({ rows }) => rows.some((row) => row.differs);
  return [...groups.filter(differs), ...groups.filter((some) => !differs(some))];
}

function parameterGroups(tasks) {
  const sections = [...new Set(tasks.flatMap(({ hyperparams }) => Object.keys(hyperparams ?? {})))].sort(byName);
  return sections.map((section) => group(`Hyperparameters: ${section}`, tasks, ({ hyperparams }) =>
    Object.fromEntries(Object.entries(hyperparams?.[section] ?? {}).map(([name, item]) => [name, item.value]))));
}

function group(title, tasks, read, isNumber = false) {
  const all = tasks.map(read);
  const names = [...new Set(all.flatMap((some) => Object.keys(some)))];
  const rows = names.map((name) => {
    const values = all.map((some) => some[name] ?? null);
    return { name, values: isNumber ? values.map((value) => (value === null ? null : number(value))) : values, differs: new Set(values).size > 1 };
  }).filter(({ values }) => values.some((value) => value !== null && value !== ''));
  return { title, rows: rows.sort((a, b) => b.differs - a.differs || byName(a.name, b.name)) };
}

const code = ({ script = {} }) => ({
  repository: script.repository, branch: script.branch, commit: script.version_num, 'entry point': script.entry_point,
  folder: script.working_dir, interpreter: script.binary, 'uncommitted changes': script.diff,
});

function packages({ script }) {
  const pip = script?.requirements?.pip ?? '';
  const lines = Array.isArray(pip) ? pip : pip.split('\n');
  return Object.fromEntries(lines.map((line) => line.trim()).filter((line) => line && !line.startsWith('#')).map((line) => {
    const [, name, version] = /^([\w.[\]-]+)\s*(.*)$/.exec(line) ?? [null, line, ''];
    return [name, version || 'any'];
  }));
}

/** Files of the same content are the same. */
const artifacts = ({ execution }) => Object.fromEntries((execution?.artifacts ?? []).map(({ key, type, content_size: size, hash }) =>
  [key, [type, Number.isFinite(size) && bytes(size), hash && `SHA-256 ${hash.slice(0, 8)}…`].filter(Boolean).join(' · ')]));

const models = ({ models: { input = [], output = [] } = {} }) => Object.fromEntries([
  ...input.map(({ name, title }) => [`${name} (input)`, title]), ...output.map(({ name, title }) => [`${name} (output)`, title]),
]);

const results = ({ last_metrics: metrics }) => Object.fromEntries(
  Object.values(metrics ?? {}).flatMap((variants) => Object.values(variants))
    .filter(({ metric }) => metric && !metric.startsWith(':monitor'))
    .map(({ metric, variant, value }) => [metric === variant || metric === 'Summary' ? variant : `${metric} / ${variant}`, value]));

function run(task) {
  const begin = moment(task.started);
  const seconds = task.active_duration ?? (begin && moment(task.completed) ? (moment(task.completed) - begin) / 1000 : null);
  return {
    project: task.project?.name, type: task.type, user: task.user?.name, worker: task.last_worker, iteration: task.last_iteration,
    tags: (task.tags ?? []).join(', '), comment: task.comment, 'run time': seconds === null ? null : duration(seconds),
    created: task.created && exactly(moment(task.created)),
  };
}
