import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import Plot from 'uplot';
import type { BacktestResult } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { spanOf } from '../../lib/time.js';
import { axisWidth, POWERS } from '../../ui/plot.js';
import type { Range } from './scale.js';

/** start: each job from its own start on. time: as the clock had it. */
export type Along = 'start' | 'time';

interface ChartProps {
  series: BacktestResult['series'];
  firings: BacktestResult['firings'];
  along: Along;
  range: Range;
  words: (value: number) => string;
  /** Lies over the drawing, and has its height. */
  children: ReactNode;
}

const HEIGHT_PX = 320;
const DOT_PX = 4;
/** The mouse is at a line within this distance. */
const NEAR_PX = 24;
const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

interface Place {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The readings of several jobs, those on which the rule would have fired in their own colour. */
export default function Chart({ series, firings, along, range, words, children }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | null>(null);
  const plotted = useRef<Plot | null>(null);
  const [near, setNear] = useState<string | null>(null);
  const [chosen, setChosen] = useState(0);
  const navigate = useNavigate();
  const [low, high, binary] = range;
  useEffect(() => {
    const root = element.current;
    if (!root) return;
    const startOf = new Map(series.map((one) => [one.job, along === 'start' ? 0 : Date.parse(one.from) / 1000]));
    const tables = series.map(({ job, offsets_s, values }): Plot.AlignedData => {
      const start = startOf.get(job) ?? 0;
      return [offsets_s.map((offset) => start + offset), values];
    });
    const drawn = tables.length === 0 ? ([[0], [null]] as Plot.AlignedData) : Plot.join(tables);
    const dots = firings.flatMap(({ job, fired_at, value, certain }) => {
      const one = series.find((each) => each.job === job);
      if (!one || value === null || !certain) return [];
      return [{ x: (startOf.get(job) ?? 0) + (Date.parse(fired_at) - Date.parse(one.from)) / 1000, y: value }];
    });
    const [bad, quiet] = [colour('--bad'), colour('--accent')];
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 } };
    const measure = ({ bbox }: Plot): void => {
      const ratio = Plot.pxRatio;
      setPlace({
        left: bbox.left / ratio,
        top: bbox.top / ratio,
        width: bbox.width / ratio,
        height: bbox.height / ratio,
      });
    };
    const plot = new Plot(
      {
        width: root.clientWidth,
        height: HEIGHT_PX,
        legend: { show: false },
        cursor: { focus: { prox: NEAR_PX }, drag: { x: false, y: false }, points: { show: false } },
        focus: { alpha: 0.3 },
        axes: [
          along === 'start'
            ? {
                ...axis,
                values: (_plot, splits) => splits.map((seconds) => (seconds === 0 ? '0' : spanOf(seconds * 1000))),
              }
            : axis,
          {
            ...axis,
            size: axisWidth,
            values: (_plot, splits) => splits.map(words),
            ...(binary ? { incrs: POWERS } : {}),
          },
        ],
        scales: { x: { time: along === 'time' }, y: { range: [low, high] } },
        series: [
          {},
          ...(series.length === 0 ? [{}] : series).map((one) => {
            const stroke = 'fired' in one && one.fired > 0 ? bad : quiet;
            const single = 'values' in one && one.values.length === 1;
            return { stroke, fill: undefined, width: 1.5, points: { show: single, size: 7, fill: stroke } };
          }),
        ],
        hooks: {
          ready: [measure],
          setSize: [measure],
          setSeries: [
            (_plot, at) => {
              setNear(at === null ? null : (series[at - 1]?.job ?? null));
              if (at !== null) setChosen(at - 1);
            },
          ],
          draw: [
            ({ ctx, valToPos }) => {
              ctx.fillStyle = bad;
              for (const { x, y } of dots) {
                ctx.beginPath();
                ctx.arc(valToPos(x, 'x', true), valToPos(y, 'y', true), DOT_PX * Plot.pxRatio, 0, 2 * Math.PI);
                ctx.fill();
              }
            },
          ],
        },
      },
      drawn,
      root,
    );
    plotted.current = plot;
    const watcher = new ResizeObserver(() => plot.setSize({ width: root.clientWidth, height: HEIGHT_PX }));
    watcher.observe(root);
    return () => {
      watcher.disconnect();
      plotted.current = null;
      plot.destroy();
    };
  }, [series, firings, along, low, high, binary, words]);
  const at = Math.min(chosen, series.length - 1);
  const line = series[at];
  const focus = (next: number | null): void =>
    plotted.current?.setSeries(next === null ? null : next + 1, { focus: next !== null });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    focus((next + series.length) % series.length);
  };
  return (
    <>
      <div className="bench__plot" style={{ height: HEIGHT_PX }}>
        <div
          ref={element}
          role="img"
          aria-label={`Readings of ${counted(series.length, 'job')}`}
          onClick={() => near !== null && void navigate(`/jobs/${near}`)}
        />
        {place && (
          <div className="bench__over" style={place}>
            {children}
          </div>
        )}
      </div>
      <p className="muted small bench__near">
        {line && (
          <>
            <Link
              to={`/jobs/${line.job}`}
              onKeyDown={onKeyDown}
              onFocus={() => focus(at)}
              onBlur={() => focus(null)}
              title="The arrow keys go from line to line"
            >
              {line.name ?? `job …${line.job.slice(-8)}`}
            </Link>
            {near === null ? ', one of ' : ': a click opens it. It is one of '}
          </>
        )}
        {counted(series.length, 'job')}; those on which it would have fired are red, with a dot where it fired.
      </p>
    </>
  );
}
