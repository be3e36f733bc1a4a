// The curves of some tasks, down-sampled by the server to what a chart can show, and finer where the user looks closer.

import { call } from '../lib/api.js';
import { byName } from '../lib/format.js';

const samples = 1200;

export class CurveSource {
  #tasks;
  #signal;
  #axis = null;
  /** By metric: `[{task, name, variant, x, y}]`. */
  #curves = new Map();
  /** By metric, where the user has zoomed in: `{range, curves}`. */
  #zoomed = new Map();
  #versions = new Map();
  /** The last zoom asked for by metric: what comes for an earlier one is late. */
  #rounds = new Map();

  constructor(tasks, signal) {
    this.#tasks = tasks;
    this.#signal = signal;
  }

  /** The metrics there are, those of the machine last. */
  get metrics() {
    const isMachine = (name) => name.startsWith(':monitor');
    return [...this.#curves.keys()].sort((a, b) => isMachine(a) - isMachine(b) || byName(a, b));
  }

  /** Changes whenever there is something new to draw. */
  version = (metric) => this.#versions.get(metric) ?? 0;
  series = (metric) => this.#zoomed.get(metric)?.curves ?? this.#curves.get(metric) ?? [];

  /** Takes the curves over an axis: `iter`, `time` since the start, or `wall` clock. */
  async use(axis, isFresh = false) {
    if (axis !== this.#axis) this.#zoomed.clear();
    else if (!isFresh) return;
    const curves = await this.#ask(axis, {});
    this.#axis = axis;
    const changed = [...new Set([...curves.keys(), ...this.#curves.keys()])]
      .filter((metric) => JSON.stringify(curves.get(metric)) !== JSON.stringify(this.#curves.get(metric)));
    this.#curves = curves;
    for (const metric of changed) {
      this.#change(metric);
      // What is looked at closely goes on, too.
      const range = this.#zoomed.get(metric)?.range;
      if (range) await this.zoom(metric, range);
    }
  }

  /** Takes a part of a metric's curves at full detail, or all again for null; whether there is something new to draw. */
  async zoom(metric, range) {
    const round = {};
    this.#rounds.set(metric, round);
    if (range === null) {
      if (this.#zoomed.delete(metric)) this.#change(metric);
      return true;
    }
    const whole = this.#curves.get(metric) ?? [];
    const ends = this.#toServer(metric, range.map((end) => (typeof end === 'string' ? Date.parse(end.replace(' ', 'T')) : end)));
    const found = await this.#ask(this.#axis, { metrics: [{ metric }], range: ends });
    const part = found.get(metric);
    if (!part || this.#rounds.get(metric) !== round) return false;
    // Around the part lies the whole, so that panning shows something at once.
    const curves = whole.map((curve) => {
      const fine = part.find(({ task, variant }) => task === curve.task && variant === curve.variant);
      return fine ? { ...curve, ...joined(curve, fine) } : curve;
    });
    this.#zoomed.set(metric, { range, curves });
    this.#change(metric);
    return true;
  }

  #change(metric) {
    this.#versions.set(metric, this.version(metric) + 1);
  }

  /** Seconds since the start of the first task become times. */
  #toServer(metric, range) {
    if (this.#axis !== 'time') return range;
    const starts = (this.#curves.get(metric) ?? []).map(({ start }) => start);
    return [Math.min(...starts) + range[0] * 1000, Math.max(...starts) + range[1] * 1000];
  }

  async #ask(axis, more) {
    const request = { samples, extremes: true, key: axis === 'iter' ? 'iter' : 'timestamp', ...more };
    const isOne = this.#tasks.length === 1;
    const answer = isOne
      ? await call('events.scalar_metrics_iter_histogram', { task: this.#tasks[0], ...request }, this.#signal)
      : await call('events.multi_task_scalar_metrics_iter_histogram', { tasks: this.#tasks, ...request }, this.#signal);
    const metrics = new Map();
    const starts = new Map();
    for (const metric of Object.keys(answer)) {
      const curves = Object.keys(answer[metric]).sort(byName).flatMap((variant) => {
        const some = isOne ? { [this.#tasks[0]]: answer[metric][variant] } : answer[metric][variant];
        return this.#tasks.filter((task) => some[task]?.x?.length > 0).map((task) => ({ task, variant, ...some[task] }));
      });
      if (curves.length > 0) metrics.set(metric, curves);
      for (const { task, x } of curves) starts.set(task, Math.min(starts.get(task) ?? Infinity, x[0]));
    }
    if (axis === 'time') {
      for (const curves of metrics.values()) for (const curve of curves) {
        curve.start = this.#startOf(curve.task, starts);
        curve.x = curve.x.map((at) => (at - curve.start) / 1000);
      }
    }
    return metrics;
  }

  #starts = new Map();

  /** A task's first moment stays what it was when all of its curves were asked for. */
  #startOf(task, starts) {
    if (!this.#starts.has(task)) this.#starts.set(task, starts.get(task));
    return this.#starts.get(task);
  }
}

/** A curve with a finer part in it. */
function joined({ x, y }, fine) {
  const [first, last] = [fine.x[0], fine.x.at(-1)];
  const before = x.findIndex((at) => at >= first);
  const after = x.findLastIndex((at) => at <= last) + 1;
  const cut = before < 0 ? x.length : before;
  return {
    x: [...x.slice(0, cut), ...fine.x, ...x.slice(Math.max(after, cut))],
    y: [...y.slice(0, cut), ...fine.y, ...y.slice(Math.max(after, cut))],
  };
}
