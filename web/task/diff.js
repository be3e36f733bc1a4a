// A diff as git writes it, in colours.

import { h } from '../lib/dom.js';

/** The lines of a diff, each in an element of its kind. */
export function diffLines(diff) {
  let isHead = true;
  return diff.replace(/\n$/, '').split('\n').map((line) => {
    if (line.startsWith('diff ')) isHead = true;
    else if (line.startsWith('@@')) isHead = false;
    return h('span', { class: `diff ${kind(line, isHead)}` }, line || ' ');
  });
}

function kind(line, isHead) {
  if (line.startsWith('@@')) return 'hunk';
  if (isHead) return line.startsWith('diff ') ? 'file' : 'head';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return '';
}
