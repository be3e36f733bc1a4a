// Draws charts for the page that this frame is in. What a task reports is drawn here, in a sandbox: it can reach
// neither the page, nor the server, nor anything else.

'use strict';

const sections = document.getElementById('sections');
const cards = new Map();
let theme = 'light';

const palette = {
  light: { text: '#191d26', muted: '#5d6675', grid: '#e3e6ec', zero: '#cdd3dd', surface: '#ffffff', card: '#ffffff' },
  dark: { text: '#e7eaf0', muted: '#98a1b2', grid: '#282d37', zero: '#3a4150', surface: '#1d2129', card: '#171a20' },
};
const series = {
  light: ['#3a6fd8', '#d9622b', '#1f8f5f', '#a445b8', '#b58900', '#0f8fa3', '#c2385d', '#6a6f7d', '#5b4bd1', '#7a5c3e'],
  dark: ['#78a6ff', '#ff9c6b', '#5fd3a0', '#db8cec', '#e8c14d', '#5fcfe0', '#ff86a3', '#b3b9c6', '#a99cff', '#cfa983'],
};

/** From low to high, neither of which is lost in the background. */
const ramp = {
  light: [[0, '#440154'], [0.25, '#3b528b'], [0.5, '#21918c'], [0.75, '#4ab56a'], [1, '#d9b80d']],
  dark: [[0, '#5f74e0'], [0.5, '#4fc7a4'], [1, '#f5dc5c']],
};

/** What Plotly takes for granted, in the colours of a theme. */
function template(name) {
  const { text, muted, grid, zero, surface, card } = palette[name];
  const axis = {
    gridcolor: grid, zerolinecolor: zero, linecolor: grid, tickcolor: grid, automargin: true,
    tickfont: { size: 11, color: muted }, title: { font: { size: 12, color: muted }, standoff: 8 },
  };
  const scene = { backgroundcolor: surface, gridcolor: grid, zerolinecolor: zero, color: muted };
  // Far enough for the axes' names, too.
  const camera = { eye: { x: 1.4, y: 1.4, z: 1.3 } };
  return {
    layout: {
      // The line at the pointer has an edge in the colour of what is behind it, so that must have one.
      paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: card, colorway: series[name],
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: text },
      title: { font: { size: 14, color: text } },
      xaxis: axis, yaxis: axis, scene: { xaxis: scene, yaxis: scene, zaxis: scene, camera },
      legend: { font: { size: 11, color: muted }, bgcolor: 'rgba(0,0,0,0)' },
      hoverlabel: { bgcolor: surface, bordercolor: grid, font: { size: 12, color: text } },
      modebar: { bgcolor: 'rgba(0,0,0,0)', color: muted, activecolor: text },
      coloraxis: { colorbar: { outlinewidth: 0, thickness: 12 } },
      polar: { bgcolor: 'rgba(0,0,0,0)', angularaxis: { gridcolor: grid }, radialaxis: { gridcolor: grid } },
    },
    data: {
      table: [{
        header: { fill: { color: grid }, line: { color: grid }, font: { color: text, size: 12 }, align: 'left' },
        cells: { fill: { color: surface }, line: { color: grid }, font: { color: text, size: 12 }, align: 'left' },
      }],
      heatmap: [{ colorscale: 'Viridis', colorbar: { outlinewidth: 0, thickness: 12 } }],
      surface: [{ colorscale: 'Viridis', colorbar: { outlinewidth: 0, thickness: 12 } }],
      // The ends of an axis are told by its ticks.
      parcoords: [{ line: { colorscale: ramp[name] }, labelfont: { color: text }, rangefont: { color: 'rgba(0,0,0,0)' } }],
    },
  };
}

const icons = {
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 3v3h3',
  image: 'M8 2.5v7M5 7l3 3 3-3M3 13.5h10',
  data: 'M3 4h10M3 8h10M3 12h10M6.5 4v8',
  expand: 'M9.5 3H13v3.5M6.500 13H3V9.500M13 3 9 7M3 13l4-4',
};

