import {
  PATCH_TYPES,
  toExecution,
  type ExecutionPatch,
  type ExecutionRow,
  type StoredExecution,
} from './execution.columns.js';
import * as SQL from './execution.sql.js';
import type { Patched } from './patch.sql.js';
import { applyPatches } from './patches.js';
import type { Sql } from './sql.js';

const PATCHED: Patched = { table: 'execution', types: PATCH_TYPES };

async function many(sql: Sql, statement: string, params: unknown[]): Promise<StoredExecution[]> {
  return (await sql.rows<ExecutionRow>(statement, params)).map(toExecution);
}

async function byId(sql: Sql, statement: string, params: unknown[]): Promise<Map<string, StoredExecution>> {
  return new Map((await many(sql, statement, params)).map((execution) => [execution.id, execution]));
}

export const executionStore = {
  async get(sql: Sql, id: string): Promise<StoredExecution | null> {
    return (await many(sql, SQL.EXECUTION, [id]))[0] ?? null;
  },

  /** Whether an execution of this job has been neither ended nor given up. */
  async isOpen(sql: Sql, id: string, jobId: string): Promise<boolean> {
    return (await sql.prepared(SQL.IS_OPEN, [id, jobId])).length > 0;
  },

  /** Whether an agent holds an execution at this epoch: it has neither ended nor lost it, and was not revoked. */
  async isHeld(sql: Sql, id: string, agentId: string, epoch: number): Promise<boolean> {
    return (await sql.rows(SQL.IS_HELD, [id, agentId, epoch])).length > 0;
  },

  /** Oldest first. */
  async ofJob(sql: Sql, jobId: string, limit = 1_000): Promise<StoredExecution[]> {
    return many(sql, SQL.OF_JOB, [jobId, limit]);
  },

  /** The executions of several jobs, oldest first, by the ids of the jobs; of each at most a hundred, the latest. */
  async ofJobs(sql: Sql, jobIds: string[]): Promise<Map<string, StoredExecution[]>> {
    const found = new Map<string, StoredExecution[]>();
    for (const one of await many(sql, SQL.OF_JOBS, [jobIds])) {
      const own = found.get(one.job_id);
      if (own) own.push(one);
      else found.set(one.job_id, [one]);
    }
    return found;
  },

  /** The job's execution that follows the one with this epoch, or null. */
  async firstAfter(sql: Sql, jobId: string, epoch: number): Promise<StoredExecution | null> {
    return (await many(sql, SQL.FIRST_AFTER, [jobId, epoch]))[0] ?? null;
  },

  /** The jobs of these executions, by their ids. One that does not exist, or whose agent was revoked, is left out. */
  async jobsOf(sql: Sql, ids: string[]): Promise<Map<string, string>> {
    const rows = await sql.rows<{ id: string; job_id: string }>(SQL.JOBS_OF, [ids]);
    return new Map(rows.map((row) => [row.id, row.job_id]));
  },

  async lock(sql: Sql, ids: string[]): Promise<Map<string, StoredExecution>> {
    return ids.length === 0 ? new Map() : byId(sql, SQL.LOCK, [ids]);
  },

  /** Executions of these jobs with epochs after `after` up to `to`, locked. The jobs are locked by the caller. */
  async lockRange(
    sql: Sql,
    ranges: { job_id: string; after: number; to: number }[],
  ): Promise<Map<string, StoredExecution>> {
    return byId(sql, SQL.LOCK_RANGE, [JSON.stringify(ranges)]);
  },

  /** The rows must be locked by the caller. */
  async patch(sql: Sql, patches: ExecutionPatch[]): Promise<void> {
    await applyPatches(sql, PATCHED, patches);
  },

  /** Removes executions that were never begun. Their jobs must be locked by the caller and hold none. */
  async forget(sql: Sql, ids: string[]): Promise<void> {
    if (ids.length > 0) await sql.run(SQL.FORGET, [ids]);
  },

  /** The jobs of a list that an agent runs or has run. */
  async jobsOfAgent(sql: Sql, agentId: string, jobIds: string[]): Promise<Set<string>> {
    const rows = jobIds.length === 0 ? [] : await sql.rows<{ job_id: string }>(SQL.JOBS_OF_AGENT, [agentId, jobIds]);
    return new Set(rows.map((row) => row.job_id));
  },

  /** Open executions of these agents. */
  async openOfAgents(sql: Sql, agentIds: string[], limit = 10_000): Promise<StoredExecution[]> {
    return agentIds.length === 0 ? [] : many(sql, SQL.OPEN_OF_AGENTS, [agentIds, limit]);
  },
};
