// Which columns the table shows, and what the server is asked for to fill them.

import { preference } from '../lib/preferences.js';

const fixed = {
  state: ['status', 'status_message'],
  name: ['name', 'tags'],
  project: ['project.name'],
  type: ['type'],
  user: ['user.name'],
  queue: ['execution.queue'],
  worker: ['last_worker'],
  iteration: ['last_iteration'],
  created: ['created'],
  started: ['started'],
  updated: ['last_update', 'created'],
  time: ['started', 'completed', 'active_duration', 'status'],
  comment: ['comment'],
  parent: ['parent.name'],
  id: [],
};

const usual = ['state', 'name', 'project', 'user', 'started', 'time', 'updated'];

/** The name under which the columns of a project's table are kept; of the table of all tasks where there is none. */
export const columnsName = (project) => (project ? `columns ${project}` : 'columns');

/** The keys of the columns that the user has chosen. */
export const chosenColumns = async (project) =>
  await preference(columnsName(project), null) ?? preference(columnsName(), usual);

/** The fields of a task that a column shows; none for a key that means nothing. */
export function fieldsOf(key) {
  if (Object.hasOwn(fixed, key)) return fixed[key];
  const [kind, ...parts] = key.split('|');
  if (kind === 'metric' && parts.length === 5) return [`last_metrics.${parts[2]}.${parts[3]}.${parts[4]}`];
  if (kind === 'param' && parts.length === 2) return [`hyperparams.${escaped(parts[0])}.${escaped(parts[1])}.value`];
  return [];
}

/** A name as a part of a path, in which dots separate. */
const escaped = (name) => name.replaceAll('.', '%2E');
