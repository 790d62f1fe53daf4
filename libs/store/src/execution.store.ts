import type { Execution } from '@drover/domain';
import { EXECUTION_COLUMNS, toExecution, type ExecutionRow, type StoredExecution } from './job.rows.js';
import type { Sql } from './sql.js';

/** Columns a report may set; anything absent stays. */
export interface ExecutionPatch {
  id: string;
  state?: Execution['state'];
  phase?: string | null;
  cause?: Execution['cause'];
  cause_detail?: string | null;
  exit_code?: number | null;
  signal?: string | null;
  pid?: number | null;
  container_id?: string | null;
  payload?: Record<string, unknown>;
  spawned_at?: Date | null;
  first_byte_at?: Date | null;
  exited_at?: Date | null;
  finished_at?: Date | null;
  stdout_bytes?: number;
  stderr_bytes?: number;
  stdout_sha256?: string;
  stderr_sha256?: string;
  log_complete?: boolean;
  stdout_skew?: number;
  stderr_skew?: number;
  log_dropped?: number;
}

const PATCH_TYPES: Record<Exclude<keyof ExecutionPatch, 'id'>, string> = {
  state: 'text',
  phase: 'text',
  cause: 'text',
  cause_detail: 'text',
  exit_code: 'integer',
  signal: 'text',
  pid: 'integer',
  container_id: 'text',
  payload: 'jsonb',
  spawned_at: 'timestamptz',
  first_byte_at: 'timestamptz',
  exited_at: 'timestamptz',
  finished_at: 'timestamptz',
  stdout_bytes: 'bigint',
  stderr_bytes: 'bigint',
  stdout_sha256: 'text',
  stderr_sha256: 'text',
  log_complete: 'boolean',
  stdout_skew: 'bigint',
  stderr_skew: 'bigint',
  log_dropped: 'bigint',
};

export const executionStore = {
  async get(sql: Sql, id: string): Promise<StoredExecution | null> {
    const rows = await sql.rows<ExecutionRow>(`SELECT ${EXECUTION_COLUMNS} FROM execution WHERE id = $1`, [id]);
    return rows[0] ? toExecution(rows[0]) : null;
  },

  /** Oldest first. */
  /** Whether an execution of this job has been neither ended nor given up. */
  async isOpen(sql: Sql, id: string, jobId: string): Promise<boolean> {
    const rows = await sql.prepared(`SELECT 1 FROM execution WHERE id = $1 AND job_id = $2 AND state <> 'ended'`, [
      id,
      jobId,
    ]);
    return rows.length > 0;
  },

  async ofJob(sql: Sql, jobId: string, limit = 1_000): Promise<StoredExecution[]> {
    const rows = await sql.rows<ExecutionRow>(
      `SELECT ${EXECUTION_COLUMNS} FROM (SELECT * FROM execution WHERE job_id = $1 ORDER BY epoch DESC LIMIT $2) e ORDER BY epoch`,
      [jobId, limit],
    );
    return rows.map(toExecution);
  },

  /** The job's execution that follows the one with this epoch, or null. */
  async firstAfter(sql: Sql, jobId: string, epoch: number): Promise<StoredExecution | null> {
    const rows = await sql.rows<ExecutionRow>(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE job_id = $1 AND epoch > $2 ORDER BY epoch LIMIT 1`,
      [jobId, epoch],
    );
    return rows[0] ? toExecution(rows[0]) : null;
  },

  async lock(sql: Sql, ids: string[]): Promise<Map<string, StoredExecution>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<ExecutionRow>(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toExecution(row)]));
  },

  /** Executions of these jobs with epochs after `after` up to `to`, locked. The jobs are locked by the caller. */
  async lockRange(
    sql: Sql,
    ranges: { job_id: string; after: number; to: number }[],
  ): Promise<Map<string, StoredExecution>> {
    const rows = await sql.rows<ExecutionRow>(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE (job_id, epoch) IN (
         SELECT r.job_id, g.epoch FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, after integer, "to" integer), generate_series(r.after + 1, r."to") AS g(epoch))
       ORDER BY id FOR UPDATE`,
      [JSON.stringify(ranges)],
    );
    return new Map(rows.map((row) => [row.id, toExecution(row)]));
  },

  /** The rows must be locked by the caller. */
  async patch(sql: Sql, patches: ExecutionPatch[]): Promise<void> {
    const groups = new Map<string, ExecutionPatch[]>();
    for (const patch of patches) {
      const columns = (Object.keys(patch) as (keyof ExecutionPatch)[])
        .filter((key) => key !== 'id' && patch[key] !== undefined)
        .sort();
      if (columns.length === 0) continue;
      const key = columns.join(',');
      const group = groups.get(key);
      if (group) group.push(patch);
      else groups.set(key, [patch]);
    }
    for (const [key, group] of groups) {
      const columns = key.split(',') as Exclude<keyof ExecutionPatch, 'id'>[];
      await sql.run(
        `UPDATE execution SET ${columns.map((c) => `${c} = r.${c}`).join(', ')}
         FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, ${columns.map((c) => `${c} ${PATCH_TYPES[c]}`).join(', ')})
         WHERE execution.id = r.id`,
        [JSON.stringify(group)],
      );
    }
  },

  /** Open executions of these agents. */
  async openOfAgents(sql: Sql, agentIds: string[], limit = 10_000): Promise<StoredExecution[]> {
    if (agentIds.length === 0) return [];
    const rows = await sql.rows<ExecutionRow>(
      `SELECT ${EXECUTION_COLUMNS} FROM execution WHERE agent_id = ANY($1::uuid[]) AND state <> 'ended' ORDER BY claimed_at LIMIT $2`,
      [agentIds, limit],
    );
    return rows.map(toExecution);
  },
};
