import type { Sql } from '@drover/store';
import type { TaskJob, TaskJobDetails, TaskRow } from './task.rows.js';
import * as SQL from './task.sql.js';

/** Tasks and their jobs; their executions are in task-execution.store.ts. */
export const taskStore = {
  /** Creation order. */
  async list(
    sql: Sql,
    page: { limit: number; offset: number; words?: string[]; project?: string },
  ): Promise<{ tasks: TaskRow[]; total: number }> {
    const words = page.words ?? null;
    const project = page.project ?? null;
    const asked = { words: words !== null, project: project !== null };
    const tasks = await sql.rows<TaskRow>(SQL.tasks(asked), [project, words, page.limit, page.offset]);
    const rows = await sql.rows<{ n: string }>(SQL.tasksCounted(asked), [project, words]);
    return { tasks, total: Number(rows[0]?.n ?? 0) };
  },

  async get(sql: Sql, taskId: string): Promise<TaskRow | null> {
    const rows = await sql.rows<TaskRow>(SQL.TASK, [taskId]);
    return rows[0] ?? null;
  },

  async count(sql: Sql): Promise<{ tasks: number; jobs: number }> {
    const rows = await sql.rows<{ tasks: string; jobs: string }>(SQL.COUNTS);
    return { tasks: Number(rows[0]?.tasks ?? 0), jobs: Number(rows[0]?.jobs ?? 0) };
  },

  /** Makes the task if need be. */
  async touch(sql: Sql, taskId: string, words: string[], newJobs: number): Promise<void> {
    await sql.run(SQL.TOUCH, [taskId, words, newJobs]);
  },

  async jobs(sql: Sql, taskId: string, project?: string): Promise<{ job_id: string; created_at: Date }[]> {
    return sql.rows(SQL.JOBS, [taskId, project ?? null]);
  },

  async job(sql: Sql, taskId: string, jobId: string): Promise<TaskJob | null> {
    const rows = await sql.rows<TaskJob>(SQL.JOB, [taskId, jobId]);
    return rows[0] ?? null;
  },

  /** Every change of a job and its executions goes through this lock. */
  async lockJob(sql: Sql, taskId: string, jobId: string): Promise<TaskJob | null> {
    const rows = await sql.rows<TaskJob>(SQL.LOCK_JOB, [taskId, jobId]);
    return rows[0] ?? null;
  },

  async lockByCron(sql: Sql, cronJobId: string): Promise<TaskJob | null> {
    const rows = await sql.rows<TaskJob>(SQL.LOCK_BY_CRON, [cronJobId]);
    return rows[0] ?? null;
  },

  /** False: somebody else has made it at the same time. */
  async insertJob(
    sql: Sql,
    job: {
      task_id: string;
      job_id: string;
      owner: string;
      project: string;
      details: TaskJobDetails;
      enqueued_id: string;
      request_ip: string | null;
      cron_job_id: string | null;
    },
  ): Promise<boolean> {
    const n = await sql.run(SQL.INSERT_JOB, [
      job.task_id,
      job.job_id,
      job.owner,
      JSON.stringify(job.details),
      job.enqueued_id,
      job.request_ip,
      job.cron_job_id,
      job.project,
    ]);
    return n === 1;
  },

  /** The row must be locked. Anything absent stays. */
  async patchJob(
    sql: Sql,
    job: Pick<TaskJob, 'task_id' | 'job_id'>,
    patch: {
      details?: TaskJobDetails;
      retry_count?: number;
      enqueued_id?: string;
      request_ip?: string | null;
      cron_job_id?: string | null;
      touch?: boolean;
    },
  ): Promise<void> {
    const set: string[] = [];
    const params: unknown[] = [job.task_id, job.job_id];
    const add = (column: string, value: unknown): void => {
      params.push(value);
      set.push(`${column} = $${params.length}`);
    };
    if (patch.details !== undefined) add('details', JSON.stringify(patch.details));
    if (patch.retry_count !== undefined) add('retry_count', patch.retry_count);
    if (patch.enqueued_id !== undefined) add('enqueued_id', patch.enqueued_id);
    if (patch.request_ip !== undefined) add('request_ip', patch.request_ip);
    if (patch.cron_job_id !== undefined) {
      add('cron_job_id', patch.cron_job_id);
      set.push(`cron_submitted = ${patch.cron_job_id === null}`);
    }
    if (patch.touch ?? true) set.push('modified_at = now()');
    if (set.length > 0) await sql.run(SQL.patchJob(set), params);
  },

  /** Jobs whose cron parent is not known to be in the record, older than a moment. */
  async unsentCrons(sql: Sql, limit: number, olderThanMs: number): Promise<TaskJob[]> {
    return sql.rows(SQL.UNSENT_CRONS, [limit, olderThanMs]);
  },

  async cronSent(sql: Sql, cronJobId: string): Promise<void> {
    await sql.run(SQL.CRON_SENT, [cronJobId]);
  },

  /** Jobs with a cron that has not been stopped. */
  async crons(sql: Sql, limit: number, project?: string): Promise<TaskJob[]> {
    return sql.rows(SQL.CRONS, [limit, project ?? null]);
  },

  /** The cron parent has ended in the record (cancelled there). */
  async cronEnded(sql: Sql, cronJobIds: string[]): Promise<void> {
    await sql.run(SQL.CRON_ENDED, [cronJobIds]);
  },

  async blockedHosts(sql: Sql): Promise<string[]> {
    return (await sql.rows<{ host: string }>(SQL.BLOCKED_HOSTS)).map((row) => row.host);
  },

  async blockHost(sql: Sql, host: string): Promise<void> {
    await sql.run(SQL.BLOCK_HOST, [host]);
  },

  async unblockHost(sql: Sql, host: string): Promise<void> {
    await sql.run(SQL.UNBLOCK_HOST, [host]);
  },
};
