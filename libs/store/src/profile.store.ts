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

  /** Newest first; `cursor`: seq of the last one before. */
  async list(
    sql: Sql,
    filter: { command?: string; queue?: string; project?: string; cursor?: string },
    limit: number,
  ): Promise<ProfileHead[]> {
    return sql.rows(SQL.LIST, [
      filter.command ?? null,
      filter.queue ?? null,
      filter.cursor ?? null,
      limit,
      filter.project ?? null,
    ]);
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
