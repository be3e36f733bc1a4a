// Projects by their names, which are paths.

import { call } from '../lib/api.js';
import { empty } from '../lib/dom.js';

/** `a`, `a/b` for `a/b/c`, and the name itself. */
export const above = (name) => name.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));

export const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What is said in the place of a project that is not there. */
export const noSuchProject = () => empty('There is no such project', 'It may have been deleted, or the link is cut short.');

/** The identifiers of a project and of those above it, by name. */
export async function projectsAbove({ id, name }, signal) {
  const parents = above(name).slice(0, -1);
  if (parents.length === 0) return new Map([[name, id]]);
  const { projects } = await call('projects.get_all_ex', {
    name: `^(${parents.map(escaped).join('|')})$`, only_fields: ['name'], page: 0, page_size: parents.length,
  }, signal);
  return new Map([...projects.map((project) => [project.name, project.id]), [name, id]]);
}
