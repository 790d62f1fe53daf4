import type { Agent, Placed } from '@drover/domain';
import type { StoredJob } from './job.columns.js';
import * as SQL from './placement.sql.js';
import { holdLock } from './session.js';
import type { Sql } from './sql.js';

/** The use of one node, as placement counts it. */
export interface NodeUse {
  agent_id: string;
  /** Open executions of plain jobs. */
  plain: number;
  placed: Placed[];
  /** Open executions by queue. */
  queues: Record<string, number>;
}

export interface PlacementNode extends Pick<Agent, 'id' | 'name' | 'queues' | 'slots' | 'facts' | 'last_seen_at'> {
  boot_id: string;
  /** Slots that plain jobs do not get. */
  reserved: number;
  reserved_for: string | null;
}

export const placementStore = {
  /** Is there anything to do: jobs that wait, or reservations to be given up? One index look each. */
  async pending(sql: Sql): Promise<boolean> {
    const rows = await sql.rows<{ some: boolean }>(SQL.PENDING);
    return rows[0]?.some ?? false;
  },

  /** Holds the others off until this transaction ends. The statements after it see what they did. */
  async lock(sql: Sql): Promise<void> {
    await holdLock(sql, 'placement');
  },

  /** Jobs that may start, best first. */
  async waiting(sql: Sql, limit: number): Promise<StoredJob[]> {
    return sql.rows<StoredJob>(SQL.WAITING, [limit]);
  },

  /** Locks those of these jobs that may still start. What another transaction is changing is left out. */
  async lockStartable(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<StoredJob>(SQL.LOCK_STARTABLE, [ids]);
    return new Map(rows.map((row) => [row.id, row]));
  },

  /** Workers that take jobs (nothing blocks them) and were heard of lately. */
  async nodes(sql: Sql, freshMs: number): Promise<PlacementNode[]> {
    return sql.rows<PlacementNode>(SQL.NODES, [freshMs]);
  },

  /** In id order. From here on no claim of theirs is under way: claims hold these rows shared. */
  async lockNodes(sql: Sql, ids: string[]): Promise<void> {
    if (ids.length > 0) await sql.rows(SQL.LOCK_NODES, [ids]);
  },

  async use(sql: Sql): Promise<Map<string, NodeUse>> {
    const rows = await sql.rows<{ agent_id: string; queue: string; plain: string; n: string; placed: Placed[] | null }>(
      SQL.USE,
    );
    const uses = new Map<string, NodeUse>();
    for (const row of rows) {
      const use = uses.get(row.agent_id) ?? { agent_id: row.agent_id, plain: 0, placed: [], queues: {} };
      uses.set(row.agent_id, use);
      use.plain += Number(row.plain);
      use.placed.push(...(row.placed ?? []));
      use.queues[row.queue] = Number(row.n);
    }
    return uses;
  },

  async reserve(sql: Sql, nodes: { id: string; reserved: number; reserved_for: string | null }[]): Promise<void> {
    if (nodes.length === 0) return;
    await sql.run(SQL.RESERVE, [JSON.stringify(nodes)]);
  },

  /** Nodes with a reservation, whatever their state. */
  async reserved(sql: Sql): Promise<PlacementNode[]> {
    return sql.rows<PlacementNode>(SQL.RESERVED);
  },
};
