import type { Sql } from '@drover/store';
import * as SQL from './agent.sql.js';

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

export const labAgentStore = {
  /** Sent keys replace, others stay; lines are appended and the last 100 kept. */
  async post(sql: Sql, name: string, data: Record<string, unknown>, lines: string[]): Promise<LabAgentRow> {
    const rows = await sql.rows<LabAgentRow>(SQL.POST, [name, JSON.stringify(data), lines.slice(-SQL.KEPT)]);
    return rows[0] as LabAgentRow;
  },

  async get(sql: Sql, name: string): Promise<LabAgentRow | null> {
    return (await sql.rows<LabAgentRow>(SQL.AGENT, [name]))[0] ?? null;
  },

  async log(sql: Sql, name: string): Promise<string[]> {
    return (await sql.rows<{ log: string[] }>(SQL.LOG, [name]))[0]?.log ?? [];
  },

  /** The agents by name: those that serve a queue, or all. */
  async list(sql: Sql, queue?: string): Promise<LabAgentRow[]> {
    return sql.rows<LabAgentRow>(SQL.LIST, [queue ?? null]);
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
    await sql.run(SQL.INSERT_PROVISION, [agent, entry.job_id, entry.exit_code, entry.detail]);
    await sql.run(SQL.TRIM_PROVISIONS, [agent]);
    await sql.run(SQL.COUNT_STREAK, [agent, entry.exit_code === 0 ? 'pass' : 'fail']);
  },

  /** Newest first. */
  async provisionLog(
    sql: Sql,
    agent: string,
  ): Promise<{ job_id: string; exit_code: number; detail: string; at: Date }[]> {
    const rows = await sql.rows<{ job_id: string; exit_code: string; detail: string; at: Date }>(SQL.PROVISIONS, [
      agent,
    ]);
    return rows.map((row) => ({ ...row, exit_code: Number(row.exit_code) }));
  },

  async forgetSilent(sql: Sql, seconds: number): Promise<void> {
    await sql.run(SQL.FORGET, [seconds]);
    await sql.run(SQL.FORGET_PROVISIONS, [seconds]);
  },
};
