import { useEffect, useRef, type KeyboardEvent, type MouseEvent } from 'react';
import Plot from 'uplot';
import { exactOf } from '../../lib/time.js';
import { dataOf, HEIGHT_PX, optionsOf, type ChartFigure } from '../../ui/plot.js';

export interface Series {
  title: string;
  values: (number | null)[];
  words: (value: number) => string;
  /** True: its values are bytes. */
  binary?: boolean;
  /** A line across the chart; null: none. */
  limit: number | null;
  /** The least and the most that earlier runs used, shaded. */
  band?: [number, number] | null;
  /** The name of the band, for the legend. */
  bandOf?: string;
}

/** A press that moves farther is a drag, which zooms; pixels. */
const STILL_PX = 4;
const STEPS: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at - 1,
  ArrowUp: (at) => at + 1,
  PageDown: (at) => at - 10,
  PageUp: (at) => at + 10,
  Home: () => 0,
  End: (_at, last) => last,
};

interface ChartProps {
  /** Seconds since 1970, of each reading. */
  times: number[];
  series: Series;
  /** The moment that is marked, in seconds since 1970; null: none. */
  marked: number | null;
  /** The place of the reading that is nearest to it; the last one while nothing is marked. */
  at: number;
  /** Marks a reading: keys move from one to the next. */
  onMark: (at: number) => void;
  /** Goes to the log of the time of a reading. */
  onPick: (at: number) => void;
}

/** One figure over time. A press, or Enter, goes to the log of that time; keys move through the readings. */
export default function Chart({ times, series, marked, at, onMark, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plotted = useRef<Plot | null>(null);
  const mark = useRef<{ element: HTMLElement; at: number | null } | null>(null);
  const pressed = useRef(0);
  const { title, values, words } = series;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const figure = figureOf(series, times);
    const options = optionsOf(figure, { group: 'job', width: element.clientWidth });
    const plot = new Plot(
      { ...options, hooks: { ...options.hooks, draw: [(drawing) => putMark(drawing, mark.current)] } },
      dataOf(times, figure),
      element,
    );
    plotted.current = plot;
    const line = document.createElement('span');
    line.className = 'chart__mark';
    plot.over.append(line);
    mark.current = { element: line, at: marked };
    putMark(plot, mark.current);
    const watcher = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plotted.current = null;
      plot.destroy();
    };
  }, [times, series]);
  useEffect(() => {
    if (!plotted.current || !mark.current) return;
    mark.current.at = marked;
    putMark(plotted.current, mark.current);
  }, [marked]);
  const onClick = ({ clientX, target }: MouseEvent): void => {
    const plot = plotted.current;
    if (!plot || !plot.over.contains(target as Node) || Math.abs(clientX - pressed.current) > STILL_PX) return;
    onPick(plot.posToIdx(clientX - plot.over.getBoundingClientRect().left));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const last = times.length - 1;
    const next = STEPS[event.key]?.(at, last);
    if (next === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (next === undefined) onPick(at);
    else onMark(Math.min(last, Math.max(0, next)));
  };
  const value = values[at] ?? null;
  return (
    <figure className="panel chart">
      <figcaption className="panel__head">{title}</figcaption>
      <div
        ref={place}
        className="chart__plot"
        role="slider"
        tabIndex={0}
        aria-label={`${title} over time`}
        aria-valuemin={0}
        aria-valuemax={times.length - 1}
        aria-valuenow={at}
        aria-valuetext={`${value === null ? 'no reading' : words(value)}, ${exactOf((times[at] ?? 0) * 1_000)}`}
        onPointerDown={({ clientX }) => (pressed.current = clientX)}
        onClick={onClick}
        onKeyDown={onKeyDown}
      />
    </figure>
  );
}

/** The lines of a job's figure: its readings, its limit across, and the range of the runs before. */
function figureOf(
  { title, values, words, binary = false, limit, band, bandOf = '' }: Series,
  times: number[],
): ChartFigure {
  const across = (value: number): number[] => times.map(() => value);
  return {
    title,
    words,
    binary,
    lines: [
      { label: title, values },
      ...(limit === null ? [] : [{ label: 'Limit', values: across(limit), colour: '--bad', dash: [6, 4] }]),
    ],
    band: band ? { label: bandOf, low: across(band[0]), high: across(band[1]) } : null,
  };
}

/** Puts the mark at its moment, or at the edge that is nearest to it. */
function putMark(plot: Plot, mark: { element: HTMLElement; at: number | null } | null): void {
  if (mark === null) return;
  const { min, max } = plot.scales['x'] ?? {};
  mark.element.hidden = mark.at === null || min == null || max == null;
  if (mark.at === null || min == null || max == null) return;
  mark.element.style.left = `${plot.valToPos(Math.min(max, Math.max(min, mark.at)), 'x')}px`;
}