const tell = (message) => parent.postMessage(message, location.origin);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function button(name, title, run) {
  const made = element('button', { type: 'button', title, 'aria-label': title });
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  made.append(svg);
  made.addEventListener('click', run);
  return made;
}

/** One chart's card, which draws once it is near the view. */
function newCard(key) {
  const title = element('h3');
  const note = element('p');
  const plot = element('div', { class: 'plot' });
  plot.addEventListener('keydown', (event) => zoomByKey(cards.get(key), event));
  const card = { key, title, note, plot, chart: null, isNear: false, isDrawn: false, isZoomed: false, isPlotted: false };
  const reset = button('reset', 'Reset zoom', () => resetZoom(card));
  reset.hidden = true;
  card.reset = reset;
  card.expand = button('expand', 'Enlarge', () => tell({ type: 'expand', key }));
  const tools = element('div', { class: 'tools' }, reset,
    button('image', 'Download as PNG', () => download(card)),
    button('data', 'Download the data', () => tell({ type: 'data', key })),
    card.expand);
  const probe = element('div', { class: 'probe' });
  card.element = element('article', { class: 'card' }, probe, element('header', {}, title, note, tools),
    element('div', { class: 'scroll' }, plot));
  nearness.observe(probe);
  owners.set(probe, card);
  return card;
}

const owners = new WeakMap();
const nearness = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const card = owners.get(target);
    if (!card) continue;
    card.isNear = isIntersecting;
    if (isIntersecting) draw(card);
    else if (card.isDrawn && usesGPU(card.chart)) erase(card);
  }
});

function update(card, chart) {
  const isSame = card.chart && card.chart.version === chart.version && card.chart.height === chart.height;
  card.chart = chart;
  card.title.textContent = chart.title;
  card.note.textContent = chart.note ?? '';
  card.element.setAttribute('aria-label', chart.title);
  // What is wider than its card is scrolled, what has an axis zoomed with the keyboard.
  if (chart.minWidth) card.plot.parentElement.tabIndex = 0;
  if (chart.sync) {
    card.plot.tabIndex = 0;
    card.plot.setAttribute('role', 'group');
    card.plot.setAttribute('aria-label', `${chart.title}: plus and minus zoom, arrows move, 0 shows all`);
  }
  card.plot.style.height = `${chart.height}px`;
  card.plot.style.minWidth = chart.minWidth ? `${chart.minWidth}px` : '';
  if (isSame) return;
  card.isDrawn = false;
  if (card.isNear) draw(card);
}

const kinds = (chart) => chart.figure.data.map(({ type }) => type ?? 'scatter');
/** Browsers keep only a few contexts of the GPU. */
const usesGPU = (chart) => kinds(chart).some((kind) => /gl$|3d$|surface|cone|streamtube|volume|splom|parcoords/.test(kind));
const needsMaps = (chart) => kinds(chart).some((kind) => /geo$|mapbox$|^(scatter|density|choropleth)map$|^choropleth/.test(kind));

const isEmpty = ({ data, layout }) =>
  data.length === 0 && ['images', 'shapes', 'annotations'].every((name) => !layout[name]?.length);

