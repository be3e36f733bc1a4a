// The plots of several tasks, side by side.

import { call } from '../lib/api.js';
import { charts } from '../charts/charts.js';
import { figureOf } from '../charts/figure.js';
import { empty, h } from '../lib/dom.js';
import { byName } from '../lib/format.js';
import { eventually } from '../lib/poll.js';
import { plotChart } from '../task/plots.js';

export function plots({ tasks, signal }) {
  const nothing = h('div', {}, h('p', { class: 'muted' }, 'Loading…'));
  const frame = charts({ signal, label: 'Plots' });
  eventually(signal, async () => {
    const { plots: found } = await call('events.get_multi_task_plots', { tasks: tasks.map(({ id }) => id), iters: 1, no_scroll: true }, signal);
    const sections = [];
    for (const metric of Object.keys(found).sort(byName)) {
      for (const variant of Object.keys(found[metric]).sort(byName)) {
        const some = await chartsOf(found[metric][variant]);
        if (some.length > 0) sections.push({ title: metric === variant || !variant ? metric : `${metric} / ${variant}`, layout: 'half', charts: some });
      }
    }
    if (signal.aborted) return;
    nothing.replaceChildren(...(sections.length === 0 ? [empty('No plots', 'None of these tasks has reported any.')] : []));
    frame.show(sections);
  });

  async function chartsOf(byTask) {
    const made = await Promise.all(tasks.filter(({ id }) => byTask[id]).map(async ({ id, label }) => {
      const last = Object.values(byTask[id])[0];
      const event = last?.plots?.[0];
      const figure = event && await figureOf(event);
      return figure && { ...plotChart(event, figure, label), key: `${event.metric}\u0000${event.variant}\u0000${id}` };
    }));
    return made.filter(Boolean);
  }

  return h('div', {}, nothing, frame.element);
}
