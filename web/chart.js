// A small line chart: axes with round numbers, one line for each series, and the values under the pointer.

import { h, svg } from './dom.js';
import { number } from './format.js';

const height = 200;
const margin = { top: 10, right: 14, bottom: 24, left: 54 };
const colours = 8;

/** A figure with `update(series)`, where a series is `{name, x, y}` and its x ascend. */
export function lineChart(title, signal) {
  let series = [];
  let width = 0;
  let at = null;

  const position = h('span', { class: 'muted' });
  const plot = svg('svg', {
    class: 'plot', height, role: 'img', tabindex: 0, 'aria-label': title,
    onpointermove: (event) => point(event.offsetX), onpointerleave: () => pointAt(null),
    onkeydown: step, onblur: () => pointAt(null),
  });
  const legend = h('ul', { class: 'legend' });
  const element = h('figure', { class: 'card chart' }, h('figcaption', {}, h('h3', {}, title), position), plot, legend);
  const size = new ResizeObserver(([entry]) => {
    width = Math.floor(entry.contentRect.width);
    draw();
  });
  size.observe(plot);
  signal.addEventListener('abort', () => size.disconnect());

  let scale = null;
  let cursor = null;

  function update(next) {
    if (JSON.stringify(next) === JSON.stringify(series)) return;
    series = next;
    draw();
  }

  function draw() {
    if (width < 100 || series.length === 0) return;
    scale = scales(series, width);
    cursor = svg('g', { class: 'cursor' });
    plot.setAttribute('viewBox', `0 0 ${width} ${height}`);
    plot.replaceChildren(...axes(scale, width), ...series.map((line, index) => drawLine(line, index, scale)), cursor);
    legend.replaceChildren(...series.map(({ name }, index) =>
      h('li', {},
        h('span', { class: `key s${index % colours}` }), h('span', { class: 'series' }, name), h('output', {}, ''))));
    pointAt(at);
  }

  function point(offset) {
    if (scale) pointAt(nearest(allX(series), scale.x.invert(offset)));
  }

  /** Arrow keys move from value to value. */
  function step(event) {
    const direction = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!direction || series.length === 0) return;
    event.preventDefault();
    const all = allX(series);
    const index = at === null ? (direction > 0 ? -1 : all.length) : all.indexOf(at);
    pointAt(all[Math.min(all.length - 1, Math.max(0, index + direction))]);
  }

  function pointAt(x) {
    at = x;
    if (!scale) return;
    const values = series.map((line) => (x === null ? line.y.at(-1) : line.y[line.x.indexOf(nearest(line.x, x))]));
    position.textContent = `iteration ${x ?? Math.max(...series.map((line) => line.x.at(-1)))}`;
    [...legend.children].forEach((item, index) => { item.lastChild.textContent = number(values[index]); });
    const spoken = series.map(({ name }, index) => `${name} ${number(values[index])}`).join(', ');
    plot.setAttribute('aria-label', `${title}, ${position.textContent}: ${spoken}`);
    cursor.replaceChildren(...(x === null ? [] : marks(x)));
  }

  function marks(x) {
    const dots = series.flatMap((line, index) => {
      const place = nearest(line.x, x);
      const value = line.y[line.x.indexOf(place)];
      return Number.isFinite(value) ? [dot(scale.x(place), scale.y(value), index)] : [];
    });
    const across = scale.x(x);
    return [svg('line', { x1: across, x2: across, y1: margin.top, y2: height - margin.bottom }), ...dots];
  }

  return { element, update };
}

function scales(series, width) {
  const ends = series.flatMap((line) => [line.x[0], line.x.at(-1)]);
  const xRange = widened(Math.min(...ends), Math.max(...ends));
  const ys = series.flatMap((line) => line.y).filter(Number.isFinite);
  const [low, high] = ys.reduce(([least, most], y) => [Math.min(least, y), Math.max(most, y)], [Infinity, -Infinity]);
  const yTicks = ticks(...widened(low, high), 4, 'around');
  return {
    x: linear(...xRange, margin.left, width - margin.right),
    y: linear(yTicks[0], yTicks.at(-1), height - margin.bottom, margin.top),
    xTicks: ticks(...xRange, Math.max(2, Math.floor(width / 70))).filter(Number.isInteger),
    yTicks,
  };
}

/** A range that is never empty. */
function widened(low, high) {
  if (!Number.isFinite(low)) return [0, 1];
  if (low < high) return [low, high];
  const room = Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}

function linear(low, high, from, to) {
  const place = (value) => from + ((value - low) / (high - low)) * (to - from);
  place.invert = (offset) => low + ((offset - from) / (to - from)) * (high - low);
  return place;
}

/** About `count` round numbers within, or around, `low` and `high`. */
function ticks(low, high, count, where = 'within') {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
  const [first, last] = where === 'around'
    ? [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)]
    : [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

function axes({ x, y, xTicks, yTicks }, width) {
  return [
    svg('g', { class: 'axis' },
      yTicks.map((tick) => [
        svg('line', { x1: margin.left, x2: width - margin.right, y1: y(tick), y2: y(tick) }),
        svg('text', { x: margin.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, tickText(tick)),
      ]),
      xTicks.map((tick) => svg('text', { x: x(tick), y: height - 6, 'text-anchor': 'middle' }, tickText(tick)))),
  ];
}

const dot = (x, y, index) => svg('circle', { class: `dot s${index % colours}`, cx: x, cy: y, r: 3.5 });

const tickText = (value) => number(value, 1e6);

function drawLine({ x, y }, index, scale) {
  let path = '';
  let isDown = false;
  for (let place = 0; place < x.length; place += 1) {
    const command = isDown ? 'L' : 'M';
    isDown = Number.isFinite(y[place]);
    if (isDown) path += `${command}${scale.x(x[place]).toFixed(1)} ${scale.y(y[place]).toFixed(1)}`;
  }
  if (x.length === 1 && isDown) return dot(scale.x(x[0]), scale.y(y[0]), index);
  return svg('path', { class: `curve s${index % colours}`, d: path });
}

const allX = (series) => [...new Set(series.flatMap((line) => line.x))].sort((a, b) => a - b);

/** The value in ascending `list` that lies closest to `wanted`. */
function nearest(list, wanted) {
  let [low, high] = [0, list.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (list[middle] < wanted) low = middle;
    else high = middle;
  }
  return Math.abs(list[low] - wanted) <= Math.abs(list[high] - wanted) ? list[low] : list[high];
}
