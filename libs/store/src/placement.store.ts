import { mayStartSql, type Agent, type Placed } from '@drover/domain';
import { jobColumns, toJob, type JobRow, type StoredJob } from './job.rows.js';
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

/** Any constant: one placement at a time, over all replicas. */
const LOCK = 7_267_451_002;
const STARTABLE = `j.dispatch = 'placed' AND ${mayStartSql('j')}
  AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.name = j.queue AND q.paused)`;
const NODE_COLUMNS = 'id, name, queues, slots, facts, boot_id, last_seen_at, reserved, reserved_for';

export const placementStore = {
  /** Is there anything to do: jobs that wait, or reservations to be given up? One index look each. */
  async pending(sql: Sql): Promise<boolean> {
    const rows = await sql.rows<{ some: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM job WHERE dispatch = 'placed' AND state IN ('queued','scheduled')) OR EXISTS (SELECT 1 FROM agent WHERE reserved > 0) AS some`,
    );
    return rows[0]?.some ?? false;
  },

  /** Holds the others off until this transaction ends. The statements after it see what they did. */
  async lock(sql: Sql): Promise<void> {
    await sql.rows('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  },

  /** Jobs that may start, best first. */
  async waiting(sql: Sql, limit: number): Promise<StoredJob[]> {
    const rows = await sql.rows<JobRow>(
      `SELECT ${jobColumns('j')} FROM job j WHERE ${STARTABLE} ORDER BY j.priority DESC, j.seq LIMIT $1`,
      [limit],
    );
    return rows.map(toJob);
  },

  /** Locks those of these jobs that may still start. What another transaction is changing is left out. */
  async lockStartable(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<JobRow>(
      `SELECT ${jobColumns('j')} FROM job j WHERE j.id = ANY($1::uuid[]) AND ${STARTABLE} ORDER BY j.id FOR UPDATE OF j SKIP LOCKED`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toJob(row)]));
  },

  /** Workers that take jobs (nothing blocks them) and were heard of lately. */
  async nodes(sql: Sql, freshMs: number): Promise<PlacementNode[]> {
    return sql.rows<PlacementNode>(
      `SELECT ${NODE_COLUMNS} FROM agent WHERE kind = 'worker' AND state = 'online' AND payload->>'blocked_by' IS NULL AND last_seen_at > now() - make_interval(secs => $1::float8 / 1000) ORDER BY name`,
      [freshMs],
    );
  },

  /** In id order. From here on no claim of theirs is under way: claims hold these rows shared. */
  async lockNodes(sql: Sql, ids: string[]): Promise<void> {
    if (ids.length > 0) await sql.rows('SELECT id FROM agent WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
  },

  async use(sql: Sql): Promise<Map<string, NodeUse>> {
    const rows = await sql.rows<{ agent_id: string; queue: string; plain: string; n: string; placed: Placed[] | null }>(
      `SELECT e.agent_id, j.queue, count(*) AS n, count(*) FILTER (WHERE e.placed IS NULL) AS plain, jsonb_agg(e.placed) FILTER (WHERE e.placed IS NOT NULL) AS placed
       FROM execution e JOIN job j ON j.id = e.job_id WHERE e.state <> 'ended' GROUP BY e.agent_id, j.queue`,
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
    await sql.run(
      `UPDATE agent SET reserved = r.reserved, reserved_for = r.reserved_for FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, reserved integer, reserved_for uuid) WHERE agent.id = r.id`,
      [JSON.stringify(nodes)],
    );
  },

  /** Nodes with a reservation, whatever their state. */
  async reserved(sql: Sql): Promise<PlacementNode[]> {
    return sql.rows<PlacementNode>(`SELECT ${NODE_COLUMNS} FROM agent WHERE reserved > 0`);
  },
};
