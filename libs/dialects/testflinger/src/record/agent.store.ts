import type { Sql } from '@drover/store';

/** The outcome that the last provisions of an agent have in common. */
export const LAB_STREAKS = ['pass', 'fail'] as const;
export type LabStreak = (typeof LAB_STREAKS)[number];

/** A lab agent, as it described itself. */
export interface LabAgentRow {
  name: string;
  data: Record<string, unknown>;
  streak_type: LabStreak | null;
  streak_count: number;
  updated_at: Date;
}

const COLUMNS = 'name, data, streak_type, streak_count, updated_at';
/** Lines, and entries, kept an agent. */
const KEPT = 100;

export const labAgentStore = {
  /** Sent keys replace, others stay; lines are appended and the last 100 kept. */
  async post(sql: Sql, name: string, data: Record<string, unknown>, lines: string[]): Promise<LabAgentRow> {
    const rows = await sql.rows<LabAgentRow>(
      `INSERT INTO testflinger_agent (name, data, log) VALUES ($1, $2::jsonb, $3::text[])
       ON CONFLICT (name) DO UPDATE SET data = testflinger_agent.data || excluded.data, updated_at = now(),
         log = (testflinger_agent.log || excluded.log)[greatest(1, cardinality(testflinger_agent.log) + cardinality(excluded.log) - ${KEPT - 1}):]
       RETURNING ${COLUMNS}`,
      [name, JSON.stringify(data), lines.slice(-KEPT)],
    );
    return rows[0] as LabAgentRow;
  },

  async get(sql: Sql, name: string): Promise<LabAgentRow | null> {
    return (await sql.rows<LabAgentRow>(`SELECT ${COLUMNS} FROM testflinger_agent WHERE name = $1`, [name]))[0] ?? null;
  },

  async log(sql: Sql, name: string): Promise<string[]> {
    return (
      (await sql.rows<{ log: string[] }>('SELECT log FROM testflinger_agent WHERE name = $1', [name]))[0]?.log ?? []
    );
  },

  /** The agents by name: those that serve a queue, or all. */
  async list(sql: Sql, queue?: string): Promise<LabAgentRow[]> {
    return sql.rows<LabAgentRow>(
      `SELECT ${COLUMNS} FROM testflinger_agent WHERE $1::text IS NULL OR data->'queues' ? $1 ORDER BY name LIMIT 10000`,
      [queue ?? null],
    );
  },

  /**
   * Adds a provision's outcome and counts the streak; only the last 100 are kept. An agent that is not known gets no
   * streak (but keeps the entry).
   */
  async provisioned(
    sql: Sql,
    agent: string,
    entry: { job_id: string; exit_code: number; detail: string },
  ): Promise<void> {
    await sql.run('INSERT INTO testflinger_provision_log (agent, job_id, exit_code, detail) VALUES ($1, $2, $3, $4)', [
      agent,
      entry.job_id,
      entry.exit_code,
      entry.detail,
    ]);
    await sql.run(
      `DELETE FROM testflinger_provision_log WHERE agent = $1 AND id <= (SELECT id FROM testflinger_provision_log WHERE agent = $1 ORDER BY id DESC OFFSET ${KEPT} LIMIT 1)`,
      [agent],
    );
    await sql.run(
      `UPDATE testflinger_agent SET streak_count = CASE WHEN streak_type = $2 THEN streak_count + 1 ELSE 1 END, streak_type = $2 WHERE name = $1`,
      [agent, entry.exit_code === 0 ? 'pass' : 'fail'],
    );
  },

  /** Newest first. */
  async provisionLog(
    sql: Sql,
    agent: string,
  ): Promise<{ job_id: string; exit_code: number; detail: string; at: Date }[]> {
    const rows = await sql.rows<{ job_id: string; exit_code: string; detail: string; at: Date }>(
      'SELECT job_id, exit_code, detail, at FROM testflinger_provision_log WHERE agent = $1 ORDER BY id DESC',
      [agent],
    );
    return rows.map((row) => ({ ...row, exit_code: Number(row.exit_code) }));
  },

  async forgetSilent(sql: Sql, seconds: number): Promise<void> {
    await sql.run('DELETE FROM testflinger_agent WHERE updated_at < now() - make_interval(secs => $1)', [seconds]);
    await sql.run('DELETE FROM testflinger_provision_log WHERE at < now() - make_interval(secs => $1)', [seconds]);
  },
};
