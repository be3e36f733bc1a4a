// Which tasks are wanted: as the address says it, and as the server is asked.

import { address } from '../lib/route.js';

const lists = ['status', 'type', 'tags', 'user'];
const newestFirst = '-created';
/** What a column can be sorted by. */
const sortable = /^-?(id|name|status|project|type|user|execution\.queue|last_worker|last_iteration|created|started|last_update|active_duration|comment|parent|(last_metrics|hyperparams)\..+)$/;

/** `{project, text, archived, sort, status, type, tags, user}`, the last four being lists. */
export function wantedTasks(query) {
  return {
    project: query.get('project') ?? '',
    text: query.get('q') ?? '',
    archived: query.get('archived') === '1',
    sort: sortable.test(query.get('sort')) ? query.get('sort') : newestFirst,
    ...Object.fromEntries(lists.map((name) => [name, query.get(name)?.split(',').filter(Boolean) ?? []])),
  };
}

export function addressOf(wanted) {
  const query = new URLSearchParams();
  if (wanted.project) query.set('project', wanted.project);
  if (wanted.text) query.set('q', wanted.text);
  if (wanted.archived) query.set('archived', '1');
  for (const name of lists) if (wanted[name].length > 0) query.set(name, wanted[name].join());
  if (wanted.sort !== newestFirst) query.set('sort', wanted.sort);
  return address('tasks', null, null, query);
}

export const isFiltered = (wanted) => Boolean(wanted.text) || lists.some((name) => wanted[name].length > 0);
export const unfiltered = (wanted) => ({ ...wanted, text: '', status: [], type: [], tags: [], user: [] });

/** The filter of `tasks.get_all_ex` and of the calls that count. */
export function filterOf(wanted) {
  const filter = { system_tags: [wanted.archived ? 'archived' : '-archived'] };
  if (wanted.project) Object.assign(filter, { project: [wanted.project], include_subprojects: true });
  if (wanted.text) filter.search_text = wanted.text;
  for (const name of lists) if (wanted[name].length > 0) filter[name] = wanted[name];
  return filter;
}

/** What the table shows: which tasks, in which order. Ties are settled by the server. */
export const requestOf = (wanted) => ({ ...filterOf(wanted), order_by: [wanted.sort] });

export const pageSize = 100;

/** The question for a page of what is wanted, `fields` being what the columns show. */
export const pageOf = (request, fields, page) => ({
  ...request, page, page_size: pageSize, only_fields: [...new Set(['name', 'status', 'system_tags', ...fields])],
});
