import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import Plot from 'uplot';

export interface Series {
  title: string;
  values: (number | null)[];
  words: (value: number) => string;
  /** A line across the chart; null: none. */
  limit: number | null;
  /** The least and the most that earlier runs used, shaded. */
  band?: [number, number] | null;
  /** The name of the band, for the legend. */
  bandOf?: string;
}

const HEIGHT_PX = 150;
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** Charts of one job show the same moment. */
const CURSOR = { sync: { key: 'job' } };

/** One figure over time. */
export default function Chart({ times, series }: { times: number[]; series: Series }) {
  const place = useRef<HTMLDivElement>(null);
  const { title, values, words, limit, band = null, bandOf = '' } = series;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 } };
    const lines = limit === null ? [] : [times.map(() => limit)];
    const edges = band === null ? [] : [band[1], band[0]].map((edge) => times.map(() => edge));
    const drawn = [values, ...lines, ...edges];
    const high = 2 + lines.length;
    const plot = new Plot(
      {
        width: element.clientWidth,
        height: HEIGHT_PX,
        cursor: CURSOR,
        legend: { show: true },
        axes: [axis, { ...axis, size: 74, values: (_plot, splits) => splits.map(words) }],
        scales: { y: { range: (_plot, _low, most) => [0, Math.max(most, limit ?? 0, 1) * 1.05] } },
        series: [
          {},
          {
            label: title,
            stroke: colour('--accent'),
            width: 1.5,
            points: { show: false },
            value: (_plot, value: number | null) => (value === null ? '–' : words(value)),
          },
          ...(limit === null
            ? []
            : [
                {
                  label: 'Limit',
                  stroke: colour('--bad'),
                  width: 1,
                  dash: [6, 4],
                  points: { show: false },
                  value: () => words(limit),
                },
              ]),
          ...edges.map((_edge, at) => ({
            label: at === 0 ? bandOf : `${bandOf}, least`,
            stroke: colour('--line-strong'),
            width: 1,
            points: { show: false },
            value: () => (band === null ? '' : words(band[1 - at] ?? 0)),
          })),
        ],
        bands: band === null ? [] : [{ series: [high, high + 1] as [number, number], fill: colour('--accent-soft') }],
      },
      [times, ...drawn] as Plot.AlignedData,
      element,
    );
    const watcher = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [times, title, values, words, limit, band, bandOf]);
  return (
    <figure className="panel chart" style={{ margin: 0 }}>
      <figcaption className="panel__head">{title}</figcaption>
      <div ref={place} role="img" aria-label={`${title} over time`} />
    </figure>
  );
}
