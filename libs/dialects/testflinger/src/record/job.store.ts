import { isTerminal, JOB_STATES, type JobState } from '@drover/domain';
import { isInStates, type Sql } from '@drover/store';
import * as SQL from './job.sql.js';

/** A job as lists show it. */
export interface LabJobRow {
  seq: string;
  /** The id as the client spelled it, or ours. */
  ref: string;
  queue: string;
  state: JobState;
  phase: string | null;
  created_at: Date;
}

export interface LabJobFilter {
  queue?: string;
  tags?: { values: string[]; match: 'any' | 'all' };
  /** Any of these. */
  any?: LabStateFilter[];
  project?: string;
  /** Only jobs before this `seq` that are not over. */
  openBefore?: string;
}

/** A state of the core, for one that an agent holds perhaps with the phase it said last. */
export interface LabStateFilter {
  states: JobState[];
  /** The phase; null: none was said yet; absent: any. */
  phase?: string | null;
}

const OPEN_STATES: JobState[] = JOB_STATES.filter((state) => !isTerminal(state));

/** The conditions of a filter, with their parameters; the first parameter is `first`. */
function conditionsOf(
  filter: LabJobFilter,
  first: unknown,
): { where: string[]; params: unknown[]; add(value: unknown): string } {
  const params: unknown[] = [first];
  const where = ['true'];
  const add = (value: unknown): string => {
    params.push(value);
    return `$${params.length}`;
  };
  if (filter.project !== undefined) where.push(`j.project = ${add(filter.project)}`);
  if (filter.queue !== undefined) where.push(`j.queue = ${add(filter.queue)}`);
  if (filter.tags && filter.tags.values.length > 0)
    where.push(
      `j.tags <> '{}' AND j.tags ${filter.tags.match === 'all' ? '@>' : '&&'} ${add(filter.tags.values)}::text[]`,
    );
  if (filter.any) {
    const parts = filter.any.map(({ states, phase }) => {
      const state = `j.state = ANY(${add(states)}::text[])`;
      if (phase === undefined) return state;
      return phase === null ? `(${state} AND e.phase IS NULL)` : `(${state} AND e.phase = ${add(phase)})`;
    });
    where.push(parts.length > 0 ? `(${parts.join(' OR ')})` : 'false');
    // Said once more for the whole, so that the indexes over states are of use.
    const states = [...new Set(filter.any.flatMap((part) => part.states))];
    where.push(isInStates('j', states, add(states)));
  }
  if (filter.openBefore !== undefined)
    where.push(`j.seq < ${add(filter.openBefore)}::bigint`, isInStates('j', OPEN_STATES, add(OPEN_STATES)));
  return { where, params, add };
}

export const labJobStore = {
  /** The core's id of a job that a client calls `ref`, or null. `uuid`: whether `ref` is written as our own ids are. */
  async resolve(sql: Sql, ref: string, uuid: boolean): Promise<string | null> {
    const rows = await sql.rows<{ id: string }>(uuid ? SQL.OF_UUID : SQL.OF_REF, [ref]);
    return rows[0]?.id ?? null;
  },

  /** Oldest first, a page after `seq`; with null the newest, latest first. */
  async page(sql: Sql, filter: LabJobFilter, after: string | null, limit: number): Promise<LabJobRow[]> {
    const { where, params, add } = conditionsOf(filter, limit);
    if (after !== null) where.push(`j.seq > ${add(after)}::bigint`);
    return sql.rows<LabJobRow>(SQL.page(where, { newestFirst: after === null }), params);
  },

  /** The `seq` of the oldest one among the newest `count` jobs; null when there are no more than those. */
  async oldestOfNewest(sql: Sql, filter: LabJobFilter, count: number): Promise<string | null> {
    const { where, params } = conditionsOf(filter, count);
    const rows = await sql.rows<{ seq: string }>(SQL.oldestOfNewest(where), params);
    return rows[0]?.seq ?? null;
  },

  /** Whether an agent client holds a job whose parent a client calls `ref`: the connector of several devices polls both. */
  async holdsChildOf(sql: Sql, client: string, ref: string): Promise<boolean> {
    const rows = await sql.rows(SQL.HOLDS_CHILD_OF, [client, ref]);
    return rows.length > 0;
  },

  /** Pulled jobs somebody cancelled whose agent has said nothing since: ids of jobs, oldest first. */
  async abandonedCancels(sql: Sql, seconds: number, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(SQL.ABANDONED_CANCELS, [seconds, limit]);
    return rows.map((row) => row.id);
  },

  /** HTTP-pull agents that hold an execution and have not been heard of. */
  async silentHolders(sql: Sql, seconds: number): Promise<{ id: string; name: string }[]> {
    return sql.rows(SQL.SILENT_HOLDERS, [seconds]);
  },

  /**
   * Owners of the jobs that clients call by these refs, by ref; `id` is the ref where it is written as our own ids are.
   * A ref without a job is absent.
   */
  async ownersOf(
    sql: Sql,
    refs: { ref: string; id: string | null }[],
  ): Promise<Map<string, { id: string; project: string; owner: string; claimed_by: string | null }>> {
    if (refs.length === 0) return new Map();
    const rows = await sql.rows<{ ref: string; id: string; project: string; owner: string; claimed_by: string | null }>(
      SQL.OWNERS,
      [refs.map(({ ref }) => ref), refs.map(({ id }) => id)],
    );
    return new Map(rows.map(({ ref, ...job }) => [ref, job]));
  },

  /** The jobs that these agents hold now: agent id -> the job's name in this dialect and its phase. */
  async heldBy(sql: Sql, agentIds: string[]): Promise<Map<string, { ref: string; phase: string | null }>> {
    if (agentIds.length === 0) return new Map();
    const rows = await sql.rows<{ agent_id: string; ref: string; phase: string | null }>(SQL.HELD_BY, [agentIds]);
    return new Map(rows.map((row) => [row.agent_id, { ref: row.ref, phase: row.phase }]));
  },
};
