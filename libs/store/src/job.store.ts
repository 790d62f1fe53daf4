import { isReadySql, mayStartSql, type Caller, type Job, type JobState } from '@drover/domain';
import { claimHooks } from './delivery.store.js';
import { NEXT_POSITION } from './event.store.js';
import { JOB_COLUMNS, jobColumns, toJob, type JobRow, type StoredJob } from './job.rows.js';
import type { Sql } from './sql.js';

const INSERT_TYPES = `id uuid, queue text, name text, owner text, project text, dialect text, dispatch text, spec jsonb, payload jsonb, tags text[], metadata jsonb,
  priority integer, state text, cause text, cause_detail text, parent_id uuid, depends_on uuid[], pending_dependencies integer, held boolean, cron jsonb,
  start_at timestamptz, expires_at timestamptz, created_at timestamptz, queued_at timestamptz, started_at timestamptz, finished_at timestamptz, node text, exit_code integer, claimed_by text`;
const INSERT_COLUMNS = INSERT_TYPES.split(/,\s+/)
  .map((part) => part.split(' ')[0])
  .join(', ');

/** Columns a change of state may set; anything absent stays. */
export interface JobPatch {
  id: string;
  state?: JobState;
  cause?: Job['cause'];
  cause_detail?: string | null;
  exit_code?: number | null;
  signal?: string | null;
  attempt?: number;
  losses?: number;
  dispatch_seq?: number;
  node?: string | null;
  agent_id?: string | null;
  execution_id?: string | null;
  pending_dependencies?: number;
  held?: boolean;
  start_at?: Date | null;
  cancel_requested_at?: Date | null;
  cancel_reason?: string | null;
  queued_at?: Date | null;
  claimed_at?: Date | null;
  started_at?: Date | null;
  finished_at?: Date | null;
  metadata?: Record<string, unknown>;
  payload?: Record<string, unknown>;
  cron?: Job['cron'];
  priority?: number;
  expires_at?: Date | null;
  tags?: string[];
  spec?: Job['spec'];
  queue?: string;
  name?: string | null;
  owner?: string;
  project?: string;
  created_at?: Date;
}

const PATCH_TYPES: Record<Exclude<keyof JobPatch, 'id'>, string> = {
  state: 'text',
  cause: 'text',
  cause_detail: 'text',
  exit_code: 'integer',
  signal: 'text',
  attempt: 'integer',
  losses: 'integer',
  dispatch_seq: 'integer',
  node: 'text',
  agent_id: 'uuid',
  execution_id: 'uuid',
  pending_dependencies: 'integer',
  held: 'boolean',
  start_at: 'timestamptz',
  cancel_requested_at: 'timestamptz',
  cancel_reason: 'text',
  queued_at: 'timestamptz',
  claimed_at: 'timestamptz',
  started_at: 'timestamptz',
  finished_at: 'timestamptz',
  metadata: 'jsonb',
  payload: 'jsonb',
  cron: 'jsonb',
  priority: 'integer',
  expires_at: 'timestamptz',
  tags: 'text[]',
  spec: 'jsonb',
  queue: 'text',
  name: 'text',
  owner: 'text',
  project: 'text',
  created_at: 'timestamptz',
};

/** Filters of a list; all ANDed. */
export interface JobFilter {
  states?: JobState[];
  queue?: string;
  owner?: string;
  /** Only jobs of this project. */
  project?: string;
  dialect?: string;
  parent_id?: string;
  /** One of the nodes it runs on. */
  node?: string;
  /** Any of these tags, or all of them. */
  tags?: { values: string[]; match: 'any' | 'all' };
  /** Substring of id, name or command; ASCII case is ignored. */
  q?: string;
  /** A text in what a dialect shows of a job, its case kept; among the newest jobs only. */
  shown?: ShownText;
}

/** A text, and what of a job's state the dialect says in words that hold it. */
export interface ShownText {
  text: string;
  states: JobState[];
  causes: string[];
}

