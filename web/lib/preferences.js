// What the user has chosen, kept by the server: it is the same in every browser.

import { call } from './api.js';

let known = null;

/** What is kept under `name`; `fallback` where that is nothing. */
export async function preference(name, fallback) {
  known ??= call('users.get_preferences').then(({ preferences }) => preferences?.stint ?? {});
  try {
    return (await known)[name] ?? fallback;
  } catch {
    known = null;
    return fallback;
  }
}

export async function keep(name, value) {
  const kept = { ...(await known?.catch(() => ({}))), [name]: value };
  known = Promise.resolve(kept);
  await call('users.set_preferences', { preferences: { stint: { [name]: value } }, return_updated: false });
}

/** Takes what the server has told before it was asked, if it did. */
export function adopt(preferences) {
  if (preferences) known = Promise.resolve(preferences.stint ?? {});
}

export function forget() {
  known = null;
}
