// What terminals make of text: colours, and lines that are written over.

import { h } from '../../lib/dom.js';

const sequence = /\x1b(?:\[([0-9;:?]*)[ -/]*([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])/g;
const address = /\bhttps?:\/\/[^\s"'<>()[\]{}]+[^\s"'<>()[\]{}.,;:!?]/g;

/** Text without escape sequences. */
export const plain = (text) => (text.includes('\x1b') ? text.replace(sequence, '') : text);

/** What a terminal would leave of a line whose parts overwrite one another. */
export function collapsed(line) {
  if (!line.includes('\r')) return line;
  return line.split('\r').findLast((part) => plain(part) !== '') ?? '';
}

/** The style that holds behind `text`, if `style` held before it. A style is a list of SGR codes. */
export function styleAfter(text, style) {
  if (!text.includes('\x1b')) return style;
  let last = style;
  for (const [, codes, kind] of text.matchAll(sequence)) if (kind === 'm') last = changed(last, codes);
  return last;
}

function changed(style, codes) {
  const parts = codes === '' ? ['0'] : codes.split(/[;:]/);
  const reset = parts.lastIndexOf('0');
  // In `38;5;0` the zero is a colour.
  const isColour = reset > 1 && ['5'].includes(parts[reset - 1]) && ['38', '48'].includes(parts[reset - 2]);
  if (reset < 0 || isColour || parts.includes('2')) return parts.length === 1 && parts[0] === '0' ? [] : [...style, codes];
  const rest = parts.slice(reset + 1);
  return rest.length > 0 ? [rest.join(';')] : [];
}

/** The elements of a line; `marked` is text to mark where it occurs, in small letters. */
export function lineParts(text, style, marked) {
  const parts = [];
  let now = style;
  let at = 0;
  const push = (piece) => piece && parts.push([piece, now]);
  for (const match of text.matchAll(sequence)) {
    push(text.slice(at, match.index));
    if (match[2] === 'm') now = changed(now, match[1]);
    at = match.index + match[0].length;
  }
  push(text.slice(at));
  const whole = parts.map(([piece]) => piece).join('');
  const marks = marked ? occurrences(whole.toLowerCase(), marked) : [];
  let offset = 0;
  return parts.flatMap(([piece, codes]) => {
    const start = offset;
    offset += piece.length;
    const inside = marks.map(([from, to]) => [Math.max(0, from - start), Math.min(piece.length, to - start)])
      .filter(([from, to]) => from < to);
    return styled(inside.length > 0 ? withMarks(piece, inside) : withLinks(piece), codes);
  });
}

function occurrences(text, wanted) {
  const found = [];
  for (let at = text.indexOf(wanted); at >= 0 && found.length < 200; at = text.indexOf(wanted, at + wanted.length)) {
    found.push([at, at + wanted.length]);
  }
  return found;
}

function withMarks(text, marks) {
  const parts = [];
  let at = 0;
  for (const [from, to] of marks) {
    parts.push(text.slice(at, from), h('mark', {}, text.slice(from, to)));
    at = to;
  }
  return [...parts, text.slice(at)];
}

function withLinks(text) {
  if (!text.includes('://')) return [text];
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    parts.push(text.slice(at, match.index),
      h('a', { href: match[0], target: '_blank', rel: 'noopener noreferrer' }, match[0]));
    at = match.index + match[0].length;
  }
  return [...parts, text.slice(at)];
}

function styled(content, style) {
  if (style.length === 0) return content;
  const look = lookOf(style);
  const element = h('span', { class: look.classes.join(' ') }, content);
  if (look.colour) element.style.color = look.colour;
  if (look.background) element.style.backgroundColor = look.background;
  return [element];
}

const flags = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'strike' };
const ends = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 27: ['inverse'], 29: ['strike'] };

function lookOf(style) {
  const on = new Set();
  let [front, back, colour, background] = [null, null, null, null];
  for (const codes of style) {
    const parts = codes.split(/[;:]/).map(Number);
    for (let index = 0; index < parts.length; index += 1) {
      const code = parts[index];
      if (code === 0) {
        on.clear();
        [front, back, colour, background] = [null, null, null, null];
      } else if (flags[code]) on.add(flags[code]);
      else if (ends[code]) ends[code].forEach((flag) => on.delete(flag));
      else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) [front, colour] = [code, null];
      else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) [back, background] = [code, null];
      else if (code === 39) [front, colour] = [null, null];
      else if (code === 49) [back, background] = [null, null];
      else if (code === 38 || code === 48) {
        const [value, length] = extended(parts.slice(index + 1));
        index += length;
        if (code === 38) [front, colour] = [null, value];
        else [back, background] = [null, value];
      }
    }
  }
  if (on.has('inverse')) {
    [front, back] = [back && back - 10, front && front + 10];
    [colour, background] = [background, colour];
  }
  // Black and white are the colours of a page, too: on a background its own text colour is the one that can be read.
  if (back && [30, 37, 90, 97].includes(front)) front = null;
  const classes = [...on, front && `fg-${front}`, back && `bg-${back}`].filter(Boolean);
  return { classes, colour, background };
}

/** A colour of 256, or of red, green and blue; and how many numbers it took. */
function extended([kind, ...values]) {
  if (kind === 2) return [`rgb(${values.slice(0, 3).map((value) => value & 255).join(' ')})`, 4];
  if (kind !== 5) return [null, 1];
  const index = values[0] & 255;
  if (index < 16) return [`var(--ansi-${index})`, 2];
  if (index > 231) return [`rgb(${Array(3).fill((index - 232) * 10 + 8).join(' ')})`, 2];
  const level = (part) => (part === 0 ? 0 : part * 40 + 55);
  const cube = index - 16;
  return [`rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`, 2];
}
