import type { Job } from '@drover/domain';
import { columnsOf, columnsWithout, listOf, typesOf } from './entities/columns.js';
import { JobEntity } from './entities/job.entity.js';

/** Columns that are for statements alone: no reader gets them. */
const UNREAD = ['cron_tick_at', 'event_tx', 'filed_as'] as const satisfies readonly (keyof JobEntity)[];

/** Columns that only the server's own code needs; all others are fields of the domain's `Job`. */
type ServerOnly = 'seq' | 'agent_id' | 'held' | 'claimed_by';

/** A job with what only the server's own code needs. A row is one as it comes from `pg`. */
export type StoredJob = Job & Pick<JobEntity, ServerOnly>;

/** Columns of which a new job has the default, so that they need not be sent. */
const NOT_SENT = [
  ...UNREAD,
  'seq',
  'attempt',
  'epoch',
  'losses',
  'dispatch_seq',
  'agent_id',
  'execution_id',
  'signal',
  'cancel_requested_at',
  'cancel_reason',
  'claimed_at',
  'updated_at',
] as const satisfies readonly (keyof JobEntity)[];

/** Columns that stay as they were, or that only statements of their own change. */
const FIXED = [
  ...UNREAD,
  'id',
  'seq',
  'dialect',
  'dispatch',
  'epoch',
  'parent_id',
  'depends_on',
  'claimed_by',
  'updated_at',
] as const satisfies readonly (keyof JobEntity)[];

/** Columns that a new job is given in any case: there is nothing they could be by default. */
const GIVEN = [
  'id',
  'seq',
  'queue',
  'owner',
  'dialect',
  'dispatch',
  'spec',
  'state',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof StoredJob)[];

/** The columns that a change of a job may set; anything absent stays. */
export type JobPatch = { id: string } & Partial<Omit<StoredJob, (typeof FIXED)[number]>>;

const ALL = columnsOf(JobEntity);
const READ = columnsWithout(ALL, UNREAD);
const SENT = columnsWithout(ALL, NOT_SENT);

/** The columns that make a {@link StoredJob}. */
export const JOB_COLUMNS = listOf(READ);

/** The same of a row with an alias. */
export const jobColumns = (alias: string): string => listOf(READ, alias);

/** The columns of a new job that are sent. */
export const NEW_JOB_COLUMNS = listOf(SENT);

/** The types of the columns that a {@link JobPatch} may name. */
export const PATCH_TYPES: ReadonlyMap<string, string> = new Map(
  columnsWithout(ALL, FIXED).map(({ name, type }) => [name, type]),
);

/** A new job of which nothing else is said: null, or the default of the column. */
export const BLANK_JOB = Object.freeze(
  Object.fromEntries(
    columnsWithout(READ, GIVEN).map((column) => [column.name, column.nullable ? null : Object.freeze(column.default)]),
  ),
) as Readonly<Omit<StoredJob, (typeof GIVEN)[number]>>;

/** The values sent beside a new job: its ticket, and who asked for it. */
export interface Beside {
  ticket_id?: string;
  actor?: string;
  actor_role?: string;
  address?: string;
}
const BESIDE = ['ticket_id', 'actor', 'actor_role', 'address'] as const satisfies readonly (keyof Beside)[];

/** The columns of a new job and what is sent beside them, with their types. */
export const SENT_TYPES = [typesOf(SENT), ...BESIDE.map((name) => `${name} text`)].join(', ');

/**
 * The row that is sent of a new job. Nulls are left out of the JSON: most columns are null, and Postgres need not read
 * them. The function is compiled once, of the names of the columns: an object that is filled name by name took 10 µs
 * longer a job.
 */
export const sentOf = compiled<(job: StoredJob, beside: Beside) => Record<string, unknown>>(
  ['job', 'beside'],
  [...SENT.map(({ name }) => `${name}: job.${name} ?? undefined`), ...BESIDE.map((name) => `${name}: beside.${name}`)],
);

/** A function that returns an object literal. */
function compiled<T>(parameters: string[], fields: string[]): T {
  // oxlint-disable-next-line no-new-func, typescript/no-implied-eval -- Nothing but names of this source goes into it.
  return new Function(...parameters, `return { ${fields.join(', ')} };`) as T;
}

/** Fails to compile when the entity has a column that is neither the domain's nor named above, or the other way round. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
true satisfies Same<keyof JobEntity, keyof StoredJob | (typeof UNREAD)[number]>;