/** Jobs a text is looked for in at most, newest first. */
const MOST_SEARCHED = 100_000;

/** The text that a search looks into: all that dialects show of a job as texts. */
const SHOWN = `concat_ws(' ', j.id, j.name, j.owner, j.queue, j.node, j.state, j.cause_detail, j.exit_code, j.spec->>'command', j.payload->>'nodes', j.payload->>'observed',
  (SELECT string_agg(x.external_id, ' ') FROM external_ref x WHERE x.job_id = j.id))`;

/** Jobs that have not ended, by queue and state, and for how long the first of them has been queued. */
export const LIVE_COUNTS = `SELECT queue, state, count(*) AS n, extract(epoch FROM now() - min(queued_at))::float8 AS oldest_s FROM job
  WHERE state IN ('scheduled','queued','claimed','running','cancelling') GROUP BY queue, state`;

/** The same of one project. */
const LIVE_COUNTS_OF_PROJECT = LIVE_COUNTS.replace('GROUP BY', 'AND project = $1 GROUP BY');

export const jobStore = {
  /**
   * Takes new jobs in with their dispatch marks (of those in `ticketIds`) and first events, in one statement: alone on
   * the pool it is its own transaction, and the record is asked once instead of six times. `askers`: who asked for
   * which job, for the audit trail. Throws unique_violation (23505) when an id exists.
   */
  async accept(
    sql: Sql,
    jobs: StoredJob[],
    ticketIds: Map<string, string>,
    askers: Map<string, Caller> = new Map(),
  ): Promise<void> {
    if (jobs.length === 0) return;
    await sql.run(ACCEPT, [
      JSON.stringify(jobs.map((job) => insertRow(job, ticketIds.get(job.id), askers.get(job.id)))),
    ]);
  },

  async get(sql: Sql, id: string): Promise<StoredJob | null> {
    const rows = await sql.rows<JobRow>(`SELECT ${JOB_COLUMNS} FROM job WHERE id = $1`, [id]);
    return rows[0] ? toJob(rows[0]) : null;
  },

  async getMany(sql: Sql, ids: string[]): Promise<StoredJob[]> {
    if (ids.length === 0) return [];
    return (await sql.rows<JobRow>(`SELECT ${JOB_COLUMNS} FROM job WHERE id = ANY($1::uuid[])`, [ids])).map(toJob);
  },

  /** Which of these jobs belong to a project. */
  async ofProject(sql: Sql, ids: string[], project: string): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await sql.rows<{ id: string }>('SELECT id FROM job WHERE id = ANY($1::uuid[]) AND project = $2', [
      ids,
      project,
    ]);
    return new Set(rows.map((row) => row.id));
  },

  /** Locks in id order (so that two batches never deadlock) and reads what is current. */
  async lock(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM job WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toJob(row)]));
  },

  /** The same, without those that another transaction holds. */
  async lockFree(sql: Sql, ids: string[]): Promise<Map<string, StoredJob>> {
    const rows = await sql.rows<JobRow>(
      `SELECT ${JOB_COLUMNS} FROM job WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE SKIP LOCKED`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, toJob(row)]));
  },

  /** Keeps a job from being deleted until the transaction ends. False: it is gone. */
  async hold(sql: Sql, id: string): Promise<boolean> {
    return (await sql.rows('SELECT 1 FROM job WHERE id = $1 FOR KEY SHARE', [id])).length > 0;
  },

  /** Which of these jobs there are. */
  async existing(sql: Sql, ids: string[]): Promise<Set<string>> {
    const rows = await sql.rows<{ id: string }>('SELECT id FROM job WHERE id = ANY($1::uuid[])', [ids]);
    return new Set(rows.map((row) => row.id));
  },

  /** Applies patches in one statement per set of columns. The rows must be locked by the caller. */
  async patch(sql: Sql, patches: JobPatch[]): Promise<void> {
    const groups = new Map<string, JobPatch[]>();
    for (const patch of patches) {
      const columns = (Object.keys(patch) as (keyof JobPatch)[])
        .filter((key) => key !== 'id' && patch[key] !== undefined)
        .sort();
      if (columns.length === 0) continue;
      const key = columns.join(',');
      const group = groups.get(key);
      if (group) group.push(patch);
      else groups.set(key, [patch]);
    }
    for (const [key, group] of groups) {
      const columns = key.split(',') as Exclude<keyof JobPatch, 'id'>[];
      await sql.run(
        `UPDATE job SET ${columns.map((c) => `${c} = r.${c}`).join(', ')}, updated_at = now(), ${NEXT_POSITION}
         FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, ${columns.map((c) => `${c} ${PATCH_TYPES[c]}`).join(', ')})
         WHERE job.id = r.id`,
        [JSON.stringify(group)],
      );
    }
  },

  /**
   * Hands these jobs to an agent, in one statement: those that may start now become `claimed` with the next epoch and
   * an open execution. A job that another transaction is changing at this moment is skipped, and one that needs a
   * container where the agent has no engine.
   */
  async claim(
    sql: Sql,
    agent: { id: string; name: string; boot_id: string; facts: { executors: string[] } | null },
    claims: { job_id: string; execution_id: string }[],
  ): Promise<StoredJob[]> {
    const rows = await sql.rows<JobRow>(
      `WITH want AS (SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS w(job_id, execution_id)),
       gate AS MATERIALIZED (SELECT slots, reserved, kind, queues FROM agent WHERE id = $3::uuid FOR KEY SHARE),
       -- Only a node that holds something for jobs with demands is counted; on all others the worker's own slots are what limits.
       room AS MATERIALIZED (
         SELECT CASE WHEN reserved = 0 THEN NULL ELSE greatest(0, slots - reserved -
           (SELECT count(*) FROM execution e WHERE e.agent_id = $3::uuid AND e.state <> 'ended' AND e.placed IS NULL)) END AS n FROM gate
       ),
       free AS (
         SELECT j.id, want.execution_id FROM job j JOIN want ON want.job_id = j.id
         WHERE j.dispatch = 'ticket' AND ${mayStartSql('j')} AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.name = j.queue AND q.paused)
           -- A worker that knows the id of a job of another queue has no right to it. HTTP-pull agents are asked by their dialect.
           AND (SELECT gate.kind <> 'worker' OR j.queue = ANY (gate.queues) FROM gate)
           AND ($6::boolean OR NOT j.spec ? 'container')
           AND NOT coalesce(j.payload->'exclude_agents' ? $4, false)
         ORDER BY j.id LIMIT (SELECT n FROM room) FOR UPDATE OF j SKIP LOCKED
       ),
       ${claimTail('NULL')}`,
      [
        claims.map((c) => c.job_id),
        claims.map((c) => c.execution_id),
        agent.id,
        agent.name,
        agent.boot_id,
        runsContainers(agent),
      ],
    );
    return rows.map(toJob);
  },

  /**
   * Takes the best waiting job of these queues for an HTTP-pull agent: highest priority, then oldest, over all of them.
   * Null when there is none. Only jobs meant for pulling: dispatch `pull`, or of the given dialect. Without a name the
   * agent gets no job that excludes anybody.
   */
  async claimNext(
    sql: Sql,
    agent: { id: string; name: string; boot_id: string },
    queues: string[],
    executionId: string,
    options: { agentName?: string; dialect?: string; client?: string } = {},
  ): Promise<StoredJob | null> {
    // The front of each queue comes from its index without a sort; the lock is taken on the best of them that nobody else is taking. The conditions
    // stand in both places because a row may have changed between the two. The second look goes by id alone: while the statistics of a young
    // table still say that hardly anything waits, Postgres would go through all that waits for each row of the front, and each pull would take 200 ms at 1,000 jobs.
    const free = (
      state: string,
    ): string => `${mayStartSql('j', state)} AND (j.dispatch = 'pull' OR (j.dispatch = 'ticket' AND j.dialect = $7::text))
      AND CASE WHEN $6::text IS NULL THEN coalesce(j.payload->'exclude_agents', '[]') IN ('[]', 'null') ELSE NOT coalesce(j.payload->'exclude_agents' ? $6, false) END`;
    const rows = await sql.rows<JobRow>(
      `WITH front AS MATERIALIZED (
         SELECT f.* FROM unnest($1::text[]) AS asked(queue)
         CROSS JOIN LATERAL (
           SELECT j.id, j.priority, j.seq FROM job j WHERE j.queue = asked.queue AND ${free(`j.state = 'queued'`)} ORDER BY j.priority DESC, j.seq LIMIT ${FRONT}
         ) f
         WHERE NOT EXISTS (SELECT 1 FROM queue q WHERE q.name = asked.queue AND q.paused)
         ORDER BY f.priority DESC, f.seq LIMIT ${FRONT}
       ),
       free AS (
         SELECT j.id, $2::uuid AS execution_id FROM front JOIN job j ON j.id = front.id
         WHERE ${free(`j.state || '' = 'queued'`)} ORDER BY front.priority DESC, front.seq LIMIT 1 FOR UPDATE OF j SKIP LOCKED
       ),
       ${claimTail('$8::text')}`,
      [
        [...new Set(queues)],
        executionId,
        agent.id,
        agent.name,
        agent.boot_id,
        options.agentName ?? null,
        options.dialect ?? null,
        options.client ?? null,
      ],
    );
    return rows[0] ? toJob(rows[0]) : null;
  },

  /** Newest first, or oldest first; `before`/`after` are cursors over `seq`. */
  async list(
    sql: Sql,
    filter: JobFilter,
    page: { limit: number; cursor?: string; order?: 'newest' | 'oldest'; offset?: number },
  ): Promise<StoredJob[]> {
    const { where, params } = whereOf(filter);
    const newest = page.order !== 'oldest';
    if (page.cursor !== undefined) {
      params.push(page.cursor);
      where.push(`j.seq ${newest ? '<' : '>'} $${params.length}::bigint`);
    }
    params.push(page.limit, page.offset ?? 0);
    const rows = await sql.rows<JobRow>(
      `SELECT ${jobColumns('j')} FROM job j ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY j.seq ${newest ? 'DESC' : 'ASC'} LIMIT $${params.length - 1} OFFSET $${params.length}`,
      params,
    );
    return rows.map(toJob);
  },

  async count(sql: Sql, filter: JobFilter): Promise<number> {
    const { where, params } = whereOf(filter);
    const rows = await sql.rows<{ n: string }>(
      `SELECT count(*) AS n FROM job j ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}`,
      params,
    );
    return Number(rows[0]?.n ?? 0);
  },

  /** Live jobs by queue and state, with the age of the oldest queued one in seconds. One index-only look. */
  async liveCounts(
    sql: Sql,
    project: string | null = null,
  ): Promise<{ queue: string; state: JobState; n: number; oldest_s: number | null }[]> {
    type Row = { queue: string; state: JobState; n: string; oldest_s: number | null };
    const rows =
      project === null ? await sql.prepared<Row>(LIVE_COUNTS) : await sql.rows<Row>(LIVE_COUNTS_OF_PROJECT, [project]);
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  },

  /** Live jobs by queue and state, of one queue or of all; from the index alone. */
  async liveNumbers(
    sql: Sql,
    queue?: string,
    project?: string,
  ): Promise<{ queue: string; state: JobState; n: number }[]> {
    const rows = await sql.rows<{ queue: string; state: JobState; n: string }>(
      `SELECT queue, state, count(*) AS n FROM job WHERE state IN ('scheduled','queued','claimed','running','cancelling') AND ($1::text IS NULL OR queue = $1)
         AND ($2::text IS NULL OR project = $2) GROUP BY queue, state`,
      [queue ?? null, project ?? null],
    );
    return rows.map((row) => ({ ...row, n: Number(row.n) }));
  },

  /** Puts a job behind all others of its priority, as if it had just been accepted. */
  async toTheEnd(sql: Sql, id: string): Promise<void> {
    await sql.run('UPDATE job SET seq = DEFAULT WHERE id = $1', [id]);
  },

  async delete(sql: Sql, ids: string[]): Promise<number> {
    return sql.run('DELETE FROM job WHERE id = ANY($1::uuid[])', [ids]);
  },

  async idsOfDue(sql: Sql, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(
      `SELECT j.id FROM job j WHERE ${isReadySql('j', "j.state = 'scheduled'")} AND j.start_at <= now()
       ORDER BY j.start_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    return rows.map((row) => row.id);
  },

  async idsOfExpired(sql: Sql, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(
      `SELECT id FROM job WHERE state IN ('scheduled','queued') AND expires_at IS NOT NULL AND expires_at <= now()
       ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    return rows.map((row) => row.id);
  },
};

