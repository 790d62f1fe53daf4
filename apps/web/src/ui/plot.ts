import 'uplot/dist/uPlot.min.css';
import './chart.css';
import type Plot from 'uplot';
import { spanOf } from '../lib/time.js';

type Values = (number | null)[];

interface ChartLine {
  label: string;
  values: Values;
  /** A colour of the look. Default: the accent. */
  colour?: string;
  /** Lengths of dashes and gaps: they tell lines apart to those who see no colours. */
  dash?: number[];
}

/** A figure over time: its lines, and a shaded range. */
export interface ChartFigure {
  title: string;
  lines: readonly ChartLine[];
  words: (value: number) => string;
  /** True: its values are bytes, and the distances of its axis powers of two. */
  binary?: boolean;
  band?: { label: string; low: Values; high: Values } | null;
}

interface Drawing {
  width: number;
  /** Charts of one group show the same moment. */
  group: string;
  /** True: times count from the start, and gaps between readings are closed. */
  elapsed?: boolean;
}

export const HEIGHT_PX = 150;
/** The distances between round numbers of bytes. */
export const POWERS = Array.from({ length: 60 }, (_, power) => 2 ** power);
/** An axis of values is at least so wide, so that charts below each other begin at one line. */
const AXIS_PX = 74;

/** The width of an axis: its longest label fits. */
export function axisWidth({ axes, ctx }: Plot, values: string[] | null, at: number): number {
  const axis = axes[at];
  ctx.save();
  ctx.font = String(axis?.font?.[0] ?? ctx.font);
  const longest = Math.max(0, ...(values ?? []).map((label) => ctx.measureText(label).width));
  ctx.restore();
  return Math.max(AXIS_PX, Math.ceil(longest / devicePixelRatio) + (axis?.ticks?.size ?? 0) + (axis?.gap ?? 0) + 2);
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const span = (seconds: number): string => (seconds === 0 ? '0' : spanOf(seconds * 1_000));

/** The data of a figure's chart, as uPlot takes it. */
export const dataOf = (times: number[], { lines, band }: ChartFigure): Plot.AlignedData =>
  [times, ...(band ? [band.high, band.low] : []), ...lines.map(({ values }) => values)] as Plot.AlignedData;

/** The look of a figure's chart, as uPlot takes it. */
export function optionsOf(figure: ChartFigure, { width, group, elapsed = false }: Drawing): Plot.Options {
  const { lines, band, words, binary = false } = figure;
  const value = (_plot: Plot, one: number | null): string => (one === null ? '–' : words(one));
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 } };
  const plain = { width: 1, points: { show: false }, spanGaps: elapsed, value };
  return {
    width,
    height: HEIGHT_PX,
    cursor: { sync: { key: group } },
    legend: { show: true },
    axes: [
      elapsed ? { ...axis, values: (_plot, splits) => splits.map(span) } : axis,
      {
        ...axis,
        size: axisWidth,
        values: (_plot, splits) => splits.map(words),
        ...(binary ? { incrs: POWERS } : {}),
      },
    ],
    scales: { x: { time: !elapsed }, y: { range: (_plot, _low, most) => [0, Math.max(most, 1) * 1.05] } },
    series: [
      elapsed ? { label: 'Since the start', value: (_plot, at: number | null) => (at === null ? '–' : span(at)) } : {},
      ...(band
        ? ['most', 'least'].map((end) => ({
            ...plain,
            label: `${band.label}, ${end}`,
            stroke: colour('--line-strong'),
          }))
        : []),
      // Drawn last, lines lie above the range.
      ...lines.map((line) => ({
        ...plain,
        label: line.label,
        stroke: colour(line.colour ?? '--accent'),
        width: line.dash ? 1.25 : 1.5,
        ...(line.dash ? { dash: line.dash } : {}),
      })),
    ],
    // While no point is chosen the legend has the last reading.
    hooks: {
      setLegend: [
        (plot) => {
          if (plot.legend.idx == null) plot.setLegend({ idx: plot.data[0].length - 1 }, false);
        },
      ],
    },
    bands: band ? [{ series: [1, 2], fill: colour('--accent-soft') }] : [],
  };
}
