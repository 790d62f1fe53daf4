import type { JobState, Sample } from '@drover/domain';
import * as SQL from './sample.sql.js';
import type { Sql } from './sql.js';
import { addUp } from './usage.store.js';

/** A sample that came from outside. */
export type Reading = Pick<Sample, 'at' | 'cpu_percent' | 'memory_bytes' | 'gpu_percent'>;

/** A job with whom it belonged to when rights to it were asked about. */
export interface SeenJob {
  id: string;
  project: string;
  owner: string;
  claimed_by: string | null;
}

export const sampleIntakeStore = {
  /**
   * Stores the readings of jobs that have not ended, with what they do to usage, averages and peaks; gives the state
   * each job had (a job that is not in the answer does not exist, or belongs to somebody else by now). `jobs[i]` is the
   * job of `readings[i]`; a job is the same in all its places. One statement, and so one transaction and one way to the
   * server and back: five of them took most of the time of a batch. The jobs are locked (shared): an end of the job
   * waits for this batch, or this batch sees the end. Jobs and usage rows are taken in the order of ids, as every
   * writer does.
   */
  async take(
    sql: Sql,
    jobs: SeenJob[],
    readings: Reading[],
  ): Promise<Map<string, { state: JobState; execution_id: string | null }>> {
    const rowsIn = readings.map((reading, index) => ({ ...reading, job_id: (jobs[index] as SeenJob).id }));
    const seen = new Map(jobs.map((job) => [job.id, job]));
    const increments = addUp(
      rowsIn.map((reading) => ({
        ...reading,
        execution_id: null,
        read_bytes: null,
        write_bytes: null,
        cpu_seconds: null,
        processes: null,
        gpu_memory_bytes: null,
      })),
    );
    const rows = await sql.rows<{ id: string; state: JobState; execution_id: string | null }>(SQL.TAKE_IN, [
      JSON.stringify([...seen.values()]),
      JSON.stringify(rowsIn),
      JSON.stringify(increments),
    ]);
    return new Map(rows.map(({ id, ...job }) => [id, job]));
  },
};
