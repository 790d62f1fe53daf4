import type { QueuedTime, RunTimes, StoredExecution, StoredJob } from '@drover/store';
import { percentileOf } from './percentiles.js';

/** The steps of an attempt, in their order. first_output and running begin together. */
type PhaseName = 'accepted' | 'queued' | 'claimed' | 'first_output' | 'running' | 'result';

interface Phase {
  name: PhaseName;
  from: Date | null;
  /** Null: it goes on, or it has not begun. */
  to: Date | null;
  /** True: it waited for a time of its own, such as the start that it was given, or for other jobs. */
  planned?: boolean;
}

/** The steps of one claim. */
export interface AttemptPhases {
  execution: StoredExecution | null;
  phases: Phase[];
}

/** Typical lengths of the steps, in seconds. */
export type PhaseMedians = Record<PhaseName, number | null>;

/**
 * The steps of a job, claim by claim, oldest first; a last one without an execution while it waits. `queued`: when it
 * came into its queue, oldest first.
 */
export function phasesOf(job: StoredJob, executions: StoredExecution[], queued: QueuedTime[]): AttemptPhases[] {
  const attempts: AttemptPhases[] = [];
  let begun = job.created_at;
  for (const execution of executions) {
    const { claimed_at, spawned_at, first_byte_at, exited_at, finished_at } = execution;
    const times = queued.filter(({ at }) => isWithin(at, begun, claimed_at));
    const came = times.at(-1)?.at ?? (isWithin(job.queued_at, begun, claimed_at) ? job.queued_at : null);
    attempts.push({
      execution,
      phases: [
        accepted(begun, came, times),
        { name: 'queued', from: came, to: claimed_at },
        { name: 'claimed', from: claimed_at, to: spawned_at },
        { name: 'first_output', from: spawned_at, to: first_byte_at },
        { name: 'running', from: spawned_at, to: exited_at },
        { name: 'result', from: exited_at, to: finished_at },
      ],
    });
    begun = finished_at ?? exited_at ?? claimed_at;
  }
  if (job.state === 'queued' || job.state === 'scheduled') {
    const waits = job.state === 'scheduled';
    const came = waits ? null : job.queued_at;
    const step = accepted(
      begun,
      came,
      queued.filter(({ at }) => at >= begun),
    );
    attempts.push({
      execution: null,
      phases: [waits ? { ...step, planned: true } : step, { name: 'queued', from: came, to: null }],
    });
  }
  return attempts;
}

/** The first step. After a retry of a job that had ended it begins with the retry. */
function accepted(begun: Date, came: Date | null, times: QueuedTime[]): Phase {
  return {
    name: 'accepted',
    from: times.findLast(({ before }) => before === 'ended')?.at ?? begun,
    to: came,
    planned: times.some(({ before }) => before === 'planned'),
  };
}

/** The median of each step over runs of a queue that have ended; `running`: that of the job's own earlier runs. */
export function mediansOf(runs: RunTimes[], running: number | null): PhaseMedians {
  const median = (from: (run: RunTimes) => Date | null, to: (run: RunTimes) => Date | null): number | null =>
    percentileOf(
      runs.flatMap((run) => {
        const [start, end] = [from(run), to(run)];
        return start && end && end >= start ? [(end.getTime() - start.getTime()) / 1_000] : [];
      }),
      0.5,
    );
  return {
    accepted: median(
      (run) => run.created_at,
      (run) => run.queued_at,
    ),
    queued: median(
      (run) => run.queued_at,
      (run) => run.claimed_at,
    ),
    claimed: median(
      (run) => run.claimed_at,
      (run) => run.spawned_at,
    ),
    first_output: median(
      (run) => run.spawned_at,
      (run) => run.first_byte_at,
    ),
    running,
    result: median(
      (run) => run.exited_at,
      (run) => run.finished_at,
    ),
  };
}

const isWithin = (time: Date | null, from: Date, to: Date): boolean => time !== null && time >= from && time <= to;