/** Whether an agent has told that it has a container engine. */
export const runsContainers = (agent: { facts: { executors: string[] } | null }): boolean =>
  agent.facts?.executors.includes('container') ?? false;
/**
 * Jobs that are looked at for one pull, of each queue and of all of them; more than so many pulls never choose at the
 * same moment.
 */
const FRONT = 200;

/**
 * The fields of a job that `ACCEPT` reads. Nulls are left out: most columns of a new job are, and the database need not
 * read them.
 */
const insertRow = (
  job: StoredJob,
  ticket_id: string | undefined,
  asker: Caller | undefined,
): Record<string, unknown> => ({
  id: job.id,
  queue: job.queue,
  name: job.name ?? undefined,
  owner: job.owner,
  project: job.project,
  dialect: job.dialect,
  dispatch: job.dispatch,
  spec: job.spec,
  payload: job.payload,
  tags: job.tags,
  metadata: job.metadata,
  priority: job.priority,
  state: job.state,
  cause: job.cause ?? undefined,
  cause_detail: job.cause_detail ?? undefined,
  parent_id: job.parent_id ?? undefined,
  depends_on: job.depends_on,
  pending_dependencies: job.pending_dependencies,
  held: job.held,
  cron: job.cron ?? undefined,
  start_at: job.start_at ?? undefined,
  expires_at: job.expires_at ?? undefined,
  created_at: job.created_at,
  queued_at: job.queued_at ?? undefined,
  started_at: job.started_at ?? undefined,
  finished_at: job.finished_at ?? undefined,
  node: job.node ?? undefined,
  exit_code: job.exit_code ?? undefined,
  claimed_by: job.claimed_by ?? undefined,
  ticket_id,
  actor: asker?.name,
  actor_role: asker?.role,
  address: asker?.address ?? undefined,
});

