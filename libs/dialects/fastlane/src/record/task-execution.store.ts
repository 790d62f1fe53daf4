import type { Sql } from '@drover/store';
import { RUN_COLUMNS, type NewTaskExecution, type TaskExecution } from './task.rows.js';

type Row = Omit<TaskExecution, 'stdout_bytes' | 'stderr_bytes'> & { stdout_bytes: string; stderr_bytes: string };

const VIEW = `SELECT x.id, x.task_id, x.job_id, x.seq, x.image, x.command, x.request_ip, x.origin, x.created_at, x.start_at, x.farm, x.stop_requested, x.settled,
    ${RUN_COLUMNS}
  FROM task_execution x LEFT JOIN job j ON j.id = x.id LEFT JOIN execution e ON e.id = j.execution_id`;
/** There already, and not deleted from the record since. */
const THERE = 'x.created_at <= now() AND (j.id IS NOT NULL OR x.submission IS NOT NULL)';

const toView = (row: Row): TaskExecution => ({
  ...row,
  stdout_bytes: Number(row.stdout_bytes),
  stderr_bytes: Number(row.stderr_bytes),
});

export const taskExecutionStore = {
  /** False: the tick has an execution already. */
  async insert(sql: Sql, one: NewTaskExecution): Promise<boolean> {
    const n = await sql.run(
      `INSERT INTO task_execution (id, task_id, job_id, image, command, request_ip, origin, tick_at, start_at, created_at, farm, submission)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10::timestamptz, now()), $11, $12)
       ON CONFLICT (task_id, job_id, tick_at) WHERE tick_at IS NOT NULL DO NOTHING`,
      [
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
      ],
    );
    return n === 1;
  },

  /** Newest first. */
  async ofJob(
    sql: Sql,
    taskId: string,
    jobId: string,
    page: { limit: number; offset: number },
  ): Promise<TaskExecution[]> {
    const rows = await sql.rows<Row>(
      `${VIEW} WHERE x.task_id = $1 AND x.job_id = $2 AND ${THERE} ORDER BY x.created_at DESC, x.seq DESC LIMIT $3 OFFSET $4`,
      [taskId, jobId, page.limit, page.offset],
    );
    return rows.map(toView);
  },

  /** A page of them and how many there are in all, read in one statement: both are of one moment. */
  async pageOfJob(
    sql: Sql,
    taskId: string,
    jobId: string,
    page: { limit: number; offset: number },
  ): Promise<{ rows: TaskExecution[]; count: number }> {
    const counted = VIEW.replace('SELECT ', 'SELECT count(*) OVER () AS total, ');
    const rows = await sql.rows<Row & { total: string }>(
      `${counted} WHERE x.task_id = $1 AND x.job_id = $2 AND ${THERE} ORDER BY x.created_at DESC, x.seq DESC LIMIT $3 OFFSET $4`,
      [taskId, jobId, page.limit, page.offset],
    );
    // A page beyond the last has no row to tell the number.
    const count = rows[0] ? Number(rows[0].total) : page.offset > 0 ? await this.countOfJob(sql, taskId, jobId) : 0;
    return { rows: rows.map(({ total: _, ...row }) => toView(row)), count };
  },

  async countOfJob(sql: Sql, taskId: string, jobId: string): Promise<number> {
    const rows = await sql.rows<{ n: string }>(
      `SELECT count(*) AS n FROM task_execution x LEFT JOIN job j ON j.id = x.id WHERE x.task_id = $1 AND x.job_id = $2 AND ${THERE}`,
      [taskId, jobId],
    );
    return Number(rows[0]?.n ?? 0);
  },

  async get(sql: Sql, id: string): Promise<TaskExecution | null> {
    const rows = await sql.rows<Row>(`${VIEW} WHERE x.id = $1`, [id]);
    return rows[0] ? toView(rows[0]) : null;
  },

  /** The tries of a job that are not settled yet, oldest first; also those that are still to come. */
  async open(sql: Sql, taskId: string, jobId: string): Promise<TaskExecution[]> {
    const rows = await sql.rows<Row>(
      `${VIEW} WHERE x.task_id = $1 AND x.job_id = $2 AND NOT x.settled ORDER BY x.created_at, x.seq`,
      [taskId, jobId],
    );
    return rows.map(toView);
  },

  /** Not settled although their job in the record has ended, or is gone. */
  async owed(sql: Sql, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(
      `SELECT x.id FROM task_execution x LEFT JOIN job j ON j.id = x.id
       WHERE NOT x.settled AND x.submission IS NULL AND (j.id IS NULL OR j.state IN ('succeeded','failed','cancelled','expired')) ORDER BY x.seq LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.id);
  },

  /** Executions to be stopped of which nobody has told the record yet. */
  async unstopped(sql: Sql, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(
      `SELECT x.id FROM task_execution x JOIN job j ON j.id = x.id
       WHERE NOT x.settled AND x.stop_requested AND j.state IN ('scheduled','queued','claimed','running') ORDER BY x.seq LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.id);
  },

  /** Submissions that are not known to be in the record, older than a moment, or those of the ids. */
  async unsent(
    sql: Sql,
    limit: number,
    which: { olderThanMs: number } | { ids: string[] },
  ): Promise<{ id: string; submission: Record<string, unknown>; start_at: Date | null }[]> {
    const [where, value] =
      'ids' in which
        ? ['id = ANY($2::uuid[])', which.ids]
        : [`least(created_at, now()) < now() - $2 * interval '1 millisecond'`, which.olderThanMs];
    return sql.rows(
      `SELECT id, submission, start_at FROM task_execution WHERE NOT settled AND submission IS NOT NULL AND ${where} ORDER BY seq LIMIT $1`,
      [limit, value],
    );
  },

  async sent(sql: Sql, ids: string[]): Promise<void> {
    await sql.run('UPDATE task_execution SET submission = NULL WHERE id = ANY($1::uuid[])', [ids]);
  },

  async settle(sql: Sql, id: string): Promise<void> {
    await sql.run('UPDATE task_execution SET settled = true, submission = NULL WHERE id = $1', [id]);
  },

  async requestStop(sql: Sql, ids: string[]): Promise<void> {
    await sql.run('UPDATE task_execution SET stop_requested = true WHERE id = ANY($1::uuid[])', [ids]);
  },

  /** Forgets tries that never came to be. */
  async forget(sql: Sql, ids: string[]): Promise<void> {
    await sql.run('DELETE FROM task_execution WHERE id = ANY($1::uuid[]) AND created_at > now()', [ids]);
  },

  /**
   * The ids of a farm to hand out now so that no more than `limit` are out, oldest first. Out is what is neither held
   * nor ended. One caller at a time, by an advisory lock that lasts as long as the transaction.
   */
  async releasable(sql: Sql, farm: string, limit: number): Promise<string[]> {
    await sql.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 4))', [`farm ${farm}`]);
    const rows = await sql.rows<{ id: string }>(
      `WITH members AS (SELECT x.seq, j.id, j.held, j.start_at, j.state FROM task_execution x JOIN job j ON j.id = x.id
         WHERE x.farm = $1 AND NOT x.settled AND j.state IN ('scheduled','queued','claimed','running','cancelling'))
       SELECT id FROM members WHERE held AND (start_at IS NULL OR start_at <= now()) ORDER BY seq
       LIMIT greatest(0, $2 - (SELECT count(*) FROM members WHERE NOT held))`,
      [farm, limit],
    );
    return rows.map((row) => row.id);
  },

  /** Jobs of tasks among these jobs of the record, each with the only nodes that may run it (null: any). */
  async among(sql: Sql, ids: string[]): Promise<{ id: string; hosts: string[] | null }[]> {
    return sql.rows(
      `SELECT j.id, j.payload->'fastlane'->'hosts' AS hosts FROM job j WHERE j.id = ANY($1::uuid[]) AND j.dialect = 'fastlane'`,
      [ids],
    );
  },

  /** The state of the farm: what runs where, and how much waits. */
  async running(
    sql: Sql,
    limit: number,
    project?: string,
  ): Promise<{ id: string; node: string; container_id: string | null }[]> {
    return sql.rows(
      `SELECT x.id, j.node, e.container_id FROM task_execution x JOIN job j ON j.id = x.id JOIN execution e ON e.id = j.execution_id
       WHERE NOT x.settled AND j.state IN ('running','cancelling') AND ($2::text IS NULL OR j.project = $2) ORDER BY x.seq LIMIT $1`,
      [limit, project ?? null],
    );
  },

  async waiting(
    sql: Sql,
    project?: string,
  ): Promise<{ queued: number; running: number; scheduled: number; next_at: Date | null }> {
    const rows = await sql.rows<{ queued: string; running: string; scheduled: string; next_at: Date | null }>(
      `SELECT count(*) FILTER (WHERE j.state = 'queued' OR j.id IS NULL) AS queued,
         count(*) FILTER (WHERE j.state IN ('claimed','running','cancelling')) AS running,
         count(*) FILTER (WHERE j.state = 'scheduled') AS scheduled, min(j.start_at) FILTER (WHERE j.state = 'scheduled') AS next_at
       FROM task_execution x LEFT JOIN job j ON j.id = x.id WHERE NOT x.settled AND ($1::text IS NULL OR j.project = $1)`,
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
    return sql.rows(
      `SELECT e.node, count(*)::int AS n, max(e.finished_at) AS last_at FROM task_execution x JOIN execution e ON e.job_id = x.id
       WHERE NOT x.settled AND e.cause = 'agent_lost' AND e.finished_at > now() - $1 * interval '1 second' GROUP BY e.node`,
      [withinS],
    );
  },
};
