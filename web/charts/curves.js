// Scalars as charts.

import { plotTime } from '../lib/format.js';
import { theme } from '../lib/theme.js';

const colours = {
  light: ['#3a6fd8', '#d9622b', '#1f8f5f', '#a445b8', '#b58900', '#0f8fa3', '#c2385d', '#6a6f7d', '#5b4bd1', '#7a5c3e'],
  dark: ['#78a6ff', '#ff9c6b', '#5fd3a0', '#db8cec', '#e8c14d', '#5fcfe0', '#ff86a3', '#b3b9c6', '#a99cff', '#cfa983'],
};
export const colour = (index) => colours[theme()][index % 10];

/** As many curves as the pointer tells all at once without hiding them. */
const fewCurves = 6;

/**
 * A chart of `series`, `[{name, x, y, colour, dash}]`, as the user wants it: `{axis, smoothing, logarithmic}`. Smoothed
 * curves are drawn over what they were made of. `hasLegend` says whether there is room to name the curves.
 */
export function curvesFigure(series, { axis, smoothing, logarithmic }, hasLegend = namesFit(series)) {
  const isTime = axis === 'wall';
  const isFew = series.length <= fewCurves;
  // Where the pointer tells one curve only, it tells its name in the same breath.
  const told = (text) => (isFew ? `${text}<extra>%{fullData.name}</extra>` : `%{fullData.name}: ${text}<extra></extra>`);
  const data = series.flatMap(({ name, x, y, colour: index, dash }) => {
    const line = { color: colour(index), width: 1.8, dash };
    const mode = x.length > 1 ? 'lines' : 'markers';
    const shown = isTime ? x.map(plotTime) : x;
    const common = { type: 'scatter', mode, x: shown, name, marker: { size: 7, color: line.color } };
    if (smoothing === 0 || x.length < 3 || isFlat(y)) return [{ ...common, y, line, hovertemplate: told('%{y:.5~g}') }];
    return [
      { ...common, y, line: { ...line, width: 1 }, opacity: 0.28, showlegend: false, hoverinfo: 'skip', legendgroup: name },
      {
        ...common, y: smoothed(y, smoothing), customdata: y, line, legendgroup: name,
        hovertemplate: told('%{y:.5~g} (%{customdata:.5~g})'),
      },
    ];
  });
  const layout = {
    margin: { l: 52, r: 14, t: 8, b: 36 },
    hovermode: isFew ? 'x unified' : 'closest',
    showlegend: hasLegend && series.length > 1,
    legend: { orientation: 'h', yref: 'container', y: 0, yanchor: 'bottom', x: 0 },
    uirevision: `${axis} ${logarithmic}`,
    xaxis: {
      type: isTime ? 'date' : 'linear', ...(axis === 'time' ? { ticksuffix: ' s' } : {}), showspikes: true, spikemode: 'across',
      spikethickness: 1, spikedash: 'dot', spikesnap: 'hovered data', spikecolor: theme() === 'dark' ? '#98a1b2' : '#5d6675',
    },
    yaxis: { type: logarithmic ? 'log' : 'linear', zeroline: false, exponentformat: 'e' },
  };
  return { data, layout };
}

/** Whether names take no more than some two lines below a chart. */
const namesFit = (series) => series.reduce((sum, { name }) => sum + name.length + 9, 0) < 120;

/** What there is to say about a chart's curves beside its title. */
export function curvesNote(series, { logarithmic }) {
  const isHidden = logarithmic && series.every(({ y }) => y.every((value) => !(value > 0)));
  return [!namesFit(series) && `${series.length} curves`, isHidden && 'nothing above zero'].filter(Boolean).join(' · ');
}

/** A curve that stays where it is needs no smoothing, which would only add errors of rounding. */
const isFlat = (values) => values.every((value) => value === values[0]);

/** An exponential average that does not start at zero. `weight` is between 0, nothing, and 1. */
function smoothed(values, weight) {
  let last = 0;
  let count = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    last = last * weight + (1 - weight) * value;
    count += 1;
    return last / (1 - weight ** count);
  });
}
