import { Suspense, lazy, useEffect, useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useCounters, useSamples } from '../../api/jobs.js';
import { hasEnded, type JobDetail, type RunList, type Sample } from '../../api/types.js';
import { useAddress } from '../../lib/address.js';
import { compareAt } from '../../lib/compare-at.js';
import { bytesOf } from '../../lib/format.js';
import { logAt } from '../../lib/moment.js';
import { exactOf, spanOf, useNow } from '../../lib/time.js';
import { Bones, Empty, FaultNotice } from '../../ui/notices.js';
import { adviceOf } from './advice.js';
import type { Series } from './chart.js';
import { counterSeriesOf } from './counter-series.js';
import { bandWords } from './words.js';

const Chart = lazy(() => import('./chart.js'));

/** The charts of what a job used, with one cursor through all of them, and what follows from it in words. */
export function Charts({ job, runs }: { job: JobDetail; runs: RunList | undefined }) {
  const { data, error, refetch } = useSamples(job.id, !hasEnded(job.state));
  const drawn = useMemo(
    () => data && { times: data.map(({ at }) => Date.parse(at) / 1000), series: seriesOf(data, job, runs) },
    [data, job, runs],
  );
  const { data: counters } = useCounters(job.id, !hasEnded(job.state));
  const own = useMemo(
    () =>
      counters && {
        times: counters.readings.map(({ at }) => Date.parse(at) / 1000),
        series: counterSeriesOf(counters),
      },
    [counters],
  );
  const { moment, setMoment, linkOf, pick } = useMoment(job);
  if (error) return <FaultNotice error={error} onRetry={() => void refetch()} />;
  if (!data || !drawn) return <Bones rows={4} />;
  const marked = moment === null ? null : moment / 1_000;
  /** The execution that ran at a time, by the readings; null: it is not known. */
  const executionAt = (ms: number): string | null =>
    (data.findLast(({ at }) => Date.parse(at) <= ms) ?? data[0])?.execution_id ?? null;
  const chartsOf = ({ times, series }: { times: number[]; series: Series[] }) => {
    const at = nearestOf(times, marked ?? Infinity);
    const msOf = (place: number): number => Math.round((times[place] ?? 0) * 1_000);
    return series.map((one) => (
      <Chart
        key={one.title}
        times={times}
        series={one}
        marked={marked}
        at={at}
        onMark={(place) => setMoment(msOf(place))}
        onPick={(place) => pick(msOf(place), executionAt(msOf(place)))}
      />
    ));
  };
  return (
    <div className="charts">
      <Advice job={job} samples={data} runs={runs} />
      {hasProfile(job) && (
        <p>
          <Link className="button" to={compareAt(job.id)}>
            Compare with the last runs
          </Link>
        </p>
      )}
      {moment !== null && (
        <p className="moment" role="status">
          <span>
            Marked: {exactOf(moment)}
            {job.started_at !== null && `, ${spanOf(moment - Date.parse(job.started_at))} after its start`}
          </span>
          <Link to={linkOf(moment, null)}>The log at this time</Link>
        </p>
      )}
      {data.length < 2 && <Empty title="There are no readings yet: a job is read every few seconds while it runs." />}
      <Suspense fallback={<Bones rows={8} />}>
        {data.length >= 2 && chartsOf(drawn)}
        {own && own.series.length > 0 && (
          <>
            <h2 className="charts__own">What the job counted</h2>
            {chartsOf(own)}
          </>
        )}
      </Suspense>
    </div>
  );
}

