import { isTerminal, JOB_STATES, type JobState, type Sample } from '@drover/domain';
import type { Sql } from './sql.js';
import { addUp, ADD_UP, INCREMENT_TYPES, USAGE_COLUMNS } from './usage.store.js';

const ENDED = JOB_STATES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(',');

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
    const rows = await sql.rows<{ id: string; state: JobState; execution_id: string | null }>(
      `WITH found AS MATERIALIZED (
         SELECT j.id, j.state, j.execution_id FROM job j JOIN jsonb_to_recordset($1::jsonb) AS s(id uuid, project text, owner text, claimed_by text)
           ON s.id = j.id AND s.project = j.project AND s.owner = j.owner AND s.claimed_by IS NOT DISTINCT FROM j.claimed_by
         ORDER BY j.id FOR SHARE OF j
       ), stored AS (
         INSERT INTO sample (job_id, execution_id, at, cpu_percent, memory_bytes, gpu_percent)
         SELECT r.job_id, f.execution_id, r.at, r.cpu_percent, r.memory_bytes, r.gpu_percent
         FROM jsonb_to_recordset($2::jsonb) AS r(job_id uuid, at timestamptz, cpu_percent real, memory_bytes bigint, gpu_percent real)
           JOIN found f ON f.id = r.job_id WHERE f.state NOT IN (${ENDED})
       ), used AS (
         INSERT INTO job_usage AS u (${USAGE_COLUMNS})
         SELECT r.* FROM (SELECT ${USAGE_COLUMNS} FROM jsonb_to_recordset($3::jsonb) AS r(${INCREMENT_TYPES})) r
           JOIN found f ON f.id = r.job_id WHERE f.state NOT IN (${ENDED}) ORDER BY r.job_id ${ADD_UP}
       )
       SELECT id, state, execution_id FROM found`,
      [JSON.stringify([...seen.values()]), JSON.stringify(rowsIn), JSON.stringify(increments)],
    );
    return new Map(rows.map(({ id, ...job }) => [id, job]));
  },
};
