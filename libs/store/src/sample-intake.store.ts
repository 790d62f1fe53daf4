import { isTerminal, JOB_STATES, type JobState, type Sample } from '@drover/domain';
import type { Sql } from './sql.js';
import { addUp, ADD_UP, INCREMENT_TYPES, USAGE_COLUMNS } from './usage.store.js';

const ENDED = JOB_STATES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(',');

/** A sample that came from outside: nobody has looked at its job yet. */
export type Reading = Pick<Sample, 'job_id' | 'at' | 'cpu_percent' | 'memory_bytes' | 'gpu_percent'>;

export const sampleIntakeStore = {
  /**
   * Stores the readings of jobs that have not ended, with what they do to usage, averages and peaks; gives the state each job had (a job that is not in the answer does not
   * exist). One statement, and so one transaction and one way to the server and back: five of them took most of the time of a batch. The jobs are locked (shared): an
   * end of the job waits for this batch, or this batch sees the end. Jobs and usage rows are taken in the order of ids, as every writer does.
   */
  async take(sql: Sql, readings: Reading[]): Promise<Map<string, { state: JobState; execution_id: string | null }>> {
    const increments = addUp(
      readings.map((reading) => ({ ...reading, execution_id: null, read_bytes: null, write_bytes: null, cpu_seconds: null, processes: null, gpu_memory_bytes: null })),
    );
    const rows = await sql.rows<{ id: string; state: JobState; execution_id: string | null }>(
      `WITH found AS MATERIALIZED (
         SELECT id, state, execution_id FROM job WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE
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
      [increments.map((row) => row.job_id), JSON.stringify(readings), JSON.stringify(increments)],
    );
    return new Map(rows.map(({ id, ...job }) => [id, job]));
  },
};
