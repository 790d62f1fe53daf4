import type { JobDesc, ProfileSummary, Series } from '@drover/domain';
import type { Sql } from './sql.js';

export type WireCounters = (
  | [name: string, type: 'c', doc: string, value: number]
  | [name: string, type: 'g', doc: string, min: number, max: number, hits: number, total: number]
)[];

export interface ProfileHead {
  jobid: string;
  /** Order of their ends, as text (64 bit). */
  seq: string;
  command: string;
  description: JobDesc;
  queue: string | null;
  owner: string | null;
  project: string;
  node: string | null;
  outcome: string | null;
  cause: string | null;
  exit_code: number | null;
  wall_s: number | null;
  summary: ProfileSummary;
  finished_at: Date;
}

export interface StoredProfile extends ProfileHead {
  counters: Series[];
  node_snapshots: string[];
}

export type NewProfile = Omit<StoredProfile, 'seq'>;

const HEAD =
  'jobid, seq, command, description, queue, owner, project, node, outcome, cause, exit_code, wall_s, summary, finished_at';
const WHOLE = `${HEAD}, counters, node_snapshots`;

const toWire = (series: Series[]): WireCounters =>
  series.map((one) =>
    one.type === 'counter'
      ? [one.name, 'c', one.doc, one.value]
      : [one.name, 'g', one.doc, one.min, one.max, one.hits, one.total],
  );
const fromWire = (wire: WireCounters): Series[] =>
  wire.map((one) =>
    one[1] === 'c'
      ? { name: one[0], type: 'counter', doc: one[2], value: one[3] }
      : { name: one[0], type: 'gauge', doc: one[2], min: one[3], max: one[4], hits: one[5], total: one[6] },
  );
const toProfile = ({
  counters,
  ...row
}: Omit<StoredProfile, 'counters'> & { counters: WireCounters }): StoredProfile => ({
  ...row,
  counters: fromWire(counters),
});

