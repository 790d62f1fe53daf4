import type { Sql } from '@drover/store';
import type { TaskJob, TaskJobDetails, TaskRow } from './task.rows.js';

const JOB =
  'task_id, job_id, seq, owner, project, details, retry_count, enqueued_id, request_ip, cron_job_id, created_at, modified_at';

/** Tasks and their jobs; their executions are in task-execution.store.ts. */
export const taskStore = {
  /** Creation order. */
  async list(
    sql: Sql,
    page: { limit: number; offset: number; words?: string[]; project?: string },
  ): Promise<{ tasks: TaskRow[]; total: number }> {
    const words = page.words ?? null;
    const project = page.project ?? null;
    const inside =
      project === null
        ? '$1::text IS NULL'
        : 'EXISTS (SELECT 1 FROM task_job t WHERE t.task_id = task.task_id AND t.project = $1)';
    const where = `WHERE ${page.words ? 'words && $2::text[]' : '$2::text[] IS NULL'} AND ${inside}`;
    const count =
      project === null
        ? 'jobs_count'
        : '(SELECT count(*)::int FROM task_job t WHERE t.task_id = task.task_id AND t.project = $1) AS jobs_count';
    const tasks = await sql.rows<TaskRow>(
      `SELECT task_id, ${count}, created_at, modified_at FROM task ${where} ORDER BY seq LIMIT $3 OFFSET $4`,
      [project, words, page.limit, page.offset],
    );
    const rows = await sql.rows<{ n: string }>(`SELECT count(*) AS n FROM task ${where}`, [project, words]);
    return { tasks, total: Number(rows[0]?.n ?? 0) };
  },

  async get(sql: Sql, taskId: string): Promise<TaskRow | null> {
    const rows = await sql.rows<TaskRow>(
      'SELECT task_id, jobs_count, created_at, modified_at FROM task WHERE task_id = $1',
      [taskId],
    );
    return rows[0] ?? null;
  },

  async count(sql: Sql): Promise<{ tasks: number; jobs: number }> {
    const rows = await sql.rows<{ tasks: string; jobs: string }>(
      'SELECT count(*) AS tasks, coalesce(sum(jobs_count), 0) AS jobs FROM task',
    );
    return { tasks: Number(rows[0]?.tasks ?? 0), jobs: Number(rows[0]?.jobs ?? 0) };
  },

  /** Makes the task if need be. */
  async touch(sql: Sql, taskId: string, words: string[], newJobs: number): Promise<void> {
    await sql.run(
      `INSERT INTO task (task_id, words, jobs_count) VALUES ($1, $2, $3)
       ON CONFLICT (task_id) DO UPDATE SET modified_at = now(), jobs_count = task.jobs_count + $3`,
      [taskId, words, newJobs],
    );
  },

  async jobs(sql: Sql, taskId: string, project?: string): Promise<{ job_id: string; created_at: Date }[]> {
    return sql.rows(
      'SELECT job_id, created_at FROM task_job WHERE task_id = $1 AND ($2::text IS NULL OR project = $2) ORDER BY modified_at DESC, seq DESC',
      [taskId, project ?? null],
    );
  },

  async job(sql: Sql, taskId: string, jobId: string): Promise<TaskJob | null> {
    const rows = await sql.rows<TaskJob>(`SELECT ${JOB} FROM task_job WHERE task_id = $1 AND job_id = $2`, [
      taskId,
      jobId,
    ]);
    return rows[0] ?? null;
  },

  /** Every change of a job and its executions goes through this lock. */
  async lockJob(sql: Sql, taskId: string, jobId: string): Promise<TaskJob | null> {
    const rows = await sql.rows<TaskJob>(`SELECT ${JOB} FROM task_job WHERE task_id = $1 AND job_id = $2 FOR UPDATE`, [
      taskId,
      jobId,
    ]);
    return rows[0] ?? null;
  },

  async lockByCron(sql: Sql, cronJobId: string): Promise<TaskJob | null> {
    const rows = await sql.rows<TaskJob>(`SELECT ${JOB} FROM task_job WHERE cron_job_id = $1 FOR UPDATE`, [cronJobId]);
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
    const n = await sql.run(
      `INSERT INTO task_job (task_id, job_id, owner, details, enqueued_id, request_ip, cron_job_id, cron_submitted, project)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7::uuid IS NULL, $8) ON CONFLICT (task_id, job_id) DO NOTHING`,
      [
        job.task_id,
        job.job_id,
        job.owner,
        JSON.stringify(job.details),
        job.enqueued_id,
        job.request_ip,
        job.cron_job_id,
        job.project,
      ],
    );
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
    if (set.length > 0)
      await sql.run(`UPDATE task_job SET ${set.join(', ')} WHERE task_id = $1 AND job_id = $2`, params);
  },

  /** Jobs whose cron parent is not known to be in the record, older than a moment. */
  async unsentCrons(sql: Sql, limit: number, olderThanMs: number): Promise<TaskJob[]> {
    return sql.rows(
      `SELECT ${JOB} FROM task_job WHERE NOT cron_submitted AND modified_at < now() - $2 * interval '1 millisecond' ORDER BY seq LIMIT $1`,
      [limit, olderThanMs],
    );
  },

  async cronSent(sql: Sql, cronJobId: string): Promise<void> {
    await sql.run('UPDATE task_job SET cron_submitted = true WHERE cron_job_id = $1', [cronJobId]);
  },

  /** Jobs with a cron that has not been stopped. */
  async crons(sql: Sql, limit: number, project?: string): Promise<TaskJob[]> {
    return sql.rows(
      `SELECT ${JOB} FROM task_job WHERE cron_job_id IS NOT NULL AND ($2::text IS NULL OR project = $2) ORDER BY seq LIMIT $1`,
      [limit, project ?? null],
    );
  },

  /** The cron parent has ended in the record (cancelled there). */
  async cronEnded(sql: Sql, cronJobIds: string[]): Promise<void> {
    await sql.run(
      'UPDATE task_job SET cron_job_id = NULL, cron_submitted = true, modified_at = now() WHERE cron_job_id = ANY($1::uuid[])',
      [cronJobIds],
    );
  },

  async blockedHosts(sql: Sql): Promise<string[]> {
    return (await sql.rows<{ host: string }>('SELECT host FROM task_host_block ORDER BY host')).map((row) => row.host);
  },

  async blockHost(sql: Sql, host: string): Promise<void> {
    await sql.run('INSERT INTO task_host_block (host) VALUES ($1) ON CONFLICT DO NOTHING', [host]);
  },

  async unblockHost(sql: Sql, host: string): Promise<void> {
    await sql.run('DELETE FROM task_host_block WHERE host = $1', [host]);
  },
};
