// What tasks report as plots, made fit for the Plotly that is here: older ones wrote some things differently.

import { located } from '../lib/files.js';

/** The figure of a reported plot, with the addresses of pictures that it lacks; null where it is none. */
export async function figureOf(event) {
  let figure = null;
  try {
    figure = JSON.parse(event.plot_str);
  } catch {
    return null;
  }
  const traces = (Array.isArray(figure?.data) ? figure.data : []).filter((trace) => trace && typeof trace === 'object');
  const layout = modernLayout(figure?.layout ?? {});
  const { height } = layout;
  for (const name of ['template', 'width', 'height']) delete layout[name];
  const lacking = [];
  const withPictures = async (parts) => (await Promise.all(parts.map((each) => embedded(each, lacking)))).filter(Boolean);
  layout.images = await withPictures(Array.isArray(layout.images) ? layout.images : []);
  const data = await withPictures(traces.map(modernTrace));
  const hasNoAxes = data.length > 0 && data.every(({ type }) => type === 'table' || inSpace.test(type));
  layout.margin = { ...(hasNoAxes ? { l: 4, r: 4, t: 4, b: 4 } : { l: 56, r: 24, t: 16, b: 48 }), ...layout.margin };
  return { data, layout, height, lacking };
}

/** Traces that have their axes within what is drawn. */
const inSpace = /3d$|^(surface|cone|streamtube|volume|isosurface)$/;

const titled = (title) => (typeof title === 'string' ? { text: title } : title);

function modernLayout(layout) {
  const modern = {};
  for (const [name, value] of Object.entries(layout)) {
    if (/^([xy]axis\d*|scene\d*|polar\d*|ternary\d*|coloraxis\d*)$/.test(name)) modern[name] = modernPart(value);
    else if (name === 'titlefont') modern.title = { ...titled(layout.title), font: value };
    else if (name === 'title') modern.title = { ...modern.title, ...titled(value) };
    else modern[name] = value;
  }
  // The card has the title already.
  delete modern.title;
  return modern;
}

function modernPart(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const modern = {};
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'title') modern.title = { ...modern.title, ...titled(inner) };
    else if (/^title(font|side|standoff)$/.test(name)) {
      modern.title = { ...titled(value.title), ...modern.title, [name.slice(5)]: inner };
    } else modern[name] = /axis$|^colorbar$/.test(name) ? modernPart(inner) : inner;
  }
  return modern;
}

function modernTrace(trace) {
  const modern = { ...trace };
  if (modern.type === 'heatmapgl') modern.type = 'heatmap';
  if (modern.type === 'pointcloud') modern.type = 'scattergl';
  // Colours that were chosen for a white page would hide the text of a dark one.
  if (modern.type === 'table') [modern.header, modern.cells] = [plainPart(modern.header), plainPart(modern.cells)];
  if (modern.colorbar) modern.colorbar = modernPart(modern.colorbar);
  if (modern.marker?.colorbar) modern.marker = { ...modern.marker, colorbar: modernPart(modern.marker.colorbar) };
  return modern;
}

const plainPart = ({ fill, font, line, ...rest } = {}) => rest;

/**
 * A part of a plot with the bytes of its picture, which the frame cannot fetch; null, and its address among the `lacking`,
 * where they are not to be had from this server.
 */
async function embedded(part, lacking) {
  const source = part?.source;
  if (typeof source !== 'string' || source.startsWith('data:')) return part;
  const place = await located(source);
  const answer = place?.isOwn ? await fetch(place.href).catch(() => null) : null;
  if (answer?.ok) return { ...part, source: await dataURL(await answer.blob()) };
  lacking.push(source);
  return null;
}

const dataURL = (blob) => new Promise((resolve, reject) => {
  const reader = new FileReader();
  reader.onload = () => resolve(reader.result);
  reader.onerror = () => reject(reader.error);
  reader.readAsDataURL(blob);
});

/** The height that suits a figure, in pixels: what it asks for, within reason. */
export function heightOf({ data, height }) {
  if (Number.isFinite(height)) return Math.max(200, Math.min(720, height));
  const tables = data.filter(({ type }) => type === 'table');
  if (tables.length === 0) return usualHeight;
  const rows = Math.max(0, ...tables.map(({ cells }) => cells?.values?.[0]?.length ?? 0));
  return Math.min(usualHeight, 44 + rows * 30);
}

const usualHeight = 380;

/** The width below which the columns of a table cannot be read any more. */
export function leastWidth({ data }) {
  const columns = Math.max(0, ...data.map(({ type, cells }) => (type === 'table' ? cells?.values?.length ?? 0 : 0)));
  return columns > 4 ? columns * 84 : undefined;
}