const ACCEPT = `WITH r AS MATERIALIZED (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(${INSERT_TYPES}, ticket_id text, actor text, actor_role text, address text)),
  marked AS (
    INSERT INTO outbox (ticket_id, job_id, queue, priority, due_at)
    SELECT ticket_id, id, queue, priority, start_at FROM r WHERE ticket_id IS NOT NULL ON CONFLICT (ticket_id) DO NOTHING
  ),
  told AS (
    INSERT INTO event (tx, job_id, queue, type, at, data)
    SELECT pg_current_xact_id(), id, queue, 'job.' || state, created_at, jsonb_strip_nulls(jsonb_build_object('state', state, 'dialect', dialect, 'cause', cause)) FROM r
  ),
  audited AS (
    INSERT INTO audit (actor, role, address, action, kind, object_id, project, after)
    SELECT actor, actor_role, address, 'job.submit', 'job', id::text, project, jsonb_build_object('queue', queue, 'name', name, 'owner', owner, 'dialect', dialect)
    FROM r WHERE actor IS NOT NULL
  )
  INSERT INTO job (${INSERT_COLUMNS}, updated_at) SELECT ${INSERT_COLUMNS}, now() FROM r`;

/**
 * From `free` (id, execution_id) to claimed jobs with open executions and their events. $3 agent id, $4 its name, $5
 * its boot. `claimedBy`: SQL of the agent client that takes them.
 */
