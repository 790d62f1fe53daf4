import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import Plot from 'uplot';

export interface Series {
  title: string;
  values: (number | null)[];
  words: (value: number) => string;
  /** A line across the chart; null: none. */
  limit: number | null;
}

const HEIGHT_PX = 150;
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** Charts of one job show the same moment. */
const CURSOR = { sync: { key: 'job' } };

/** One figure over time. */
export default function Chart({ times, series }: { times: number[]; series: Series }) {
  const place = useRef<HTMLDivElement>(null);
  const { title, values, words, limit } = series;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 } };
    const drawn = [values, ...(limit === null ? [] : [times.map(() => limit)])];
    const plot = new Plot(
      {
        width: element.clientWidth,
        height: HEIGHT_PX,
        cursor: CURSOR,
        legend: { show: true },
        axes: [axis, { ...axis, size: 74, values: (_plot, splits) => splits.map(words) }],
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(high, limit ?? 0, 1) * 1.05] } },
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
        ],
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
  }, [times, title, values, words, limit]);
  return (
    <figure className="panel chart" style={{ margin: 0 }}>
      <figcaption className="panel__head">{title}</figcaption>
      <div ref={place} role="img" aria-label={`${title} over time`} />
    </figure>
  );
}
