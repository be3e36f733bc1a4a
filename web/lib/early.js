// What is needed before anything can be shown, begun while the rest of the page is still loaded.

import { chosenColumns, fieldsOf } from '../tasks/fields.js';
import { pageOf, requestOf, wantedTasks } from '../tasks/query.js';
import { askAhead, signInModes } from './api.js';
import { pause } from './poll.js';
import { adopt } from './preferences.js';
import { currentRoute } from './route.js';
import { apply } from './theme.js';

const longestWait = 300;

const modes = written();
const tasksAsked = modes && askForTasks(modes).catch(() => {});
/** How one can sign in, as it is known or asked for; null once somebody has taken it. */
let known = modes ?? signInModes();
// Told to whoever takes it.
if (!modes) known.catch(() => {});
// A browser takes its time to find what it keeps for a page.
apply();

/** What the server writes into the document for those who are signed in. */
function written() {
  const place = document.getElementById('session');
  const text = place.textContent;
  place.remove();
  return text ? JSON.parse(text) : null;
}

/** Asks for the tasks that are shown first, if that is what the address means. */
async function askForTasks({ stint }) {
  adopt(stint?.preferences);
  const { view, id, query } = currentRoute();
  if (!['', 'tasks'].includes(view) || id || location.pathname !== '/') return;
  const wanted = wantedTasks(query);
  const columns = await chosenColumns(wanted.project);
  await askAhead('tasks.get_all_ex', pageOf(requestOf(wanted), columns.flatMap(fieldsOf), 0));
}

/**
 * Waits for the tasks that were asked for, if they come soon: to draw a view without them takes a browser as long as to get
 * them.
 */
export const tasksAnswered = (signal) => Promise.race([tasksAsked, pause(longestWait, signal)]);

/** How one can sign in, and whether somebody is. */
export function session() {
  const answer = known ?? signInModes();
  known = null;
  return answer;
}

/** Says that what was asked so far means nothing any more. */
export function askAnew() {
  known = null;
}
