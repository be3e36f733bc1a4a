// The time as the server has it: a browser's clock may be wrong.

/** A clock that is off by less, in milliseconds, harms nobody; an answer takes its time, too. */
const tolerated = 5000;

let ahead = 0;

/** Takes note of the `Date` of an answer that has just come. */
export function noteTime(date) {
  const difference = Date.parse(date) - Date.now();
  if (!Number.isNaN(difference)) ahead = Math.abs(difference) > tolerated ? difference : 0;
}

/** Milliseconds since 1970. */
export const now = () => Date.now() + ahead;
