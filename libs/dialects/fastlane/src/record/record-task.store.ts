import type { Sql } from '@drover/store';
import * as SQL from './task-execution.sql.js';
import type { TaskExecution, TaskJob, TaskRow } from './task.rows.js';

type Row = Omit<TaskExecution, 'stdout_bytes' | 'stderr_bytes' | 'command'> & {
  stdout_bytes: string;
  stderr_bytes: string;
  command: string | string[] | null;
  owner: string;
  project: string;
  modified_at: Date;
};

const lineOf = (command: Row['command']): string => (Array.isArray(command) ? command.join(' ') : (command ?? ''));

function toExecution({ owner: _, project: ___, modified_at: __, ...row }: Row): TaskExecution {
  return {
    ...row,
    command: lineOf(row.command),
    stdout_bytes: Number(row.stdout_bytes),
    stderr_bytes: Number(row.stderr_bytes),
  };
}

function toJob(row: Row): TaskJob {
  const line = lineOf(row.command);
  const details = {
    image: row.image,
    command: line,
    words: Array.isArray(row.command) ? row.command : [line],
    envs: {},
    custom: null,
    retries: 0,
    timeout: row.timeout_s ?? 0,
    expiration: row.expires_at === null ? null : Math.floor(row.expires_at.getTime() / 1000),
    cron: null,
    notify: { succeeds: [], fails: [], finishes: [] },
    webhooks: { succeeds: [], fails: [], finishes: [] },
    extra_hosts: [] as [string, string][],
  };
  return {
    task_id: row.task_id,
    job_id: row.id,
    seq: row.seq,
    owner: row.owner,
    project: row.project,
    details,
    retry_count: 0,
    enqueued_id: row.id,
    request_ip: null,
    cron_job_id: null,
    created_at: row.created_at,
    modified_at: row.modified_at,
  };
}

/**
 * Jobs that came through another API, as tasks show theirs: the queue is the task, the job has one execution with its
 * own id, which is its present or last run. To be read only. Their environments are not shown.
 */
export const recordTaskStore = {
  /** A queue with such jobs, the newest `limit` of them first; null: it has none. */
  async task(
    sql: Sql,
    queue: string,
    limit: number,
    project?: string,
  ): Promise<{ task: TaskRow; jobs: { job_id: string; created_at: Date }[] } | null> {
    const jobs = await sql.rows<{ job_id: string; created_at: Date }>(SQL.OTHERS_OF_QUEUE, [
      queue,
      limit,
      project ?? null,
    ]);
    const newest = jobs[0];
    return newest
      ? {
          task: {
            task_id: queue,
            jobs_count: jobs.length,
            created_at: (jobs.at(-1) ?? newest).created_at,
            modified_at: newest.created_at,
          },
          jobs,
        }
      : null;
  },

  async find(sql: Sql, queue: string, jobId: string): Promise<{ job: TaskJob; execution: TaskExecution } | null> {
    const rows = await sql.rows<Row>(SQL.OTHER_OF_QUEUE, [jobId, queue]);
    return rows[0] ? { job: toJob(rows[0]), execution: toExecution(rows[0]) } : null;
  },

  async execution(sql: Sql, id: string): Promise<TaskExecution | null> {
    const rows = await sql.rows<Row>(SQL.OTHER_JOB, [id]);
    return rows[0] ? toExecution(rows[0]) : null;
  },
};
