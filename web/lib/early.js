// What is needed before anything can be shown, begun while the rest of the page is still loaded.

import { signInModes } from './api.js';
import { apply } from './theme.js';

let asked = signInModes();
// Told to whoever takes it.
asked.catch(() => {});
// A browser takes its time to find what it keeps for a page.
apply();

/** How one can sign in, and whether somebody is. */
export function session() {
  const answer = asked ?? signInModes();
  asked = null;
  return answer;
}

/** Says that what was asked so far means nothing any more. */
export function askAnew() {
  asked = null;
}
