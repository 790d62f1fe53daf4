import type { Sql } from '@drover/store';
import { RUN_COLUMNS, type TaskExecution, type TaskJob, type TaskRow } from './task.rows.js';

type Row = Omit<TaskExecution, 'stdout_bytes' | 'stderr_bytes' | 'command'> & {
  stdout_bytes: string;
  stderr_bytes: string;
  command: string | string[] | null;
  owner: string;
  project: string;
  modified_at: Date;
};

/** A job that no task has made; parents of schedules never run themselves. */
const OTHERS = `j.dialect <> 'fastlane' AND j.cron IS NULL`;

const VIEW = `SELECT j.id, j.queue AS task_id, j.id AS job_id, j.seq, coalesce(j.spec->'container'->>'image', '') AS image, j.spec->'command' AS command, NULL AS request_ip, 'now' AS origin,
    j.created_at, j.start_at, NULL AS farm, j.state IN ('cancelling','cancelled') AS stop_requested, j.finished_at IS NOT NULL AS settled,
    ${RUN_COLUMNS},
    j.owner, j.project, coalesce(j.finished_at, j.started_at, j.created_at) AS modified_at
  FROM job j LEFT JOIN execution e ON e.id = j.execution_id`;

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
    const jobs = await sql.rows<{ job_id: string; created_at: Date }>(
      `SELECT j.id AS job_id, j.created_at FROM job j WHERE j.queue = $1 AND ${OTHERS} AND ($3::text IS NULL OR j.project = $3) ORDER BY j.seq DESC LIMIT $2`,
      [queue, limit, project ?? null],
    );
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
    const rows = await sql.rows<Row>(`${VIEW} WHERE j.id = $1 AND j.queue = $2 AND ${OTHERS}`, [jobId, queue]);
    return rows[0] ? { job: toJob(rows[0]), execution: toExecution(rows[0]) } : null;
  },

  async execution(sql: Sql, id: string): Promise<TaskExecution | null> {
    const rows = await sql.rows<Row>(`${VIEW} WHERE j.id = $1 AND ${OTHERS}`, [id]);
    return rows[0] ? toExecution(rows[0]) : null;
  },
};