async function draw(card) {
  if (card.isDrawn || !card.chart) return;
  card.isDrawn = true;
  const { figure, sync, lacking } = card.chart;
  if (!window.Plotly) return say(card, 'Plotly could not be loaded: reload the page. If that does not help, this build of Stint lacks it: `make prepare`, then build again.');
  if (needsMaps(card.chart)) return say(card, 'This plot needs maps from the internet, which this page does not use.');
  if (lacking) return say(card, `Its picture is not to be had from this server: ${lacking}`);
  if (isEmpty(figure)) return say(card, 'There is nothing in this plot.');
  const isOwnPaper = Boolean(figure.layout.paper_bgcolor);
  const layout = {
    ...figure.layout, template: template(isOwnPaper ? 'light' : theme), height: card.chart.height, autosize: true,
  };
  // Where nothing can hover, the tools would always lie over the plot.
  const modebar = card.chart.modebar === 'hover' && matchMedia('(hover: none)').matches ? false : card.chart.modebar ?? false;
  const config = { displaylogo: false, displayModeBar: modebar, responsive: true, showTips: false };
  config.modeBarButtonsToRemove = ['toImage', 'sendDataToCloud', 'editInChartStudio'];
  try {
    await Plotly.react(card.plot, figure.data, layout, config);
  } catch (error) {
    return say(card, `This plot cannot be drawn: ${error.message ?? error}`);
  }
  if (card.isPlotted) return;
  card.isPlotted = true;
  card.plot.on('plotly_relayout', (change) => noteZoom(card, change));
  if (sync) {
    card.plot.on('plotly_hover', ({ points }) => points[0] && hoverOthers(card, points[0].x, points[0].data.name));
    card.plot.on('plotly_unhover', () => hoverOthers(card, null));
  }
  card.plot.on('plotly_click', ({ points }) => {
    const { customdata, curveNumber, pointNumber } = points[0] ?? {};
    tell({ type: 'click', key: card.key, curve: curveNumber, point: pointNumber, custom: customdata ?? null });
  });
}

function say(card, text) {
  card.plot.replaceChildren(element('p', { class: 'note' }, text));
}

function erase(card) {
  window.Plotly?.purge(card.plot);
  card.isDrawn = card.isPlotted = false;
}

function noteZoom(card, change) {
  const isReset = Object.keys(change).some((name) => /autorange$/.test(name));
  const range = 'xaxis.range[0]' in change
    ? [change['xaxis.range[0]'], change['xaxis.range[1]']]
    : change['xaxis.range'] ?? null;
  if (!isReset && range === null && !Object.keys(change).some((name) => /range/.test(name))) return;
  card.reset.hidden = isReset;
  if (range || isReset) tell({ type: 'zoom', key: card.key, range: isReset ? null : range });
}

function zoomByKey(card, event) {
  const { key, target } = event;
  if (!card?.isPlotted || !card.chart.sync || target !== card.plot || event.ctrlKey || event.metaKey) return;
  if (key === '0') return resetZoom(card);
  const change = { '+': [0.25, -0.25], '=': [0.25, -0.25], '-': [-0.5, 0.5], ArrowLeft: [-0.2, -0.2], ArrowRight: [0.2, 0.2] }[key];
  if (!change) return;
  event.preventDefault();
  const isDate = typeof card.plot.layout.xaxis.range[0] === 'string';
  const ends = card.plot.layout.xaxis.range.map((end) => (isDate ? Date.parse(`${end.replace(' ', 'T')}Z`) : end));
  const range = ends.map((end, index) => end + change[index] * (ends[1] - ends[0]));
  // As Plotly writes dates, which have no zone.
  const written = isDate ? range.map((end) => new Date(end).toISOString().replace('T', ' ').replace('Z', '')) : range;
  Plotly.relayout(card.plot, { 'xaxis.range': written });
}

function resetZoom(card) {
  const axes = Object.keys(card.plot.layout ?? {}).filter((name) => /^[xy]axis\d*$/.test(name));
  const change = Object.fromEntries(axes.map((name) => [`${name}.autorange`, true]));
  Plotly.relayout(card.plot, { 'xaxis.autorange': true, 'yaxis.autorange': true, ...change });
}

/** Shows in the other charts the values at the same place on the axis: of the curve `name` where there are many. */
function hoverOthers(source, x, name) {
  if (isSharing) return;
  isSharing = true;
  for (const card of cards.values()) {
    if (card === source || !card.isNear || !card.isPlotted || card.chart.sync !== source.chart.sync) continue;
    try {
      if (x === null) Plotly.Fx.unhover(card.plot);
      else if (card.plot.layout.hovermode === 'closest') hoverCurve(card, x, name);
      else Plotly.Fx.hover(card.plot, { xval: new Date(x).getTime() && typeof x === 'string' ? Date.parse(x) : x });
    } catch {
      // A chart without such a place shows nothing.
    }
  }
  isSharing = false;
}

