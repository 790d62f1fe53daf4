import type { JobState } from '@drover/domain';

/*
 * `job.filed_as` is the state under which indexes find a job; null: none does. No index holds `job.state`, since every
 * update of a column that an index holds, or has in its condition, writes all indexes of the row anew. A job that
 * succeeds leaves these indexes once, when it is claimed. A trigger of the table keeps the column.
 */

/** The states under which every job is filed: it waits, or it did not succeed. */
const FILED_STATES = ['scheduled', 'queued', 'failed', 'cancelled', 'expired'] as const satisfies readonly JobState[];
/** The states of jobs that somebody runs. Only observed jobs are filed under them: others have an open execution. */
const ACTIVE_STATES = ['claimed', 'running', 'cancelling'] as const satisfies readonly JobState[];

const isFiled = (state: JobState): boolean => (FILED_STATES as readonly JobState[]).includes(state);
const isActive = (state: JobState): boolean => (ACTIVE_STATES as readonly JobState[]).includes(state);

/** The observed jobs that have not ended. */
const OPEN_OBSERVED = `SELECT id
    FROM job
    WHERE dispatch = 'observed'
      AND filed_as IN ('scheduled','queued','claimed','running','cancelling')`;

/** The jobs that somebody runs, and observed ones that wait. A job may come twice. */
export const OPEN_JOBS = `SELECT job_id
    FROM execution
    WHERE finished_at IS NULL
    UNION ALL
    ${OPEN_OBSERVED}`;

/** The condition that a job (`job` is its alias) is in one of these states, which `place` holds as `text[]`. */
export function isInStates(job: string, states: readonly JobState[], place: string): string {
  const filed = states.some(isFiled);
  const active = states.some(isActive);
  if (!states.every((state) => isFiled(state) || isActive(state)) || states.length === 0)
    return `${job}.state = ANY(${place}::text[])`;
  if (!active) return `${job}.filed_as = ANY(${place}::text[])`;
  const waiting = filed ? `SELECT id FROM job WHERE filed_as = ANY(${place}::text[]) UNION ALL ` : '';
  return `${job}.id IN (${waiting}${OPEN_JOBS}) AND ${job}.state = ANY(${place}::text[])`;
}

/** Whether some of these states are those of jobs that somebody runs, and none is that of jobs that no index finds. */
export const hasActive = (states: readonly JobState[]): boolean =>
  states.some(isActive) && states.every((state) => isFiled(state) || isActive(state));

/**
 * The jobs among which those of the states that `place` holds are found, in place of the table: the filed ones and
 * those with an open execution. Two lists and no join over both, which Postgres would plan badly for many jobs that
 * have just come.
 */
export const openJobs = (place: string): string => `(
    SELECT *
    FROM job
    WHERE filed_as = ANY(${place}::text[])
    UNION ALL
    SELECT *
    FROM job
    WHERE filed_as IS NULL
      AND id IN (SELECT job_id FROM execution WHERE finished_at IS NULL)
  )`;
