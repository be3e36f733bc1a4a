// A task's log, of which only the parts that were looked at are here. The server counts events, which have one line or
// many; lines that are not here are guessed from those that are.

import { call } from '../../lib/api.js';
import { part, pause, visible } from '../../lib/poll.js';
import { collapsed, styleAfter } from './ansi.js';

/** The text that one request should bring, and the most events of it. */
const bytesWanted = 300_000;
const mostEvents = 2000;
/** Lines that are kept while they are out of sight. */
const mostLines = 300_000;

export class Log {
  #task;
  #signal;
  #changed;
  /** `{start, end, lines, count}` one behind the other: events from `start` to `end`, whose lines are here or null. */
  #segments = [];
  #total = 0;
  #lastLine = null;
  #lines = 0;
  #events = 0;
  #bytes = 0;
  #loading = new Set();
  /** What ends the wait for news. */
  #waiting = null;

  /** `changed(kind)` is called with `reset`, `loaded` or `added`. */
  constructor(task, signal, changed) {
    this.#task = task;
    this.#signal = signal;
    this.#changed = changed;
  }

  get isEmpty() {
    return this.#total === 0;
  }

  get lineCount() {
    return this.#segments.reduce((sum, segment) => sum + this.#countOf(segment), 0);
  }

  get #linesPerEvent() {
    return this.#events === 0 ? 1 : this.#lines / this.#events;
  }

  #countOf = (segment) => segment.count ?? Math.max(1, Math.round((segment.end - segment.start) * this.#linesPerEvent));

  /** Where a line is: its segment, and how many lines of it come before. */
  #place(index) {
    let before = 0;
    for (const segment of this.#segments) {
      const count = this.#countOf(segment);
      if (index < before + count) return { segment, offset: index - before };
      before += count;
    }
    return null;
  }

  /** The line at a place, or null while it is not here. */
  line(index) {
    const place = this.#place(index);
    return place?.segment.lines?.[place.offset] ?? null;
  }

  /** Where a line is now, if it is here. */
  indexOf(line) {
    let before = 0;
    for (const segment of this.#segments) {
      if (segment.lines && line.event >= segment.start && line.event < segment.end) {
        const offset = segment.lines.indexOf(line);
        return offset < 0 ? null : before + offset;
      }
      before += this.#countOf(segment);
    }
    return null;
  }

  /** The lines of an event, once they are here. */
  async linesOf(event) {
    await this.#load(event);
    const segment = this.#segments.find(({ start, end, lines }) => lines && event >= start && event < end);
    return segment?.lines.filter((line) => line.event === event) ?? [];
  }

  /** Sees to it that the lines of a range will be here. */
  need(first, last) {
    for (const index of [first, Math.floor((first + last) / 2), last]) {
      const place = this.#place(Math.max(0, index));
      if (!place || place.segment.lines) continue;
      const { start, end } = place.segment;
      const guess = start + Math.floor((place.offset / this.#countOf(place.segment)) * (end - start));
      this.#load(guess, index !== first).catch(() => {});
      return;
    }
  }

  /** Reads the end of the log, and then whatever comes. */
  async follow() {
    let failures = 0;
    while (!this.#signal.aborted) {
      try {
        if (this.#segments.length === 0) await this.#readEnd();
        await this.#readNews();
        failures = 0;
      } catch (error) {
        if (this.#signal.aborted || error.code === 401) return;
        if (error.name === 'AbortError') continue;
        failures += 1;
        await pause(Math.min(500 * 2 ** failures, 15_000), this.#signal);
      }
    }
  }

  /** Asks at once for what is new: there is reason to think that the log has changed. */
  wake() {
    this.#waiting?.abort();
  }

  #ask = (index, count, more = {}, signal = this.#signal) =>
    call('events.get_task_log', { task: this.#task, from_index: Math.max(0, index), batch_size: count, ...more }, signal);

  async #readEnd() {
    const { total } = await this.#ask(2 ** 40, 1);
    this.#total = total;
    this.#segments = total > 0 ? [{ start: 0, end: total, lines: null }] : [];
    if (total > 0) {
      await this.#load(Math.max(0, total - 20), false);
      for (let round = 0; round < 4 && this.#lines < 400 && this.#segments[0].lines === null; round += 1) {
        await this.#load(this.#segments[0].end - 1, true);
      }
    }
    this.#changed('reset');
  }

  async #readNews() {
    await visible(this.#signal);
    this.#waiting = part(this.#signal);
    const { events, total } = await this.#ask(this.#total, mostEvents, { wait_ms: 25_000 }, this.#waiting.signal);
    // The log was cleared, or a line came in between.
    if (total < this.#total || (events.length > 0 && events[0].line === this.#lastLine)) return this.#clear();
    if (events.length === 0) return undefined;
    this.#append(events);
    return this.#changed('added');
  }

  #clear() {
    this.#segments = [];
    [this.#lines, this.#events, this.#bytes, this.#total, this.#lastLine] = [0, 0, 0, 0, null];
    this.#changed('reset');
  }

  #append(events) {
    const start = this.#total;
    const last = this.#segments.at(-1);
    this.#total = start + events.length;
    this.#lastLine = events.at(-1).line;
    const lines = this.#read(events, start, last?.lines);
    if (last?.lines) {
      for (const line of lines) last.lines.push(line);
      last.end = this.#total;
      last.count = last.lines.length;
    } else {
      this.#segments.push({ start, end: this.#total, lines, count: lines.length });
    }
    this.#forget(this.#segments.at(-1));
  }

  /** Takes in the events around a place; with `backwards` those that come before it. */
  async #load(event, backwards = true) {
    const gap = this.#segments.find(({ start, end, lines }) => !lines && event >= start && event < end);
    if (!gap) return;
    const size = this.#events === 0 ? 20 : Math.max(1, Math.min(mostEvents, Math.floor(bytesWanted / (this.#bytes / this.#events + 1))));
    const from = Math.max(gap.start, Math.min(backwards ? event - size + 1 : event - Math.floor(size / 4), gap.end - size));
    const key = `${gap.start} ${from}`;
    if (this.#loading.has(key)) return;
    this.#loading.add(key);
    try {
      const { events } = await this.#ask(from, Math.min(size, gap.end - from));
      if (events.length > 0 && this.#segments.includes(gap)) this.#insert(gap, from, events);
    } finally {
      this.#loading.delete(key);
    }
  }

  #insert(gap, from, events) {
    const end = Math.min(from + events.length, gap.end);
    const fresh = { start: from, end, lines: this.#read(events.slice(0, end - from), from, null) };
    fresh.count = fresh.lines.length;
    if (end === this.#total) this.#lastLine = events.at(-1).line;
    const parts = [
      gap.start < from && { start: gap.start, end: from, lines: null }, fresh, end < gap.end && { start: end, end: gap.end, lines: null },
    ].filter(Boolean);
    this.#segments.splice(this.#segments.indexOf(gap), 1, ...parts);
    this.#join(fresh);
    this.#forget(fresh);
    this.#changed('loaded');
  }

  /** Makes one segment of neighbours that are here. */
  #join(segment) {
    const at = this.#segments.indexOf(segment);
    const [before, after] = [this.#segments[at - 1], this.#segments[at + 1]];
    if (after?.lines && segment.count + after.count < 60_000) {
      Object.assign(segment, { end: after.end, lines: segment.lines.concat(after.lines) });
      segment.count = segment.lines.length;
      this.#segments.splice(at + 1, 1);
    }
    if (before?.lines && before.count + segment.count < 60_000) {
      Object.assign(before, { end: segment.end, lines: before.lines.concat(segment.lines) });
      before.count = before.lines.length;
      this.#segments.splice(at, 1);
    }
  }

  /** Lets go of what is far from the part that was asked for last. */
  #forget(used) {
    let kept = this.#segments.reduce((sum, { lines }) => sum + (lines?.length ?? 0), 0);
    const near = this.#segments.indexOf(used);
    const far = this.#segments.map((segment, index) => ({ segment, distance: Math.abs(index - near) }))
      .filter(({ segment, distance }) => segment.lines && distance > 1 && segment.end !== this.#total)
      .sort((a, b) => b.distance - a.distance);
    for (const { segment } of far) {
      if (kept <= mostLines) return;
      kept -= segment.lines.length;
      segment.lines = null;
    }
  }

  /**
   * Makes lines of events. One that begins with a carriage return goes on in the line before it, which is changed in its
   * place when it is among `before`.
   */
  #read(events, start, before) {
    const lines = [];
    events.forEach(({ msg = '', timestamp, level, worker }, number) => {
      this.#events += 1;
      this.#bytes += msg.length;
      const pieces = (msg.includes('\r') ? msg.replace(/\r\n/g, '\n') : msg).split('\n');
      if (pieces.length > 1 && pieces.at(-1) === '') pieces.pop();
      let style = [];
      pieces.forEach((piece, index) => {
        const text = collapsed(piece);
        const last = lines.at(-1) ?? before?.at(-1);
        if (index === 0 && piece.startsWith('\r') && last && last.worker === worker) {
          Object.assign(last, { text: text || last.text, style, version: (last.version ?? 0) + 1 });
        } else {
          lines.push({ text, style, at: timestamp, isFirst: index === 0, level, worker, event: start + number });
        }
        style = styleAfter(piece, style);
      });
    });
    this.#lines += lines.length;
    return lines;
  }

  /** The whole log, piece by piece, for a download. */
  async* pieces() {
    for (let index = 0; ;) {
      const { events } = await this.#ask(index, 10_000);
      if (events.length === 0) return;
      index += events.length;
      yield { text: events.map(({ msg = '' }) => (msg.endsWith('\n') ? msg : `${msg}\n`)).join(''), index, total: this.#total };
    }
  }
}
