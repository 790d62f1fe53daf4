import type { RunTimes, StoredExecution, StoredJob } from '@drover/store';
import { percentileOf } from './percentiles.js';

/** The steps of an attempt, in their order. first_output and running begin together. */
type PhaseName = 'accepted' | 'queued' | 'claimed' | 'first_output' | 'running' | 'result';

interface Phase {
  name: PhaseName;
  from: Date | null;
  /** Null: it goes on, or it has not begun. */
  to: Date | null;
}

/** The steps of one claim. */
export interface AttemptPhases {
  execution: StoredExecution | null;
  phases: Phase[];
}

/** Typical lengths of the steps in a queue, in seconds. */
export type PhaseMedians = Record<PhaseName, number | null>;

/**
 * The steps of a job, claim by claim, oldest first; a last one without an execution while it waits. `queued`: when it
 * came into its queue, oldest first.
 */
export function phasesOf(job: StoredJob, executions: StoredExecution[], queued: Date[]): AttemptPhases[] {
  const attempts: AttemptPhases[] = [];
  let begun = job.created_at;
  for (const execution of executions) {
    const { claimed_at, spawned_at, first_byte_at, exited_at, finished_at } = execution;
    const came =
      lastBetween(queued, begun, claimed_at) ?? (isWithin(job.queued_at, begun, claimed_at) ? job.queued_at : null);
    attempts.push({
      execution,
      phases: [
        { name: 'accepted', from: begun, to: came },
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
    const came = job.state === 'queued' ? job.queued_at : null;
    attempts.push({
      execution: null,
      phases: [
        { name: 'accepted', from: begun, to: came },
        { name: 'queued', from: came, to: null },
      ],
    });
  }
  return attempts;
}

/** The median of each step over runs that have ended. */
export function mediansOf(runs: RunTimes[]): PhaseMedians {
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
    running: median(
      (run) => run.spawned_at,
      (run) => run.exited_at,
    ),
    result: median(
      (run) => run.exited_at,
      (run) => run.finished_at,
    ),
  };
}

const isWithin = (time: Date | null, from: Date, to: Date): boolean => time !== null && time >= from && time <= to;

function lastBetween(times: Date[], from: Date, to: Date): Date | null {
  return times.filter((time) => isWithin(time, from, to)).at(-1) ?? null;
}
