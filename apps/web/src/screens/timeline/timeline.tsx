import './timeline.css';
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useNodes } from '../../api/nodes.js';
import { useQueues } from '../../api/queues.js';
import { useTimeline } from '../../api/timeline.js';
import { useAddress, withParts, type AddressParts } from '../../lib/address.js';
import { jobsAt } from '../../lib/job-filter.js';
import { useShortcuts } from '../../lib/shortcuts.js';
import { exactOf, spanOf, useNow } from '../../lib/time.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, CommandLine, Empty, FaultNotice } from '../../ui/notices.js';
import { askedOf, PERIODS, placeOf, ticksIn, ticksOf, tickWords, viewOf, type Asked, type View } from './scale.js';
import { Tracks } from './tracks.js';
import { useBrush } from './use-brush.js';

/** A period that ends now moves on in so many steps over its length, not with each second. */
const STEPS = 600;
/** A period that is zoomed by keys is no shorter and no longer. */
const SHORTEST_MS = 1_000;
const LONGEST_MS = 366 * 24 * 3_600_000;

/** The parts of an address with a period between two times. */
const between = (from: number, to: number): AddressParts => ({
  period: null,
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

/** Shows what ran on which slot of which node, from a minute to a month. */
export default function TimelineScreen() {
  useTitle('Timeline');
  const { search, change: changeAddress } = useAddress();
  const asked = askedOf(search);
  const now = useNow();
  const step = Math.max(1_000, asked.lengthMs / STEPS);
  const view = viewOf(asked, Math.floor(now / step) * step);
  const { data, error, refetch } = useTimeline(asked);
  const [drawn, setDrawn] = useState<View | null>(null);
  const change = (partsOf: (newest: Asked) => AddressParts): void => {
    setDrawn(null);
    changeAddress((newest) => withParts(newest, partsOf(askedOf(newest))));
  };
  const move = (share: number): void =>
    change(({ to, lengthMs, period }) => {
      const end = (to ?? now) + lengthMs * share;
      return end >= now && period !== null ? { from: null, to: null } : between(end - lengthMs, end);
    });
  /** Shows a shorter or longer period with the same end: with `move` keys come to any part that a mouse can draw. */
  const zoom = (factor: number): void =>
    change(({ to, lengthMs }) => {
      const end = to ?? now;
      return between(end - Math.min(LONGEST_MS, Math.max(SHORTEST_MS, lengthMs * factor)), end);
    });
  useShortcuts('Timeline', [
    { keys: '[', does: 'Earlier', run: () => move(-0.5) },
    { keys: ']', does: 'Later', run: () => move(0.5) },
    { keys: '+', does: 'The last half of the period', run: () => zoom(0.5) },
    { keys: '-', does: 'Twice the period', run: () => zoom(2) },
  ]);
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Timeline</h1>
        <Controls asked={asked} onChange={(parts) => change(() => parts)} onMove={move} />
      </header>
      {error && <FaultNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Bones />}
      {data?.nodes.length === 0 && (
        <Empty title="No node is online, and nothing ran in this period.">
          <CommandLine text={`DROVER_API_URL=${location.origin} npm run worker`} />
        </Empty>
      )}
      {data && data.nodes.length > 0 && (
        <>
          <Picture view={view} now={now} drawn={drawn} onDrawn={setDrawn} live={asked.to === null}>
            <Tracks timeline={data} view={view} now={now} />
          </Picture>
          <Period
            asked={asked}
            period={drawn ?? { from: view.from, to: asked.to ?? now }}
            isDrawn={drawn !== null}
            onZoom={({ from, to }) => change(() => between(from, to))}
          />
          {data.bars === null && (
            <p className="muted">
              More ran in this period than can be drawn one by one: each part shows by its height how busy the node was,
              and by its colours how the executions that began in it ended.
            </p>
          )}
        </>
      )}
    </div>
  );
}

interface ControlsProps {
  asked: Asked;
  onChange: (parts: AddressParts) => void;
  onMove: (share: number) => void;
}

function Controls({ asked, onChange, onMove }: ControlsProps) {
  const { data: queues } = useQueues();
  const { data: nodes } = useNodes();
  return (
    <div className="timeline__tools push">
      <select
        className="field"
        aria-label="Queue"
        value={asked.queue ?? ''}
        onChange={({ target }) => onChange({ queue: target.value || null })}
      >
        <option value="">Every queue</option>
        {namesOf(queues, asked.queue).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <select
        className="field"
        aria-label="Node"
        value={asked.node ?? ''}
        onChange={({ target }) => onChange({ node: target.value || null })}
      >
        <option value="">Every node</option>
        {namesOf(nodes, asked.node).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <div className="timeline__periods" role="group" aria-label="Period">
        {PERIODS.map(([name]) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-pressed={asked.period === name}
            onClick={() => onChange({ period: name, from: null, to: null })}
          >
            {name}
          </button>
        ))}
      </div>
      <button type="button" className="button" onClick={() => onMove(-0.5)}>
        Earlier
      </button>
      <button type="button" className="button" disabled={asked.to === null} onClick={() => onMove(0.5)}>
        Later
      </button>
    </div>
  );
}

/** The names to choose from, with the one that is chosen, even if it is not known any more. */
const namesOf = (all: readonly { name: string }[] | undefined, chosen: string | null): string[] => [
  ...new Set([...(all ?? []).map(({ name }) => name), ...(chosen === null ? [] : [chosen])]),
];

interface PictureProps {
  view: View;
  now: number;
  drawn: View | null;
  onDrawn: (drawn: View | null) => void;
  live: boolean;
  children: ReactNode;
}

/** The tracks below an axis, with a period that is drawn over them. */
function Picture({ view, now, drawn, onDrawn, live, children }: PictureProps) {
  const area = useRef<HTMLDivElement>(null);
  const { drawing, handlers } = useBrush(area, view, onDrawn);
  const shown = drawing ?? drawn;
  const brushed = shown && placeOf(shown.from, shown.to, view);
  const line = live ? placeOf(now, now, view) : null;
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    const measure = (): void => setWidth(element.clientWidth);
    measure();
    const watcher = new ResizeObserver(measure);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, []);
  const ticks = ticksOf(view, ticksIn(width), new Date(view.to).getTimezoneOffset());
  return (
    <section className="panel timeline" aria-label="What ran where" {...handlers}>
      <div ref={area} className="timeline__over" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick.at} className="timeline__tick" style={{ left: placeOf(tick.at, tick.at, view)?.left }}>
            <span className="muted small">{tickWords(tick)}</span>
          </span>
        ))}
        {line && <span className="timeline__now" style={{ left: line.left }} />}
        {brushed && <span className="timeline__brushed" style={brushed} />}
      </div>
      {children}
    </section>
  );
}

interface PeriodProps {
  asked: Asked;
  period: View;
  isDrawn: boolean;
  onZoom: (period: View) => void;
}

/** The period that shows or was drawn, and the lists of its jobs. */
function Period({ asked, period, isDrawn, onZoom }: PeriodProps) {
  const [after, before] = [period.from, period.to].map((at) => [new Date(at).toISOString()]) as [string[], string[]];
  const of = {
    ...(asked.queue === null ? {} : { queue: [asked.queue] }),
    ...(asked.node === null ? {} : { node: [asked.node] }),
  };
  return (
    <div className="timeline__period" role={isDrawn ? 'status' : undefined}>
      <span>
        {isDrawn ? 'Drawn: ' : ''}
        {spanOf(period.to - period.from)} from {exactOf(period.from)}
      </span>
      <Link to={jobsAt({ ...of, finished_after: after, finished_before: before })}>Jobs that ended in it</Link>
      <Link to={jobsAt({ ...of, created_after: after, created_before: before })}>Jobs created in it</Link>
      {isDrawn ? (
        <button type="button" className="button" onClick={() => onZoom(period)}>
          Zoom in
        </button>
      ) : (
        <span className="muted">Draw over the lanes to choose a part.</span>
      )}
    </div>
  );
}
