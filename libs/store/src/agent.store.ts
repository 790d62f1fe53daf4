import { PULL_SILENCE_S, type Agent } from '@drover/domain';
import type { Sql } from './sql.js';

export type StoredAgent = Agent & { token_hash: string | null };

const COLUMNS =
  'id, name, kind, state, queues, slots, slots_free, facts, boot_id, token_hash, payload, registered_at, last_seen_at';

/**
 * The same as others see it. Nobody sweeps HTTP-pull agents, and they say nothing of slots: when they were last seen
 * decides whether they are there, and what they hold whether they are busy.
 */
const SEEN_COLUMNS = COLUMNS.replace(
  'state,',
  `CASE WHEN a.kind = 'pull' AND a.last_seen_at < now() - make_interval(secs => CASE WHEN open.n > 0 THEN ${PULL_SILENCE_S.busy} ELSE ${PULL_SILENCE_S.idle} END) THEN 'offline' ELSE a.state END AS state,`,
).replace(
  'slots_free,',
  `CASE WHEN a.kind = 'pull' THEN greatest(0, a.slots - open.n)::int ELSE a.slots_free END AS slots_free,`,
);
const SEEN = `agent a CROSS JOIN LATERAL (SELECT count(*) AS n FROM execution e WHERE a.kind = 'pull' AND e.agent_id = a.id AND e.state <> 'ended') open`;

export const agentStore = {
  /** Registers by name: a known name keeps its id, everything else is replaced. */
  async upsert(sql: Sql, agent: Omit<StoredAgent, 'registered_at' | 'last_seen_at'>): Promise<StoredAgent> {
    const rows = await sql.rows<StoredAgent>(
      `INSERT INTO agent (id, name, kind, state, queues, slots, slots_free, facts, boot_id, token_hash, payload, registered_at, last_seen_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), now())
       ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, state = excluded.state, queues = excluded.queues, slots = excluded.slots,
         slots_free = excluded.slots_free, facts = excluded.facts, boot_id = excluded.boot_id, token_hash = coalesce(excluded.token_hash, agent.token_hash),
         payload = agent.payload || excluded.payload, registered_at = now(), last_seen_at = now()
       RETURNING ${COLUMNS}`,
      [
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
      ],
    );
    return rows[0] as StoredAgent;
  },

  async byName(sql: Sql, name: string): Promise<StoredAgent | null> {
    return (await sql.rows<StoredAgent>(`SELECT ${COLUMNS} FROM agent WHERE name = $1`, [name]))[0] ?? null;
  },

  /** As others see it. */
  async seenByName(sql: Sql, name: string): Promise<StoredAgent | null> {
    return (await sql.rows<StoredAgent>(`SELECT ${SEEN_COLUMNS} FROM ${SEEN} WHERE a.name = $1`, [name]))[0] ?? null;
  },

  /** Slots of this agent that plain jobs do not get. */
  async reserved(sql: Sql, id: string): Promise<number> {
    return (await sql.rows<{ reserved: number }>('SELECT reserved FROM agent WHERE id = $1', [id]))[0]?.reserved ?? 0;
  },

  async byTokenHash(sql: Sql, id: string, hash: string): Promise<StoredAgent | null> {
    return (
      (await sql.rows<StoredAgent>(`SELECT ${COLUMNS} FROM agent WHERE id = $1 AND token_hash = $2`, [id, hash]))[0] ??
      null
    );
  },

  /** As others see them. */
  async list(sql: Sql, filter: { queue?: string; kind?: Agent['kind'] } = {}): Promise<StoredAgent[]> {
    return sql.rows<StoredAgent>(
      `SELECT ${SEEN_COLUMNS} FROM ${SEEN} WHERE ($1::text IS NULL OR a.queues @> ARRAY[$1::text]) AND ($2::text IS NULL OR a.kind = $2) ORDER BY a.name LIMIT 10000`,
      [filter.queue ?? null, filter.kind ?? null],
    );
  },

  /**
   * A sign of life. `revive`: an agent marked offline by the sweep is online again. Why it takes no work holds for as
   * long as each beat says so.
   */
  async heartbeat(
    sql: Sql,
    id: string,
    beat: {
      slots_free: number;
      facts?: unknown;
      queues?: string[];
      draining?: boolean;
      cpu_load?: number;
      blocked_by?: string;
      clock_skew_ms?: number;
    },
  ): Promise<StoredAgent | null> {
    const rows = await sql.rows<StoredAgent>(
      `UPDATE agent SET last_seen_at = now(), slots_free = $2, facts = coalesce($3::jsonb, facts), queues = coalesce($4::text[], queues),
         payload = (payload - 'blocked_by') || jsonb_strip_nulls(jsonb_build_object('cpu_load', $6::float8, 'blocked_by', $7::text, 'clock_skew_ms', $8::bigint)),
         state = CASE WHEN $5::boolean THEN 'draining' WHEN state = 'offline' THEN 'online' ELSE state END
       WHERE id = $1 RETURNING ${COLUMNS}`,
      [
        id,
        beat.slots_free,
        beat.facts === undefined ? null : JSON.stringify(beat.facts),
        beat.queues ?? null,
        beat.draining ?? false,
        beat.cpu_load ?? null,
        beat.blocked_by ?? null,
        beat.clock_skew_ms ?? null,
      ],
    );
    return rows[0] ?? null;
  },

  async seen(sql: Sql, ids: string[]): Promise<void> {
    await sql.run(`UPDATE agent SET last_seen_at = now() WHERE id = ANY($1::uuid[]) AND kind = 'pull'`, [ids]);
  },

  /** Nobody knows of an offline worker what would keep it from work. */
  async setState(sql: Sql, id: string, state: Agent['state']): Promise<void> {
    await sql.run(
      `UPDATE agent SET state = $2, payload = CASE WHEN $2 = 'offline' AND kind = 'worker' THEN payload - 'blocked_by' ELSE payload END WHERE id = $1`,
      [id, state],
    );
  },

  /**
   * Whatever it said proves that it lives. Its state stays: `offline` means that it was declared lost, or has left.
   * Null: there is no such agent.
   */
  async alive(sql: Sql, id: string): Promise<Agent['state'] | null> {
    return (
      (
        await sql.rows<{ state: Agent['state'] }>(
          'UPDATE agent SET last_seen_at = now() WHERE id = $1 RETURNING state',
          [id],
        )
      )[0]?.state ?? null
    );
  },

  /**
   * Workers whose last word is older than this and that count as alive or still hold executions: from here on they
   * count as lost. One statement, so that a word that comes at the same moment either is seen or finds the agent
   * offline. `lost_at`: what it claims from then on is not concerned.
   */
  async declareLost(sql: Sql, ageMs: number): Promise<(StoredAgent & { lost_at: Date })[]> {
    return sql.rows<StoredAgent & { lost_at: Date }>(
      `UPDATE agent SET state = 'offline', payload = payload - 'blocked_by'
       WHERE kind = 'worker' AND last_seen_at < now() - make_interval(secs => $1::float8 / 1000)
         AND (state <> 'offline' OR EXISTS (SELECT 1 FROM execution e WHERE e.agent_id = agent.id AND e.state <> 'ended'))
       RETURNING ${COLUMNS}, now() AS lost_at`,
      [ageMs],
    );
  },

  async delete(sql: Sql, id: string): Promise<void> {
    await sql.run('DELETE FROM agent WHERE id = $1', [id]);
  },
};
