import type { AttemptPhases, Outlook, PhaseMedians, Run, Runs } from '@drover/jobs';
import type { StartForecastDto } from './dto/forecast.dto.js';
import type { AttemptPhasesDto, RunDto, RunListDto } from './dto/outlook.dto.js';
import { detailOf, fromJob } from './translate.js';

const iso = (time: Date | null): string | null => time?.toISOString() ?? null;
const inSeconds = (seconds: number | null, now: number): string | null =>
  seconds === null ? null : new Date(now + seconds * 1_000).toISOString();

export const fromOutlook = (
  { position, p50_s, p90_s, sure, sentence }: Outlook,
  now = Date.now(),
): StartForecastDto => ({
  position,
  p50_s,
  p90_s,
  p50_at: inSeconds(p50_s, now),
  p90_at: inSeconds(p90_s, now),
  sure,
  sentence,
});

/** `attempt`: the one of a job that waits. */
export const fromPhases = (
  { execution, phases }: AttemptPhases,
  medians: PhaseMedians,
  attempt: number,
): AttemptPhasesDto => ({
  execution_id: execution?.id ?? null,
  attempt: execution?.attempt ?? attempt,
  node: execution?.node ?? null,
  state: execution?.state ?? null,
  cause: execution?.cause ?? null,
  phases: phases.map(({ name, from, to, planned }) => ({
    name,
    from: iso(from),
    to: iso(to),
    seconds: from && to ? Math.max(0, (to.getTime() - from.getTime()) / 1_000) : null,
    median_s: planned ? null : medians[name],
  })),
});

const fromRun = ({ job, duration_s, usage }: Run): RunDto => ({
  id: job.id,
  state: job.state,
  exit_code: job.exit_code,
  node: job.node,
  created_at: job.created_at.toISOString(),
  started_at: iso(job.started_at),
  duration_s,
  cpu_avg: usage?.cpu_avg ?? null,
  memory_max: usage?.memory_max ?? null,
});

export const fromRuns = ({ previous, next, same, last, band: { n, ...band } }: Runs): RunListDto => ({
  previous: previous && detailOf(previous),
  next: next && fromJob(next),
  same,
  last: last.map(fromRun),
  band: { ...band, runs: n },
});
