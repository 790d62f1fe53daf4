import { currentCaller } from '@drover/access';
import {
  currentOf,
  isReservedEntry,
  isSampleMetric,
  LongWork,
  SAMPLE_COUNTS_MS,
  SAMPLE_METRICS,
  type AlarmRule,
  type JobDesc,
  type SampleMetric,
} from '@drover/domain';
import { isUuid } from '@drover/jobs';
import {
  backtestStore,
  counterReadingStore,
  jobStore,
  samplePartitions,
  type FinishedJob,
  type Store,
  type StoredJob,
  type WatchedJobs,
} from '@drover/store';
import { Replay, type Firing, type Reading } from './replay.js';
import { compares, type Condition } from './step.js';
import { thinned } from './thinned.js';

/** Jobs that are looked at, the newest first. */
const MAX_JOBS = 2_000;
/** Samples that are read, over all jobs, and at a time. */
const MAX_READINGS = 500_000;
const PAGE = 10_000;
/** A backtest takes no longer than this, milliseconds. */
const BUDGET_MS = 15_000;
/** Firings and jobs that are shown one by one, and points of a chart of each. */
const MAX_FIRINGS = 500;
const MAX_SHOWN = 200;
const MAX_POINTS = 60;
/** Jobs whose pushed series are read at once, and their readings. */
const JOBS_AT_ONCE = 50;
const READINGS_AT_ONCE = 50_000;
/** Points of a series. */
const MAX_SERIES_POINTS = 120;

/** A rule to try: the parts of an alarm that say what it looks at and when it fires. */
export type TriedRule = Condition & Pick<AlarmRule, 'target_kind' | 'target' | 'metric'>;

/**
 * samples: the use that was read while the job ran. counters: what it pushed meanwhile. profile: what was left at its
 * end.
 */
type Evidence = 'samples' | 'counters' | 'profile';

interface BacktestFiring extends Firing {
  job: string;
  evidence: Evidence;
  /** False: the profile says that the condition held, but not when, nor for how long. */
  certain: boolean;
  /** Readings around it, thinned out. */
  points: Reading[];
}

/** One job that the rule would have looked at. */
interface BacktestJob {
  job: string;
  /** Null: it has none, or is gone. */
  name: string | null;
  from: number;
  to: number;
  evidence: Evidence;
  readings: number;
  min: number | null;
  max: number | null;
  fired: number;
}

/** The readings of one job for a chart, thinned out; of a profile its one value. */
interface BacktestSeries {
  job: string;
  name: string | null;
  evidence: Evidence;
  from: number;
  to: number;
  fired: number;
  points: readonly Reading[];
}

export interface Backtest {
  from: Date;
  to: Date;
  /** Samples are kept since then; null: the metric has no samples. */
  samples_since: Date | null;
  /** Jobs on which it would have fired, and how often altogether. */
  fired_jobs: number;
  fired: number;
  jobs: number;
  readings: number;
  /** There was more than was looked at, or than is shown. */
  truncated: boolean;
  firings: BacktestFiring[];
  seen: BacktestJob[];
  /** The first jobs that were looked at; one on which it fired takes the place of one on which it did not. */
  series: BacktestSeries[];
}

export interface BacktestOptions {
  windowMs: number;
  /** So many jobs are given with their readings. */
  series?: number;
  /** Nobody waits for the answer any more. */
  signal?: AbortSignal;
  now?: Date;
}

/** The part of a job that is looked at. */
interface Span {
  id: string;
  from: number;
  to: number;
  ended: boolean;
  profile: FinishedJob | null;
}

/**
 * Tries rules against the past: the samples and pushed series that were kept, and the profiles of jobs of which they
 * are gone.
 */
export class BacktestService {
  constructor(
    private readonly store: Store,
    private readonly describe: (job: StoredJob) => JobDesc,
  ) {}

