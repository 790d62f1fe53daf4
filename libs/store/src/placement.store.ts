import type { Agent, Placed } from '@drover/domain';
import { claimHooks } from './delivery.store.js';
import { NEXT_POSITION } from './event.store.js';
import { jobColumns, toJob, type JobRow, type StoredJob } from './job.rows.js';
import type { Sql } from './sql.js';

/** What runs on one node, as placement counts it. */
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

/** One member of a job that starts now. */
export interface NewMember {
  execution_id: string;
  job_id: string;
  epoch: number;
  attempt: number;
  agent_id: string;
  node: string;
  boot_id: string;
  placed: Placed;
}

/** Any constant: one placement at a time, over all replicas. */
const LOCK = 7_267_451_002;
const STARTABLE = `j.dispatch = 'placed' AND j.state IN ('queued','scheduled') AND j.pending_dependencies = 0 AND NOT j.held
  AND j.cron IS NULL AND (j.start_at IS NULL OR j.start_at <= now()) AND (j.expires_at IS NULL OR j.expires_at > now())
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
    const rows = await sql.rows<JobRow>(`SELECT ${jobColumns('j')} FROM job j WHERE ${STARTABLE} ORDER BY j.priority DESC, j.seq LIMIT $1`, [limit]);
    return rows.map(toJob);
  },

  /** Those of these jobs that may still start, locked. What another transaction is changing is left out. */
  async lockStartable(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<JobRow>(`SELECT ${jobColumns('j')} FROM job j WHERE j.id = ANY($1::uuid[]) AND ${STARTABLE} ORDER BY j.id FOR UPDATE OF j SKIP LOCKED`, [ids]);
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

  /** All members of these jobs at once: the jobs are claimed, their executions open. The jobs are locked by the caller. */
  async start(sql: Sql, jobs: { job_id: string; payload: Record<string, unknown> | null }[], members: NewMember[]): Promise<void> {
    if (members.length === 0) return;
    await sql.run(
      `INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, placed)
       SELECT execution_id, job_id, epoch, attempt, agent_id, node, boot_id, 'claimed', now(), placed FROM jsonb_to_recordset($1::jsonb)
         AS r(execution_id uuid, job_id uuid, epoch integer, attempt integer, agent_id uuid, node text, boot_id text, placed jsonb)`,
      [JSON.stringify(members)],
    );
    const leaders = jobs.map(({ job_id, payload }) => {
      const own = members.filter((member) => member.job_id === job_id);
      const leader = own.find((member) => member.placed.rank === 0) as NewMember;
      return { id: job_id, payload, epoch: leader.epoch + own.length - 1, execution_id: leader.execution_id, agent_id: leader.agent_id, node: leader.node };
    });
    await sql.run(
      `UPDATE job SET state = 'claimed', epoch = r.epoch, execution_id = r.execution_id, agent_id = r.agent_id, node = r.node, payload = coalesce(r.payload, job.payload),
         claimed_at = now(), started_at = NULL, finished_at = NULL, cause = NULL, cause_detail = NULL, exit_code = NULL, signal = NULL, updated_at = now(), ${NEXT_POSITION}
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, payload jsonb, epoch integer, execution_id uuid, agent_id uuid, node text) WHERE job.id = r.id`,
      [JSON.stringify(leaders)],
    );
    await sql.run(
      `INSERT INTO event (tx, job_id, queue, type, at, data)
       SELECT j.event_tx, j.id, j.queue, 'job.claimed', now(), jsonb_build_object('execution_id', j.execution_id, 'epoch', j.epoch, 'attempt', j.attempt, 'node', j.node)
       FROM job j WHERE j.id = ANY($1::uuid[])`,
      [leaders.map((leader) => leader.id)],
    );
    await sql.run(claimHooks('(SELECT id, spec FROM job WHERE id = ANY($1::uuid[]))'), [leaders.map((leader) => leader.id)]);
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