export const profileStore = {
  /** A job that ran again replaces what it left before, and counts as new. One statement. */
  async put(sql: Sql, profiles: NewProfile[]): Promise<void> {
    if (profiles.length === 0) return;
    await sql.run(
      `INSERT INTO profile (jobid, command, description, queue, owner, project, node, outcome, cause, exit_code, wall_s, summary, counters, node_snapshots, finished_at)
       SELECT jobid, command, description, queue, owner, project, node, outcome, cause, exit_code, wall_s, summary, counters, node_snapshots, finished_at
       FROM jsonb_to_recordset($1::jsonb) AS r(jobid text, command text, description jsonb, queue text, owner text, project text, node text, outcome text, cause text, exit_code integer,
         wall_s float8, summary jsonb, counters jsonb, node_snapshots text[], finished_at timestamptz) ORDER BY finished_at, jobid
       ON CONFLICT (jobid) DO UPDATE SET seq = CASE WHEN profile.finished_at <> excluded.finished_at THEN nextval('profile_seq') ELSE profile.seq END, command = excluded.command, description = excluded.description, queue = excluded.queue, owner = excluded.owner, project = excluded.project, node = excluded.node,
         outcome = excluded.outcome, cause = excluded.cause, exit_code = excluded.exit_code, wall_s = excluded.wall_s, summary = excluded.summary, counters = excluded.counters,
         node_snapshots = excluded.node_snapshots, finished_at = excluded.finished_at, updated_at = now()`,
      [JSON.stringify(profiles.map((profile) => ({ ...profile, counters: toWire(profile.counters) })))],
    );
  },

  async putNodes(sql: Sql, nodes: { id: string; series: Series[] }[]): Promise<void> {
    if (nodes.length === 0) return;
    await sql.run(
      `INSERT INTO profile_node (id, counters) SELECT id, counters FROM jsonb_to_recordset($1::jsonb) AS r(id text, counters jsonb) ORDER BY id ON CONFLICT (id) DO NOTHING`,
      [JSON.stringify(nodes.map(({ id, series }) => ({ id, counters: toWire(series) })))],
    );
  },

  async setOwn(sql: Sql, jobid: string, own: Series[]): Promise<void> {
    await sql.run('UPDATE profile SET counters = $2::jsonb, updated_at = now() WHERE jobid = $1', [
      jobid,
      JSON.stringify(toWire(own)),
    ]);
  },

  async get(sql: Sql, jobid: string): Promise<StoredProfile | null> {
    const rows = await sql.rows<Omit<StoredProfile, 'counters'> & { counters: WireCounters }>(
      `SELECT ${WHOLE} FROM profile WHERE jobid = $1`,
      [jobid],
    );
    return rows[0] ? toProfile(rows[0]) : null;
  },

  async nodes(sql: Sql, ids: string[]): Promise<Map<string, Series[]>> {
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<{ id: string; counters: WireCounters }>(
      'SELECT id, counters FROM profile_node WHERE id = ANY($1::text[])',
      [ids],
    );
    return new Map(rows.map((row) => [row.id, fromWire(row.counters)]));
  },

  /** Newest first; `cursor`: seq of the last one before. */
  async list(
    sql: Sql,
    filter: { command?: string; queue?: string; project?: string; cursor?: string },
    limit: number,
  ): Promise<ProfileHead[]> {
    return sql.rows(
      `SELECT ${HEAD} FROM profile WHERE ($1::text IS NULL OR (md5(command) = md5($1) AND command = $1)) AND ($2::text IS NULL OR queue = $2)
         AND ($3::bigint IS NULL OR seq < $3) AND ($5::text IS NULL OR project = $5) ORDER BY seq DESC LIMIT $4`,
      [filter.command ?? null, filter.queue ?? null, filter.cursor ?? null, limit, filter.project ?? null],
    );
  },

  /** With their counters: the newest of a command. */
  async ofCommand(sql: Sql, command: string, limit: number, project?: string): Promise<StoredProfile[]> {
    const rows = await sql.rows<Omit<StoredProfile, 'counters'> & { counters: WireCounters }>(
      `SELECT ${WHOLE} FROM profile WHERE md5(command) = md5($1) AND command = $1 AND ($3::text IS NULL OR project = $3) ORDER BY seq DESC LIMIT $2`,
      [command, limit, project ?? null],
    );
    return rows.map(toProfile);
  },

  async delete(sql: Sql, jobid: string): Promise<boolean> {
    return (await sql.run('DELETE FROM profile WHERE jobid = $1', [jobid])) > 0;
  },

  /** Figures over the samples of jobs, by job. Jobs without samples are absent. */
  async digests(sql: Sql, jobIds: string[], since: Date): Promise<Map<string, DigestRow>> {
    if (jobIds.length === 0) return new Map();
    const rows = await sql.rows<{
      job_id: string;
      samples: string;
      cpu_mean: number | null;
      cpu_max: number | null;
      memory_mean: number | null;
      memory_max: string | null;
      cpu_seconds: number | null;
      read_bytes: string | null;
      write_bytes: string | null;
    }>(
      `SELECT job_id, count(*) AS samples, avg(cpu_percent)::float8 AS cpu_mean, max(cpu_percent)::float8 AS cpu_max, avg(memory_bytes)::float8 AS memory_mean,
         max(memory_bytes) AS memory_max, max(cpu_seconds) AS cpu_seconds, max(read_bytes) AS read_bytes, max(write_bytes) AS write_bytes
       FROM sample WHERE job_id = ANY($1::uuid[]) AND at >= $2 GROUP BY job_id`,
      [jobIds, since],
    );
    const num = (value: string | null): number | null => (value === null ? null : Number(value));
    return new Map(
      rows.map((row) => [
        row.job_id,
        {
          samples: Number(row.samples),
          cpu_mean: row.cpu_mean,
          cpu_max: row.cpu_max,
          memory_mean: row.memory_mean,
          memory_max: num(row.memory_max),
          cpu_seconds: row.cpu_seconds,
          read_bytes: num(row.read_bytes),
          write_bytes: num(row.write_bytes),
        },
      ]),
    );
  },

  /** Jobs that ran, ended since then, and have no profile of that end. */
  async missing(sql: Sql, since: Date, limit: number): Promise<string[]> {
    const rows = await sql.rows<{ id: string }>(
      `SELECT j.id FROM (SELECT DISTINCT job_id FROM event WHERE at >= $1 AND type IN ('job.succeeded','job.failed','job.cancelled')) e JOIN job j ON j.id = e.job_id
       WHERE j.state IN ('succeeded','failed','cancelled') AND j.started_at IS NOT NULL AND j.finished_at IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM profile p WHERE p.jobid = j.id::text AND p.finished_at >= date_trunc('milliseconds', j.finished_at)) LIMIT $2`,
      [since, limit],
    );
    return rows.map((row) => row.id);
  },

  /** Keeps the newest ones, and the node metrics they share. */
  async trim(sql: Sql, keep: number): Promise<number> {
    const gone = await sql.run(
      `DELETE FROM profile WHERE seq <= coalesce((SELECT seq FROM profile ORDER BY seq DESC OFFSET $1 LIMIT 1), -1)`,
      [keep],
    );
    await sql.run(
      `DELETE FROM profile_node WHERE created_at < coalesce((SELECT min(finished_at) FROM profile), now()) - interval '1 hour'`,
    );
    return gone;
  },
};

export interface DigestRow {
  samples: number;
  cpu_mean: number | null;
  cpu_max: number | null;
  memory_mean: number | null;
  memory_max: number | null;
  cpu_seconds: number | null;
  read_bytes: number | null;
  write_bytes: number | null;
}