let isSharing = false;

function hoverCurve({ plot }, x, name) {
  const curve = plot.data.findIndex((trace) => trace.name === name && trace.hoverinfo !== 'skip');
  const point = curve < 0 ? -1 : plot.data[curve].x.findIndex((at) => at >= x);
  if (point < 0) Plotly.Fx.unhover(plot);
  else Plotly.Fx.hover(plot, [{ curveNumber: curve, pointNumber: point }]);
}

/** About the room that names take in a row of columns. */
function legendHeight(data, width) {
  const shown = data.filter(({ showlegend }) => showlegend !== false);
  const column = 48 + 6.5 * Math.max(...shown.map(({ name }) => name?.length ?? 0));
  return 10 + 19 * Math.ceil(shown.length / Math.max(1, Math.floor((width - 70) / column)));
}

async function download(card) {
  if (!window.Plotly || !card.isPlotted) return;
  const { width, height } = card.plot.getBoundingClientRect();
  const layout = { ...card.plot.layout, paper_bgcolor: palette[theme].card };
  const picture = { data: card.plot.data, layout };
  // A picture leaves the page: it names its curves itself, below what is seen here.
  const needsLegend = card.chart.sync && !layout.showlegend && card.plot.data.length > 1;
  if (needsLegend) layout.showlegend = true;
  const url = await Plotly.toImage(picture, { format: 'png', scale: 2, width, height: height + (needsLegend ? legendHeight(card.plot.data, width) : 0) });
  tell({ type: 'image', key: card.key, url });
}

function show(list) {
  const wanted = new Set();
  const shown = list.map(({ title, layout, charts }, index) => {
    const old = sections.children[index];
    const made = old ?? element('section', {}, element('h2'), element('div', { class: 'grid' }));
    const [heading, grid] = made.children;
    heading.textContent = title ?? '';
    heading.hidden = !title;
    grid.className = `grid ${layout ?? ''}`;
    const children = charts.map((chart) => {
      wanted.add(chart.key);
      if (!cards.has(chart.key)) cards.set(chart.key, newCard(chart.key));
      const card = cards.get(chart.key);
      update(card, chart);
      return card.element;
    });
    place(grid, children);
    return made;
  });
  for (const [key, card] of cards) {
    if (wanted.has(key)) continue;
    window.Plotly?.purge(card.plot);
    card.element.remove();
    cards.delete(key);
  }
  place(sections, shown);
}

/** Makes `children` the children of `holder`, and leaves those alone that are in their place. */
function place(holder, children) {
  children.forEach((child, index) => {
    if (holder.children[index] !== child) holder.insertBefore(child, holder.children[index] ?? null);
  });
  while (holder.children.length > children.length) holder.lastChild.remove();
}

function useTheme(name) {
  theme = name;
  document.documentElement.dataset.theme = name;
  for (const card of cards.values()) {
    card.isDrawn = false;
    if (card.isNear) draw(card);
  }
}

window.addEventListener('message', ({ source, data }) => {
  if (source !== parent) return;
  if (data.type === 'theme') useTheme(data.name);
  if (data.type === 'show') show(data.sections);
  if (data.type === 'bare') document.body.classList.add('bare');
  // What was enlarged is small again.
  if (data.type === 'focus') cards.get(data.key)?.expand.focus({ preventScroll: true });
});
window.addEventListener('keydown', ({ key }) => key === 'Escape' && tell({ type: 'escape' }));
window.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  const href = link?.getAttribute('href') ?? link?.getAttributeNS('http://www.w3.org/1999/xlink', 'href');
  if (!href) return;
  event.preventDefault();
  event.stopPropagation();
  tell({ type: 'link', href });
}, { capture: true });
new ResizeObserver(() => tell({ type: 'height', height: Math.ceil(document.body.getBoundingClientRect().height) }))
  .observe(document.body);
tell({ type: 'ready' });