const claimTail = (claimedBy: string): string => `taken AS (
    UPDATE job SET state = 'claimed', epoch = job.epoch + 1, execution_id = free.execution_id, agent_id = $3::uuid, node = $4::text,
      claimed_by = ${claimedBy},
      claimed_at = now(), started_at = NULL, finished_at = NULL, cause = NULL, cause_detail = NULL, exit_code = NULL, signal = NULL, updated_at = now(), ${NEXT_POSITION}
    FROM free WHERE job.id = free.id RETURNING ${jobColumns('job')}, job.event_tx
  ),
  opened AS (
    INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at)
    SELECT execution_id, id, epoch, attempt, $3::uuid, $4::text, $5::text, 'claimed', now() FROM taken
  ),
  told AS (
    INSERT INTO event (tx, job_id, queue, type, at, data)
    SELECT event_tx, id, queue, 'job.claimed', now(), jsonb_build_object('execution_id', execution_id, 'epoch', epoch, 'attempt', attempt, 'node', $4::text) FROM taken
  ),
  hooked AS (${claimHooks('taken')}
  )
  SELECT ${JOB_COLUMNS} FROM taken`;

function whereOf(filter: JobFilter): { where: string[]; params: unknown[] } {
  const where: string[] = [];
  const params: unknown[] = [];
  const add = (value: unknown, condition: (placeholder: string) => string): void => {
    params.push(value);
    where.push(condition(`$${params.length}`));
  };
  if (filter.states) add(filter.states, (p) => `j.state = ANY(${p}::text[])`);
  if (filter.queue !== undefined) add(filter.queue, (p) => `j.queue = ${p}`);
  if (filter.owner !== undefined) add(filter.owner, (p) => `j.owner = ${p}`);
  if (filter.project !== undefined) add(filter.project, (p) => `j.project = ${p}`);
  if (filter.dialect !== undefined) add(filter.dialect, (p) => `j.dialect = ${p}`);
  if (filter.parent_id !== undefined) add(filter.parent_id, (p) => `j.parent_id = ${p}::uuid`);
  if (filter.node !== undefined)
    add(filter.node, (p) => `(j.node = ${p} OR coalesce(j.payload->'nodes' ? ${p}, false))`);
  if (filter.tags && filter.tags.values.length > 0) {
    const operator = filter.tags.match === 'all' ? '@>' : '&&';
    add(filter.tags.values, (p) => `j.tags ${operator} ${p}::text[]`);
  }
  if (filter.q !== undefined && filter.q !== '') {
    const pattern = `%${filter.q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
    add(pattern, (p) => `(j.id::text ILIKE ${p} OR j.name ILIKE ${p} OR (j.spec->>'command') ILIKE ${p})`);
  }
  if (filter.shown !== undefined) {
    const { text, states, causes } = filter.shown;
    params.push(text, states, causes);
    const [a, b, c] = [params.length - 2, params.length - 1, params.length];
    where.push(`j.seq > (SELECT coalesce(max(seq), 0) - ${MOST_SEARCHED} FROM job)`);
    where.push(`(strpos(${SHOWN}, $${a}::text) > 0 OR j.state = ANY($${b}::text[]) OR j.cause = ANY($${c}::text[]))`);
  }
  return { where, params };
}
