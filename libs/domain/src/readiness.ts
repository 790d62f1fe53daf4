import type { Job } from './job.js';
import { isWaiting } from './states.js';

/** The fields of a job that say whether it may be handed out. */
export type Readiness = Pick<Job, 'state' | 'pending_dependencies' | 'cron' | 'start_at' | 'expires_at'> & {
  /** Kept back until it is released. */
  held: boolean;
};

/** One condition, as a function and as SQL over the alias of a row of `job`. `now()` is the clock of the record. */
interface Condition {
  holds(job: Readiness, now: Date): boolean;
  sql(job: string): string;
}

const WAITS: Condition = {
  holds: (job) => isWaiting(job.state),
  // The column by which indexes find jobs that wait; a trigger of the table keeps it as the state.
  sql: (job) => `${job}.filed_as IN ('queued', 'scheduled')`,
};
const HAS_WHAT_IT_DEPENDS_ON: Condition = {
  holds: (job) => job.pending_dependencies === 0,
  sql: (job) => `${job}.pending_dependencies = 0`,
};
const IS_NOT_HELD: Condition = { holds: (job) => !job.held, sql: (job) => `NOT ${job}.held` };
const HAS_NO_TIME_TABLE: Condition = { holds: (job) => !job.cron, sql: (job) => `${job}.cron IS NULL` };
const ITS_TIME_HAS_COME: Condition = {
  holds: (job, now) => job.start_at === null || job.start_at <= now,
  sql: (job) => `(${job}.start_at IS NULL OR ${job}.start_at <= now())`,
};
const HAS_NOT_EXPIRED: Condition = {
  holds: (job, now) => job.expires_at === null || job.expires_at > now,
  sql: (job) => `(${job}.expires_at IS NULL OR ${job}.expires_at > now())`,
};

/** The conditions for a ticket of a waiting job. Its time may be still to come: the ticket has a delay then. */
const READY = [HAS_WHAT_IT_DEPENDS_ON, IS_NOT_HELD, HAS_NO_TIME_TABLE];
/** The conditions for handing out a waiting job now. A paused queue, and which agent may have it, are asked beside. */
const MAY_START = [...READY, ITS_TIME_HAS_COME, HAS_NOT_EXPIRED];

const all = (conditions: Condition[], job: Readiness, now: Date): boolean =>
  conditions.every((condition) => condition.holds(job, now));
const sqlOf = (conditions: Condition[], job: string): string =>
  conditions.map((condition) => condition.sql(job)).join(' AND ');

/** Whether a job waits for nothing but its time and its turn: it has a ticket, or placement looks at it. */
export const isReady = (job: Readiness): boolean => all([WAITS, ...READY], job, new Date(0));

/** Whether a job may be handed out at this moment. */
export const mayStart = (job: Readiness, now: Date): boolean => all([WAITS, ...MAY_START], job, now);

/** Whether the time a job was to start at has come, or it has none. */
export const itsTimeHasCome = (job: Pick<Job, 'start_at'>, now: Date): boolean =>
  ITS_TIME_HAS_COME.holds(job as Readiness, now);

/** Whether a job was to start before now. */
export const hasExpired = (job: Pick<Job, 'expires_at'>, now: Date): boolean =>
  !HAS_NOT_EXPIRED.holds(job as Readiness, now);

/**
 * The same as SQL. `job` is the alias of the row. `state` is the condition on the state where a statement knows it
 * better than "queued or scheduled": the planner finds a partial index by it.
 */
export const isReadySql = (job: string, state = WAITS.sql(job)): string => `${state} AND ${sqlOf(READY, job)}`;

/** {@link mayStart} as SQL; see {@link isReadySql} for the parameters. */
export const mayStartSql = (job: string, state = WAITS.sql(job)): string => `${state} AND ${sqlOf(MAY_START, job)}`;
