import type { Agent } from '@drover/domain';
import * as SQL from './agent.sql.js';
import type { Sql } from './sql.js';

export type StoredAgent = Agent & { token_hash: string | null };

/** A heartbeat as the record takes it. What is absent stays as it was; of `blocked_by`, nothing keeps it from work. */
export interface Beat {
  id: string;
  slots_free: number;
  facts?: unknown;
  queues?: string[];
  draining?: boolean;
  cpu_load?: number;
  disk?: { free_bytes: number; total_bytes: number };
  blocked_by?: string;
  clock_skew_ms?: number;
}

export const agentStore = {
  /** Registers by name: a known name keeps its id, everything else is replaced. */
  async upsert(sql: Sql, agent: Omit<StoredAgent, 'registered_at' | 'last_seen_at'>): Promise<StoredAgent> {
    const rows = await sql.rows<StoredAgent>(SQL.UPSERT, [
      agent.id,
      agent.name,
      agent.kind,
      agent.state,
      agent.queues,
      agent.slots,
      agent.slots_free,
      agent.facts === null ? null : JSON.stringify(agent.facts),
      agent.boot_id,
      agent.token_hash,
      JSON.stringify(agent.payload),
    ]);
    return rows[0] as StoredAgent;
  },

  async byName(sql: Sql, name: string): Promise<StoredAgent | null> {
    return (await sql.rows<StoredAgent>(SQL.BY_NAME, [name]))[0] ?? null;
  },

  /** Finds an agent by its name, in the state that others see. */
  async seenByName(sql: Sql, name: string): Promise<StoredAgent | null> {
    return (await sql.rows<StoredAgent>(SQL.SEEN_BY_NAME, [name]))[0] ?? null;
  },

  /** Slots of this agent that plain jobs do not get. */
  async reserved(sql: Sql, id: string): Promise<number> {
    return (await sql.rows<{ reserved: number }>(SQL.SLOTS_RESERVED, [id]))[0]?.reserved ?? 0;
  },

  async byTokenHash(sql: Sql, id: string, hash: string): Promise<StoredAgent | null> {
    return (await sql.rows<StoredAgent>(SQL.BY_TOKEN_HASH, [id, hash]))[0] ?? null;
  },

  /** Lists the agents, each in the state that others see. */
  async list(sql: Sql, filter: { queue?: string; kind?: Agent['kind'] } = {}): Promise<StoredAgent[]> {
    return sql.rows<StoredAgent>(SQL.LIST, [filter.queue ?? null, filter.kind ?? null]);
  },

  /**
   * Notes heartbeats of agents, at most one of each: they live, and come back from being offline. `blocked_by` stays as
   * long as each beat says so. Gives the agents as they are now; one that is gone is absent.
   */
  async heartbeats(sql: Sql, beats: Beat[]): Promise<(StoredAgent & { reserved: number })[]> {
    return sql.rows(SQL.HEARTBEATS, [JSON.stringify(beats)]);
  },

  async seen(sql: Sql, ids: string[]): Promise<void> {
    await sql.run(SQL.PULL_SEEN, [ids]);
  },

  /** Nobody knows of an offline worker what would keep it from work. */
  async setState(sql: Sql, id: string, state: Agent['state']): Promise<void> {
    await sql.run(SQL.SET_STATE, [id, state]);
  },

  /**
   * Whatever it said proves that it lives. Its state stays: `offline` means that it was declared lost, or has left.
   * Null: there is no such agent, or it was revoked.
   */
  async alive(sql: Sql, id: string): Promise<Agent['state'] | null> {
    return (await sql.rows<{ state: Agent['state'] }>(SQL.ALIVE, [id]))[0]?.state ?? null;
  },

  /**
   * Workers whose last word is older than this and that count as alive or still hold executions: from here on they
   * count as lost. One statement, so that a word that comes at the same moment either is seen or finds the agent
   * offline. `lost_at`: what it claims from then on is not concerned.
   */
  async declareLost(sql: Sql, ageMs: number): Promise<(StoredAgent & { lost_at: Date })[]> {
    return sql.rows<StoredAgent & { lost_at: Date }>(SQL.DECLARE_LOST, [ageMs]);
  },

  async delete(sql: Sql, id: string): Promise<void> {
    await sql.run(SQL.DELETE, [id]);
  },
};