  async run(
    rule: TriedRule,
    { windowMs, series: shown = 0, signal, now = new Date() }: BacktestOptions,
  ): Promise<Backtest> {
    const from = new Date(now.getTime() - windowMs);
    const metric = isSampleMetric(rule.metric) ? rule.metric : null;
    const since = await samplePartitions.since(this.store.sql);
    const kept = since && since > from ? since : from;
    const spans = await this.spans(rule, from, now);
    const result: Backtest = {
      from,
      to: now,
      samples_since: metric && kept,
      fired_jobs: 0,
      fired: 0,
      jobs: 0,
      readings: 0,
      truncated: spans.length >= MAX_JOBS,
      firings: [],
      seen: [],
      series: [],
    };
    const work = new LongWork();
    const until = performance.now() + BUDGET_MS;
    let pushed: ReadonlyMap<string, Reading[]> = new Map();
    for (const [place, span] of spans.entries()) {
      if (work.isDue()) await work.turn();
      if (result.readings >= MAX_READINGS || performance.now() > until || signal?.aborted) {
        result.truncated = true;
        break;
      }
      const most = MAX_READINGS - result.readings;
      if (!metric && place % JOBS_AT_ONCE === 0)
        pushed = await this.pushed(spans.slice(place, place + JOBS_AT_ONCE), rule.metric);
      const readings = metric ? await this.sampled(span, metric, most) : (pushed.get(span.id) ?? []).slice(0, most);
      const read = metric ? 'samples' : 'counters';
      const before = result.fired;
      let points: readonly Reading[] = readings;
      if (readings.length > 0) await this.byReadings(rule, span, readings, read, result, work);
      else if (span.profile) points = byProfile(rule, span.profile, span, result);
      if (points.length === 0) continue;
      const { id: job, from: begin, to } = span;
      const evidence = readings.length > 0 ? read : 'profile';
      const series = { job, name: null, evidence, from: begin, to, fired: result.fired - before } as const;
      offer(result.series, { ...series, points: thinned(points, MAX_SERIES_POINTS) }, shown);
    }
    await this.name([...result.seen, ...result.series]);
    return result;
  }

  private async name(jobs: { job: string; name: string | null }[]): Promise<void> {
    const ids = new Set(jobs.map(({ job }) => job).filter(isUuid));
    const names = await jobStore.names(this.store.sql, [...ids]);
    for (const one of jobs) one.name = names.get(one.job) ?? null;
  }

  /** The jobs that the rule looks at, those that run first, then those that ended last. */
  private async spans(rule: TriedRule, from: Date, now: Date): Promise<Span[]> {
    const watched = watchedBy(rule);
    if (!watched) return [];
    const project = currentCaller()?.scope ?? null;
    const ids = await backtestStore.running(this.store.sql, watched, { project, limit: MAX_JOBS });
    const places = new Map(ids.map((id, at) => [id, at]));
    const jobs = (await jobStore.getMany(this.store.sql, ids))
      .filter((job) => job.started_at !== null && (!watched.command || this.describe(job).command === watched.command))
      .sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
    const limit = MAX_JOBS - jobs.length;
    const range = { since: from, project, limit, metric: rule.metric };
    const finished = limit > 0 ? await backtestStore.finished(this.store.sql, watched, range) : [];
    const running = new Set(jobs.map((job) => job.id));
    return [
      ...jobs.map((job) => ({
        id: job.id,
        from: Math.max(from.getTime(), (job.started_at as Date).getTime()),
        to: now.getTime(),
        ended: false,
        profile: null,
      })),
      ...finished
        .filter(({ jobid }) => !running.has(jobid))
        .map((profile) => ({
          id: profile.jobid,
          from: Math.max(from.getTime(), profile.finished_at.getTime() - (profile.wall_s ?? 0) * 1000),
          to: profile.finished_at.getTime(),
          ended: true,
          profile,
        })),
    ];
  }

  private async sampled(span: Span, metric: SampleMetric, most: number): Promise<Reading[]> {
    if (!isUuid(span.id)) return [];
    const readings: Reading[] = [];
    let after = new Date(span.from - 1);
    for (;;) {
      const page = await backtestStore.readings(this.store.sql, span.id, SAMPLE_METRICS[metric], {
        after,
        to: new Date(span.to),
        limit: Math.min(PAGE, most - readings.length),
      });
      for (const [at, value] of page) readings.push({ at, value });
      const last = readings.at(-1);
      if (page.length < PAGE || !last || readings.length >= most) return readings;
      after = new Date(last.at);
    }
  }

  /** The values that these jobs pushed of a series while the rule would have looked at them. */
  private async pushed(spans: readonly Span[], metric: string): Promise<ReadonlyMap<string, Reading[]>> {
    const asked = new Map(spans.filter(({ id }) => isUuid(id)).map((span) => [span.id, span]));
    const found = new Map<string, Reading[]>();
    const rows = await counterReadingStore.ofSeries(this.store.sql, [...asked.keys()], [metric], READINGS_AT_ONCE);
    for (const { job_id, at, values } of rows) {
      const [span, value, time] = [asked.get(job_id), values[0] ?? null, at.getTime()];
      if (!span || value === null || time < span.from || time > span.to) continue;
      const readings = found.get(job_id) ?? [];
      readings.push({ at: time, value });
      found.set(job_id, readings);
    }
    return found;
  }

