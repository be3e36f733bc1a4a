// The scalars of several tasks, one over the other.

import { charts } from '../charts/charts.js';
import { curveOptions } from '../charts/options.js';
import { curvesFigure } from '../charts/curves.js';
import { CurveSource } from '../charts/source.js';
import { empty, h } from '../lib/dom.js';
import { poll } from '../lib/poll.js';
import { isLive } from '../lib/status.js';
import { onTheme } from '../lib/theme.js';
import { noneChosen } from '../task/scalars.js';

export function scalars({ tasks, signal }) {
  const source = new CurveSource(tasks.map(({ id }) => id), signal);
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  let chosen = null;
  const options = curveOptions((next) => {
    const isOther = chosen && chosen.axis !== next.axis;
    chosen = next;
    if (isOther) source.use(next.axis).then(draw, () => {});
    else draw();
  });
  options.element.hidden = true;
  const frame = charts({
    signal, label: 'Scalars',
    zoomed: async (key, range) => await source.zoom(key.split('\u0000')[0], range) && draw(),
  });
  onTheme(draw, signal);
  options.known.then(() => poll(signal, () => (tasks.some(isLive) ? 4000 : 30_000), async () => {
    await source.use(chosen.axis, true);
    draw();
  }));

  function draw() {
    if (!chosen || signal.aborted) return;
    options.element.hidden = source.metrics.length === 0;
    options.offer(source.metrics);
    const hidden = new Set(chosen.hidden);
    const wanted = source.metrics.filter((metric) => !hidden.has(metric));
    nothing.replaceChildren(...(source.metrics.length === 0 ? [empty('No scalars', 'None of these tasks has reported any.')]
      : wanted.length === 0 ? [noneChosen()] : []));
    const shown = wanted.flatMap((metric) => {
      const curves = source.series(metric);
      return [...new Set(curves.map(({ variant }) => variant))].map((variant) => {
        const series = curves.filter((curve) => curve.variant === variant).map((curve) => {
          const index = tasks.findIndex(({ id }) => id === curve.task);
          return { ...curve, name: tasks[index].label, colour: index };
        });
        return {
          key: `${metric}\u0000${variant}`, title: metric === variant ? metric : `${metric.replace(/^:monitor:/, '')} / ${variant}`,
          note: series.length < tasks.length ? `${series.length} of ${tasks.length} tasks` : '', height: 300, sync: chosen.axis,
          version: `${source.version(metric)} ${JSON.stringify(chosen)} ${document.documentElement.dataset.theme}`,
          // The tasks above are their own legend.
          figure: curvesFigure(series, chosen, false),
        };
      });
    });
    frame.show([{ layout: 'half', charts: shown }]);
  }

  return h('div', {}, options.element, nothing, frame.element);
}
