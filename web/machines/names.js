// Queue names by id.

import { call } from '../lib/api.js';

let cached = { at: 0, names: new Map() };

/** At most a few seconds old. */
export async function queueNames(signal) {
  if (Date.now() - cached.at > 5000) {
    const { queues } = await call('queues.get_all_ex', { only_fields: ['name'] }, signal);
    cached = { at: Date.now(), names: new Map(queues.map(({ id, name }) => [id, name])) };
  }
  return cached.names;
}
