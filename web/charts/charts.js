// Charts on the page: a frame that draws them, and what goes to and fro.

import { tell } from '../lib/dialog.js';
import { h, webLink } from '../lib/dom.js';
import { save } from '../lib/files.js';
import { notice, part } from '../lib/poll.js';
import { onTheme, theme } from '../lib/theme.js';

/**
 * An element with charts. `show(sections)` takes `[{title, layout, charts}]`, a chart being
 * `{key, title, note, version, height, figure: {data, layout}, sync, modebar}`: it is drawn anew only when its version
 * changes. `zoomed(key, range)` is called with a part of the axis, or null for all of it; `clicked(key, point)` with
 * what Plotly knows of a point. `bare` leaves out the cards.
 */
export function charts({ signal, label, bare = false, zoomed = () => {}, clicked = () => {} }) {
  const frame = h('iframe', {
    class: 'charts', src: new URL('frame.html', import.meta.url).pathname, sandbox: 'allow-scripts', title: label, scrolling: 'no',
  });
  let isReady = false;
  let shown = [];
  /** The chart that is shown in a dialog: `{key, show}`. */
  let large = null;

  const send = (message) => isReady && frame.contentWindow?.postMessage(message, '*');
  const sendTheme = () => send({ type: 'theme', name: theme() });
  const chart = (key) => shown.flatMap((section) => section.charts).find((each) => each.key === key);

  const answers = {
    ready() {
      isReady = true;
      if (bare) send({ type: 'bare' });
      sendTheme();
      send({ type: 'show', sections: shown });
    },
    height({ height }) {
      frame.style.height = `${height}px`;
    },
    zoom: ({ key, range }) => zoomed(key, range),
    // The frame can neither go there nor open it.
    link: ({ href }) => tell('A link in this plot', h('p', {}, webLink(href))),
    click: ({ key, ...point }) => clicked(key, point),
    image: ({ key, url }) => chart(key) && save(`${fileName(chart(key))}.png`, url),
    data: ({ key }) => chart(key) && saveData(chart(key)),
    escape: () => frame.closest('dialog')?.close(),
    expand: ({ key }) => chart(key) && enlarge(key),
  };
  addEventListener('message', ({ source, data }) => {
    if (source === frame.contentWindow && Object.hasOwn(answers, data?.type)) answers[data.type](data);
  }, { signal });
  onTheme(sendTheme, signal);
  frame.addEventListener('load', () => setTimeout(() => {
    if (!isReady && frame.isConnected) notice('The charts could not be loaded. Open this view again.');
  }, 2000));

  function show(sections) {
    shown = sections;
    send({ type: 'show', sections });
    if (large && chart(large.key)) large.show(chart(large.key));
  }

  /** One chart in a dialog as large as the window, where it goes on as it does here. */
  function enlarge(key) {
    const ending = part(signal);
    const inside = charts({ signal: ending.signal, label: chart(key).title, bare: true, zoomed, clicked });
    const height = Math.max(320, innerHeight - 150);
    large = { key, show: (each) => inside.show([{ layout: 'single', charts: [{ ...inFull(each), height, modebar: true }] }]) };
    large.show(chart(key));
    tell(chart(key).title, inside.element, {
      large: true,
      onclose: () => {
        ending.abort();
        large = null;
        frame.focus({ preventScroll: true });
        send({ type: 'focus', key });
      },
    });
  }

  return { element: frame, show };
}

/** Where there is room, all curves are named. */
function inFull(chart) {
  const { data, layout } = chart.figure;
  if (!chart.sync) return chart;
  return { ...chart, figure: { data, layout: { ...layout, showlegend: data.length > 1, hovermode: 'x unified' } } };
}

const fileName = ({ title }) => title.replace(/[^\w.-]+/g, '_').replace(/^_+|_+$/g, '') || 'chart';

/** Curves as CSV, anything else as the JSON that it is. */
function saveData(chart) {
  const { data, layout } = chart.figure;
  const curves = data.filter(({ x, y, hoverinfo }) => Array.isArray(x) && Array.isArray(y) && hoverinfo !== 'skip');
  if (curves.length < data.filter(({ hoverinfo }) => hoverinfo !== 'skip').length || curves.length === 0) {
    return save(`${fileName(chart)}.json`, JSON.stringify({ data, layout }, null, 1), 'application/json');
  }
  const quoted = (value) => (/[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  const lines = curves.flatMap(({ name, x, y }) => x.map((place, index) => [quoted(name ?? ''), place, y[index]].join()));
  return save(`${fileName(chart)}.csv`, ['series,x,y', ...lines].join('\n'), 'text/csv');
}
