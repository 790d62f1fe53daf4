import type { Sql } from '@drover/store';
import * as SQL from './task-execution.sql.js';
import type { NewTaskExecution, TaskExecution } from './task.rows.js';

type Row = Omit<TaskExecution, 'stdout_bytes' | 'stderr_bytes'> & { stdout_bytes: string; stderr_bytes: string };

const toView = (row: Row): TaskExecution => ({
  ...row,
  stdout_bytes: Number(row.stdout_bytes),
  stderr_bytes: Number(row.stderr_bytes),
});

export const taskExecutionStore = {
  unfinished: SQL.UNFINISHED,

  /** False: the tick has an execution already. */
  async insert(sql: Sql, one: NewTaskExecution): Promise<boolean> {
    const n = await sql.run(SQL.INSERT, [
      one.id,
      one.task_id,
      one.job_id,
      one.image,
      one.command,
      one.request_ip,
      one.origin,
      one.tick_at,
      one.start_at,
      one.created_at,
      one.farm,
      JSON.stringify(one.submission),
    ]);
    return n === 1;
  },

  /** Newest first. */
  async ofJob(
    sql: Sql,
    taskId: string,
    jobId: string,
    page: { limit: number; offset: number },
  ): Promise<TaskExecution[]> {
    const rows = await sql.rows<Row>(SQL.EXECUTIONS, [taskId, jobId, page.limit, page.offset]);
    return rows.map(toView);
  },

  /** A page of them and how many there are in all, read in one statement: both are of one moment. */
  async pageOfJob(
    sql: Sql,
    taskId: string,
    jobId: string,
    page: { limit: number; offset: number },
  ): Promise<{ rows: TaskExecution[]; count: number }> {
    const rows = await sql.rows<Row & { total: string }>(SQL.EXECUTIONS_COUNTED, [
      taskId,
      jobId,
      page.limit,
      page.offset,
    ]);
    // A page beyond the last has no row to tell the number.
    const count = rows[0] ? Number(rows[0].total) : page.offset > 0 ? await this.countOfJob(sql, taskId, jobId) : 0;
    return { rows: rows.map(({ total: _, ...row }) => toView(row)), count };
  },

  async countOfJob(sql: Sql, taskId: string, jobId: string): Promise<number> {
    const rows = await sql.rows<{ n: string }>(SQL.COUNT, [taskId, jobId]);
    return Number(rows[0]?.n ?? 0);
  },

  async get(sql: Sql, id: string): Promise<TaskExecution | null> {
    const rows = await sql.rows<Row>(SQL.EXECUTION, [id]);
    return rows[0] ? toView(rows[0]) : null;
  },

  /** The tries of a job that are not settled yet, oldest first; also those that are still to come. */
  async open(sql: Sql, taskId: string, jobId: string): Promise<TaskExecution[]> {
    const rows = await sql.rows<Row>(SQL.OPEN, [taskId, jobId]);
    return rows.map(toView);
  },

  /** Runs that are not settled although their job in the record has ended or is gone. */
  async owed(sql: Sql, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(SQL.OWED, [limit]);
    return rows.map((row) => row.id);
  },

  /** Executions to be stopped of which nobody has told the record yet. */
  async unstopped(sql: Sql, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(SQL.UNSTOPPED, [limit]);
    return rows.map((row) => row.id);
  },

  /** Submissions that are not known to be in the record, older than a moment, or those of the ids. */
  async unsent(
    sql: Sql,
    limit: number,
    which: { olderThanMs: number } | { ids: string[] },
  ): Promise<{ id: string; submission: Record<string, unknown>; start_at: Date | null }[]> {
    return 'ids' in which
      ? sql.rows(SQL.UNSENT_OF, [limit, which.ids])
      : sql.rows(SQL.UNSENT, [limit, which.olderThanMs]);
  },

  async sent(sql: Sql, ids: string[]): Promise<void> {
    await sql.run(SQL.SENT, [ids]);
  },

  async settle(sql: Sql, id: string): Promise<void> {
    await sql.run(SQL.SETTLE, [id]);
  },

  async requestStop(sql: Sql, ids: string[]): Promise<void> {
    await sql.run(SQL.REQUEST_STOP, [ids]);
  },

  /** Forgets tries that never came to be. */
  async forget(sql: Sql, ids: string[]): Promise<void> {
    await sql.run(SQL.FORGET, [ids]);
  },

  /**
   * Looks at `limit` executions behind `after`: forgets those whose job the record has forgotten, and jobs of tasks
   * that are left with none. `last` is where the next look goes on; null: it begins anew.
   */
  async forgetLeft(sql: Sql, after: string, limit: number): Promise<{ last: string | null; gone: number }> {
    const [row] = await sql.rows<{ last: string | null; gone: number }>(SQL.FORGET_LEFT, [after, limit]);
    return row ?? { last: null, gone: 0 };
  },

  /**
   * The ids of a farm to hand out now so that no more than `limit` are out, oldest first. Out is what is neither held
   * nor ended. One caller at a time, by an advisory lock that lasts as long as the transaction.
   */
  async releasable(sql: Sql, farm: string, limit: number): Promise<string[]> {
    await sql.rows(SQL.HOLD_FARM, [`farm ${farm}`]);
    const rows = await sql.rows<{ id: string }>(SQL.RELEASABLE, [farm, limit]);
    return rows.map((row) => row.id);
  },

  /** Jobs of tasks among these jobs of the record, each with the only nodes that may run it (null: any). */
  async among(sql: Sql, ids: string[]): Promise<{ id: string; hosts: string[] | null }[]> {
    return sql.rows(SQL.AMONG, [ids]);
  },

  /** The state of the farm: what runs where, and how much waits. */
  async running(
    sql: Sql,
    limit: number,
    project?: string,
  ): Promise<{ id: string; node: string; container_id: string | null }[]> {
    return sql.rows(SQL.RUNNING, [limit, project ?? null]);
  },

  async waiting(
    sql: Sql,
    project?: string,
  ): Promise<{ queued: number; running: number; scheduled: number; next_at: Date | null }> {
    const rows = await sql.rows<{ queued: string; running: string; scheduled: string; next_at: Date | null }>(
      SQL.WAITING,
      [project ?? null],
    );
    const [row] = rows;
    return {
      queued: Number(row?.queued ?? 0),
      running: Number(row?.running ?? 0),
      scheduled: Number(row?.scheduled ?? 0),
      next_at: row?.next_at ?? null,
    };
  },

  /**
   * By node: how often it has lost a job of a task that has not ended since, within so many seconds, and when last. For
   * the circuits.
   */
  async losses(sql: Sql, withinS: number): Promise<{ node: string; n: number; last_at: Date }[]> {
    return sql.rows(SQL.LOSSES, [withinS]);
  },
};
