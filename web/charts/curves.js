// Scalars as charts.

import { plotTime } from '../lib/format.js';
import { theme } from '../lib/theme.js';

const colours = {
  light: ['#3a6fd8', '#d9622b', '#1f8f5f', '#a445b8', '#b58900', '#0f8fa3', '#c2385d', '#6a6f7d', '#5b4bd1', '#7a5c3e'],
  dark: ['#78a6ff', '#ff9c6b', '#5fd3a0', '#db8cec', '#e8c14d', '#5fcfe0', '#ff86a3', '#b3b9c6', '#a99cff', '#cfa983'],
};
export const colour = (index) => colours[theme()][index % 10];

/**
 * A chart of `series`, `[{name, x, y, colour, dash}]`, as the user wants it: `{axis, smoothing, logarithmic}`. Smoothed
 * curves are drawn over what they were made of.
 */
export function curvesFigure(series, { axis, smoothing, logarithmic }) {
  const isTime = axis === 'wall';
  const data = series.flatMap(({ name, x, y, colour: index, dash }) => {
    const line = { color: colour(index), width: 1.8, dash };
    const mode = x.length > 1 ? 'lines' : 'markers';
    const shown = isTime ? x.map(plotTime) : x;
    const common = { type: 'scatter', mode, x: shown, name, marker: { size: 7, color: line.color } };
    if (smoothing === 0 || x.length < 3) return [{ ...common, y, line, hovertemplate: '%{y:.5~g}<extra>%{fullData.name}</extra>' }];
    return [
      { ...common, y, line: { ...line, width: 1 }, opacity: 0.28, showlegend: false, hoverinfo: 'skip', legendgroup: name },
      {
        ...common, y: smoothed(y, smoothing), customdata: y, line, legendgroup: name,
        hovertemplate: '%{y:.5~g} (%{customdata:.5~g})<extra>%{fullData.name}</extra>',
      },
    ];
  });
  const layout = {
    margin: { l: 52, r: 14, t: 8, b: 36 },
    hovermode: 'x unified',
    showlegend: series.length > 1,
    legend: { orientation: 'h', y: -0.16, yanchor: 'top', x: 0 },
    uirevision: `${axis} ${logarithmic}`,
    xaxis: {
      type: isTime ? 'date' : 'linear', ...(axis === 'time' ? { ticksuffix: ' s' } : {}), showspikes: true, spikemode: 'across',
      spikethickness: 1, spikedash: 'dot', spikesnap: 'cursor', spikecolor: theme() === 'dark' ? '#98a1b2' : '#5d6675',
    },
    yaxis: { type: logarithmic ? 'log' : 'linear', zeroline: false, exponentformat: 'e' },
  };
  return { data, layout };
}

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