  private async byReadings(
    rule: TriedRule,
    span: Span,
    readings: Reading[],
    evidence: Exclude<Evidence, 'profile'>,
    result: Backtest,
    work: LongWork,
  ): Promise<void> {
    // A value that a job has pushed counts until it pushes another one.
    const countsMs = evidence === 'samples' ? SAMPLE_COUNTS_MS : Infinity;
    const past = new Replay(rule, { ...span, countsMs });
    let [min, max] = [Infinity, -Infinity];
    for (const reading of readings) {
      if (work.isDue()) await work.turn();
      past.push(reading);
      [min, max] = [Math.min(min, reading.value), Math.max(max, reading.value)];
    }
    const firings = past.end();
    result.readings += readings.length;
    const { id: job, from, to } = span;
    const counts = { readings: readings.length, min, max, fired: firings.length };
    seen(result, { job, name: null, from, to, evidence, ...counts });
    for (const firing of firings) {
      if (result.firings.length >= MAX_FIRINGS) {
        result.truncated = true;
        return;
      }
      const points = pointsAround(readings, firing, span);
      result.firings.push({ job, ...firing, evidence, certain: true, points });
    }
  }
}

function seen(result: Backtest, job: BacktestJob): void {
  result.jobs += 1;
  result.fired += job.fired;
  if (job.fired > 0) result.fired_jobs += 1;
  offer(result.seen, job, MAX_SHOWN);
}

/** Adds a job to a list of at most so many: one on which it fired takes the place of one on which it did not. */
function offer<T extends { fired: number }>(list: T[], job: T, most: number): void {
  if (list.length < most) list.push(job);
  else if (job.fired > 0) {
    const quiet = list.findLastIndex(({ fired }) => fired === 0);
    if (quiet >= 0) list.splice(quiet, 1, job);
  }
}

/** The one value that a profile keeps: the last of a counter or gauge, the peak of a sampled metric. */
function byProfile(
  rule: TriedRule,
  profile: FinishedJob,
  { id: job, from, to }: Span,
  result: Backtest,
): readonly Reading[] {
  const value = left(rule.metric, profile);
  const holds = value === null ? rule.no_data === 'alarm' : compares(rule.operator, value, rule.threshold);
  if (value === null && !holds) return [];
  const points = value === null ? [] : [{ at: to, value }];
  const fired = holds ? 1 : 0;
  const counts = { readings: points.length, min: value, max: value, fired };
  seen(result, { job, name: null, from, to, evidence: 'profile', ...counts });
  if (!holds) return points;
  if (result.firings.length >= MAX_FIRINGS) {
    result.truncated = true;
    return points;
  }
  const firing = { active_at: from, fired_at: to, ended_at: to, value };
  result.firings.push({ job, ...firing, evidence: 'profile', certain: false, points });
  return points;
}

function left(metric: string, { summary, series }: FinishedJob): number | null {
  if (series) return currentOf(series);
  if (metric === 'job_memory_bytes') return summary.peak_memory_bytes;
  return metric === 'job_cpu_percent' ? (summary.samples?.cpu_percent_max ?? null) : null;
}

/** Null: what the rule looks at leaves nothing behind (main, a node). */
function watchedBy({ target_kind, target }: TriedRule): WatchedJobs | null {
  if (target_kind === 'queue') return { queue: target };
  if (target_kind === 'command') return { command: target };
  return isReservedEntry(target) || !isUuid(target) ? null : { job: target };
}

/** The readings of a firing and of as long before and after it, thinned out to what a chart shows. */
function pointsAround(readings: Reading[], firing: Firing, { from, to }: Span): Reading[] {
  const end = firing.ended_at ?? to;
  const margin = Math.max(30_000, end - firing.active_at);
  const near = readings.slice(
    placeOf(readings, Math.max(from, firing.active_at - margin)),
    placeOf(readings, Math.min(to, end + margin) + 1),
  );
  const step = Math.max(1, Math.ceil(near.length / MAX_POINTS));
  return near.filter((_, index) => index % step === 0);
}

/** The first reading at a time or later. */
function placeOf(readings: Reading[], at: number): number {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((readings[middle] as Reading).at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