/** The moment that is marked, from the address or by keys, in milliseconds since 1970; and the ways to its log. */
function useMoment({ id, execution_id: last }: JobDetail) {
  const { search: query, hash } = useAddress();
  const navigate = useNavigate();
  const asked = Date.parse(query.get('at') ?? '');
  const [moment, setMoment] = useState<number | null>(null);
  useEffect(() => setMoment(Number.isNaN(asked) ? null : asked), [asked]);
  const linkOf = (at: number, execution: string | null): string =>
    logAt(id, {
      at: new Date(at).toISOString(),
      execution: execution === null ? query.get('execution') : execution === last ? null : execution,
      // The lines of the address are those of its own moment.
      lines: at === asked ? hash : '',
    });
  const pick = (at: number, execution: string | null): void => void navigate(linkOf(at, execution));
  return { moment, setMoment, linkOf, pick };
}

/** Whether it has ended after it ran: only then it has left a profile. */
const hasProfile = (job: JobDetail): boolean => hasEnded(job.state) && job.started_at !== null;

/** The place of the time that is nearest. */
function nearestOf(times: readonly number[], wanted: number): number {
  const next = times.findIndex((time) => time >= wanted);
  if (next < 0) return Math.max(0, times.length - 1);
  const [before, behind] = [times[next - 1] ?? -Infinity, times[next] ?? Infinity];
  return wanted - before < behind - wanted ? next - 1 : next;
}

function Advice({ job, samples, runs }: { job: JobDetail; samples: readonly Sample[]; runs: RunList | undefined }) {
  const now = useNow();
  const advice = adviceOf(job, samples, runs, now);
  const band = runs && runs.last.length > 0 ? bandWords(runs.band) : null;
  if (advice.length === 0) return band === null ? null : <p className="muted">{band}</p>;
  return (
    <ul className="notice notice--plain advice">
      {advice.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

const percent = (value: number): string => `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;

/** From so few runs no band is drawn. */
const LEAST_RUNS = 3;

/** The least and the most of a figure over the runs before that succeeded. Null: there are too few. */
function bandOf(runs: RunList | undefined, field: 'cpu_avg' | 'memory_max'): [number, number] | null {
  const values = (runs?.last ?? []).flatMap((run) =>
    run.state === 'succeeded' && run[field] !== null ? [run[field]] : [],
  );
  return values.length < LEAST_RUNS ? null : [Math.min(...values), Math.max(...values)];
}

function seriesOf(samples: readonly Sample[], job: JobDetail, runs: RunList | undefined): Series[] {
  const limit = job.resources.memory_mb ?? null;
  const all: Series[] = [
    {
      title: 'CPU, 100 % is one core',
      values: samples.map((sample) => sample.cpu_percent),
      words: percent,
      limit: null,
      band: bandOf(runs, 'cpu_avg'),
      bandOf: 'Means of runs before',
    },
    {
      title: 'Memory',
      values: samples.map((sample) => sample.memory_bytes),
      words: bytesOf,
      binary: true,
      limit: limit === null ? null : limit * 1024 * 1024,
      band: bandOf(runs, 'memory_max'),
      bandOf: 'Peaks of runs before',
    },
    { title: 'Read a second', values: rates(samples, 'read_bytes'), words: bytesOf, binary: true, limit: null },
    { title: 'Written a second', values: rates(samples, 'write_bytes'), words: bytesOf, binary: true, limit: null },
    { title: 'GPU', values: samples.map((sample) => sample.gpu_percent), words: percent, limit: null },
    {
      title: 'Memory of the GPU',
      values: samples.map((sample) => sample.gpu_memory_bytes),
      words: bytesOf,
      binary: true,
      limit: null,
    },
  ];
  return all.filter(({ values }) => values.some((value) => value !== null));
}

/** The growth of a running total a second; null where it began anew, as it does with each execution. */
function rates(samples: readonly Sample[], field: 'read_bytes' | 'write_bytes'): (number | null)[] {
  return samples.map((sample, at) => {
    const before = samples[at - 1];
    const value = sample[field];
    const earlier = before?.[field] ?? null;
    if (!before || value === null || earlier === null || value < earlier) return null;
    const seconds = (Date.parse(sample.at) - Date.parse(before.at)) / 1000;
    return seconds > 0 ? (value - earlier) / seconds : null;
  });
}
