import { Any } from 'typeorm';
import type { JobDesc, ProfileSummary, Series } from '@drover/domain';
import { NOW } from './entities/columns.js';
import { ProfileNodeEntity, type WireCounters } from './entities/profile-node.entity.js';
import { ProfileEntity } from './entities/profile.entity.js';
import * as SQL from './profile.sql.js';
import type { Sql } from './sql.js';

export interface ProfileHead {
  jobid: string;
  /** Order of their ends, as text (64 bit). */
  seq: string;
  /** Null: the job had none, or its profile is older than the column. */
  name: string | null;
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

/** The profiles of a list; `cursor`: seq of the last one before. */
export interface ProfileFilter {
  command?: string;
  queue?: string;
  project?: string;
  cursor?: string;
  owner?: string;
  outcome?: string;
  /** Ended at this time or later. */
  after?: Date;
  /** Ended before this time. */
  before?: Date;
  /** Part of the id, the name or the command. */
  q?: string;
}

/** Profiles that one page of a search looks at. */
const LOOKED_AT = 20_000;

/** The readings of a job in one step: means; of bytes read and written the total so far. */
export interface CurvePoint {
  job_id: string;
  step: number;
  cpu_percent: number | null;
  memory_bytes: number | null;
  read_bytes: number | null;
  write_bytes: number | null;
  gpu_percent: number | null;
  gpu_memory_bytes: number | null;
}

export type NewProfile = Omit<StoredProfile, 'seq'>;

const toWire = (series: Series[]): WireCounters =>
  series.map((one) =>
    one.type === 'counter'
      ? [one.name, 'c', one.doc, one.value]
      : [one.name, 'g', one.doc, one.min, one.max, one.hits, one.total],
  );
/** The series of counters as the record keeps them. */
export const fromWire = (wire: WireCounters): Series[] =>
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
    await sql.run(SQL.PUT, [
      JSON.stringify(profiles.map((profile) => ({ ...profile, counters: toWire(profile.counters) }))),
    ]);
  },

  async putNodes(sql: Sql, nodes: { id: string; series: Series[] }[]): Promise<void> {
    if (nodes.length === 0) return;
    await sql.run(SQL.PUT_NODES, [JSON.stringify(nodes.map(({ id, series }) => ({ id, counters: toWire(series) })))]);
  },

  async setOwn(sql: Sql, jobid: string, own: Series[]): Promise<void> {
    await sql.entities(ProfileEntity, (profiles) =>
      profiles.update({ jobid }, { counters: toWire(own), updated_at: NOW }),
    );
  },

  async get(sql: Sql, jobid: string): Promise<StoredProfile | null> {
    const found = await sql.entities(ProfileEntity, (profiles) => profiles.findOneBy({ jobid }));
    return found && toProfile(found);
  },

  async nodes(sql: Sql, ids: string[]): Promise<Map<string, Series[]>> {
    if (ids.length === 0) return new Map();
    const found = await sql.entities(ProfileNodeEntity, (nodes) => nodes.findBy({ id: Any(ids) }));
    return new Map(found.map(({ id, counters }) => [id, fromWire(counters)]));
  },

  /**
   * Newest first. What no index finds is looked for among so many profiles as `LOOKED_AT` says; `last`: the place at
   * which a look ended before it had found enough.
   */
  async list(
    sql: Sql,
    filter: ProfileFilter,
    limit: number,
  ): Promise<{ profiles: ProfileHead[]; last: string | null }> {
    const { owner, outcome, after, before, q } = filter;
    const found = [filter.command ?? null, filter.queue ?? null, filter.cursor ?? null, filter.project ?? null];
    const isSearch = [owner, outcome, after, before, q].some((value) => value !== undefined);
    const end = isSearch
      ? ((await sql.rows<{ seq: string }>(SQL.END_OF_LOOK, [...found, LOOKED_AT]))[0] ?? null)
      : null;
    const pattern = q === undefined ? null : `%${q.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
    const profiles = await sql.rows<ProfileHead>(SQL.LIST, [
      ...found,
      limit,
      end?.seq ?? null,
      owner ?? null,
      outcome ?? null,
      after ?? null,
      before ?? null,
      pattern,
    ]);
    return { profiles, last: end !== null && profiles.length < limit ? end.seq : null };
  },

  /** Readings of jobs by the time since their start, `steps` of `stepS` seconds each. Steps without any are absent. */
  async curves(
    sql: Sql,
    jobs: readonly { id: string; start: Date; stop: Date }[],
    grid: { stepS: number; steps: number; readings: number },
  ): Promise<CurvePoint[]> {
    if (jobs.length === 0) return [];
    return sql.rows(SQL.CURVES, [JSON.stringify(jobs), grid.stepS, grid.steps, grid.readings]);
  },

  /** With their counters: the newest of a command. */
  async ofCommand(sql: Sql, command: string, limit: number, project?: string): Promise<StoredProfile[]> {
    const rows = await sql.rows<Omit<StoredProfile, 'counters'> & { counters: WireCounters }>(SQL.OF_COMMAND, [
      command,
      limit,
      project ?? null,
    ]);
    return rows.map(toProfile);
  },

  async delete(sql: Sql, jobid: string): Promise<boolean> {
    const { affected } = await sql.entities(ProfileEntity, (profiles) => profiles.delete({ jobid }));
    return (affected ?? 0) > 0;
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
    }>(SQL.DIGESTS, [jobIds, since]);
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
    const rows = await sql.rows<{ id: string }>(SQL.MISSING, [since, limit]);
    return rows.map((row) => row.id);
  },

  /** Keeps the newest ones, and the node metrics they share. */
  async trim(sql: Sql, keep: number): Promise<number> {
    const gone = await sql.run(SQL.TRIM, [keep]);
    await sql.run(SQL.TRIM_NODES);
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
