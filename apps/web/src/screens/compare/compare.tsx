import './compare.css';
import { lazy, Suspense, useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { LAST_RUNS, useComparison, useCurves, useRunsOfCommand, type Pair } from '../../api/profiles.js';
import type { Comparison, Curve, Curves, JobState, ProfileHead } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { compareAt, MEDIAN } from '../../lib/compare-at.js';
import { valueWords } from '../../lib/figures.js';
import { counted } from '../../lib/format.js';
import { agoOf, useNow } from '../../lib/time.js';
import { useTitle } from '../../lib/use-title.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import type { ChartFigure } from '../../ui/plot.js';
import { StateMark } from '../../ui/state.js';
import { Ago } from '../../ui/time.js';
import { FigureTable } from './figure-table.js';
import { isOwn, titleOf } from './words.js';

const Chart = lazy(() => import('../../ui/chart.js'));

/** Two runs beside each other, or one beside the median of the last runs of its command. */
export default function Compare() {
  useTitle('Compare');
  const { search } = useAddress();
  const a = search.get('a') ?? '';
  const b = search.get('b') ?? MEDIAN;
  const pair = useMemo(() => ({ job: a, with: b === MEDIAN || b === '' ? null : b }), [a, b]);
  return (
    <div className="screen">
      <header className="screen__head">
        <h1>Compare</h1>
        <Link className="button" to="/profiles">
          All profiles
        </Link>
      </header>
      {a === '' ? (
        <Empty title="No run is chosen.">
          <p>
            Choose two in the <Link to="/profiles">list of profiles</Link>, or press “Compare” beside one.
          </p>
        </Empty>
      ) : (
        <Shown pair={pair} />
      )}
    </div>
  );
}

function Shown({ pair }: { pair: Pair }) {
  const { data, error, refetch } = useComparison(pair);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data) return <Bones rows={10} />;
  const known = data.figures.filter(({ job, with: beside }) => job !== null || beside !== null);
  const own = known.filter(({ name }) => isOwn(name));
  const metrics = known.filter(({ name }) => !isOwn(name));
  const other = data.other === null ? `Median of ${counted(data.with.length, 'run')}` : 'Other run';
  return (
    <>
      <Heads comparison={data} pair={pair} />
      <FigureTable title="Figures" figures={own} runs={data.runs.length} other={other} />
      <OverTime pair={pair} other={other} />
      {metrics.length > 0 && <FigureTable title="Metrics" figures={metrics} runs={data.runs.length} other={other} />}
    </>
  );
}

/** The two sides, and what else the run may be compared with. */
function Heads({ comparison: { job, other, with: ids }, pair }: { comparison: Comparison; pair: Pair }) {
  const navigate = useNavigate();
  const now = useNow();
  const { data: runs = [] } = useRunsOfCommand(job.command);
  const others = runs.filter((run) => run.job !== job.job);
  const isOffered = pair.with === null || others.some((run) => run.job === pair.with);
  return (
    <div className="compare__heads">
      <Side title="This run" profile={job} />
      {other === null ? (
        <section className="panel" aria-label="Compared with">
          <div className="panel__head">
            <h2>Median of the last {counted(ids.length, 'run')}</h2>
          </div>
          <p className="panel__body muted">
            Each figure by itself, over the last runs of the same command but this one, {LAST_RUNS} at most.
          </p>
        </section>
      ) : (
        <Side title="Other run" profile={other} />
      )}
      <div className="compare__choice">
        <label>
          Compare with{' '}
          <select
            className="field"
            value={pair.with ?? MEDIAN}
            onChange={({ target }) => void navigate(compareAt(job.job, target.value))}
          >
            <option value={MEDIAN}>Median of the last runs</option>
            {others.map((run) => (
              <option key={run.job} value={run.job}>
                {`${agoOf(Date.parse(run.finished_at), now)}, ${run.outcome ?? 'ended'}, ${valueWords(run.summary.wall_s, 'seconds')}`}
              </option>
            ))}
            {!isOffered && other && <option value={other.job}>{other.name ?? other.command}</option>}
          </select>
        </label>
        {pair.with !== null && (
          <Link className="button" to={compareAt(pair.with, job.job)}>
            Swap
          </Link>
        )}
      </div>
    </div>
  );
}

function Side({ title, profile }: { title: string; profile: ProfileHead }) {
  const { job, name, command, outcome, node, finished_at: finished, summary } = profile;
  const shown = (name ?? command) || job;
  return (
    <section className="panel compare__side" aria-label={title}>
      <div className="panel__head">
        <h2>{title}</h2>
        {outcome !== null && <StateMark state={outcome as JobState} />}
      </div>
      <div className="panel__body">
        <p className="compare__name">{outcome === null ? shown : <Link to={`/jobs/${job}`}>{shown}</Link>}</p>
        {name !== null && command !== '' && <p className="mono muted compare__name">{command}</p>}
        <p className="muted">
          Ended <Ago at={finished} />
          {node === null ? '' : ` on ${node}`}, took {valueWords(summary.wall_s, 'seconds')}
        </p>
      </div>
    </section>
  );
}

/** Both over the time since their starts, with the range of the last runs shaded. */
function OverTime({ pair, other }: { pair: Pair; other: string }) {
  const { data, error, refetch } = useCurves(pair);
  const drawn = useMemo(() => data && chartsOf(data, other), [data, other]);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!drawn) return <Bones rows={4} />;
  return (
    <section className="compare__charts" aria-label="Over time">
      <h2>Over the time since the start</h2>
      {drawn.figures.length === 0 ? (
        <p className="muted">
          No readings of these runs are kept: samples are kept for some days, of jobs that Drover ran.
        </p>
      ) : (
        <Suspense fallback={<Bones rows={8} />}>
          {drawn.figures.map((figure) => (
            <Chart key={figure.title} times={drawn.times} figure={figure} group="compare" />
          ))}
        </Suspense>
      )}
    </section>
  );
}

function chartsOf({ curves, step_s: step, runs }: Curves, other: string): { times: number[]; figures: ChartFigure[] } {
  const times = (curves[0]?.job ?? []).map((_value, at) => at * step);
  return { times, figures: curves.filter(isUsed).map((curve) => figureOf(curve, other, runs.length)) };
}

/** Whether one of both used any of it. */
const isUsed = ({ job, with: beside }: Curve): boolean => [...job, ...beside].some((value) => (value ?? 0) > 0);

function figureOf(
  { name, unit, per_second: grows, job, with: beside, low, high }: Curve,
  other: string,
  runs: number,
): ChartFigure {
  return {
    title: isOwn(name) || !grows ? titleOf(name) : `${name} a second`,
    words: (value) => valueWords(value, unit),
    binary: unit === 'bytes',
    lines: [
      { label: 'This run', values: job },
      { label: other, values: beside, colour: '--late', dash: [6, 4] },
    ],
    band: runs < 2 ? null : { label: `Last ${runs} runs`, low, high },
  };
}
