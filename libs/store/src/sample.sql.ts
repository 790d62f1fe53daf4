import { isTerminal, JOB_STATES } from '@drover/domain';
import { ADD_UP, INCREMENT_TYPES, USAGE_COLUMNS } from './usage.sql.js';

const ENDED = JOB_STATES.filter(isTerminal)
  .map((state) => `'${state}'`)
  .join(',');

/** Writes the samples of $1 (a JSON list). */
export const INSERT = `INSERT INTO sample (job_id, execution_id, at, cpu_percent, memory_bytes, read_bytes,
    write_bytes, cpu_seconds, processes, gpu_percent, gpu_memory_bytes)
  SELECT *
  FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, execution_id uuid, at timestamptz, cpu_percent real,
    memory_bytes bigint, read_bytes bigint, write_bytes bigint, cpu_seconds double precision, processes integer,
    gpu_percent real, gpu_memory_bytes bigint)`;

export const DELETE_OF_JOB = `DELETE FROM sample
  WHERE job_id = $1`;

/** How many samples of a job ($1) there are from $2 to $3 (null: no border). */
export const COUNT = `SELECT count(*) AS n
  FROM sample
  WHERE job_id = $1
    AND ($2::timestamptz IS NULL OR at >= $2)
    AND ($3::timestamptz IS NULL OR at <= $3)`;

/** The newest $4 samples of a job ($1) from $2 to $3 (null: no border), oldest first, as one JSON list. */
export const OF_JOB = `SELECT json_agg(
      json_build_array((extract(epoch FROM at) * 1000)::bigint, execution_id, cpu_percent, memory_bytes, read_bytes,
        write_bytes, cpu_seconds, processes, gpu_percent, gpu_memory_bytes)
      ORDER BY at
    ) AS samples
  FROM (
    SELECT *
    FROM sample
    WHERE job_id = $1
      AND ($2::timestamptz IS NULL OR at >= $2)
      AND ($3::timestamptz IS NULL OR at <= $3)
    ORDER BY at DESC
    LIMIT $4
  ) s`;

/** The same with nothing but the columns of the index. */
export const HISTORY_OF_JOB = `SELECT json_agg(
      json_build_array((extract(epoch FROM at) * 1000)::bigint, cpu_percent, memory_bytes, gpu_percent)
      ORDER BY at
    ) AS samples
  FROM (
    SELECT at, cpu_percent, memory_bytes, gpu_percent
    FROM sample
    WHERE job_id = $1
      AND at >= coalesce($2::timestamptz, '-infinity')
      AND at <= coalesce($3::timestamptz, 'infinity')
    ORDER BY at DESC
    LIMIT $4
  ) s`;

/**
 * Takes the readings of $2 (a JSON list) in, of those jobs of $1 (a JSON list, each as it was seen) that are still the
 * same and have not ended, and adds the increments of $3 (a JSON list) to their usage. Gives the state of each job.
 */
export const TAKE_IN = `WITH found AS MATERIALIZED (
    SELECT j.id, j.state, j.execution_id
    FROM job j
    JOIN jsonb_to_recordset($1::jsonb) AS s(id uuid, project text, owner text, claimed_by text)
      ON s.id = j.id AND s.project = j.project AND s.owner = j.owner AND s.claimed_by IS NOT DISTINCT FROM j.claimed_by
    ORDER BY j.id
    FOR SHARE OF j
  ),
  stored AS (
    INSERT INTO sample (job_id, execution_id, at, cpu_percent, memory_bytes, gpu_percent)
    SELECT r.job_id, f.execution_id, r.at, r.cpu_percent, r.memory_bytes, r.gpu_percent
    FROM jsonb_to_recordset($2::jsonb) AS r(job_id uuid, at timestamptz, cpu_percent real, memory_bytes bigint,
      gpu_percent real)
    JOIN found f ON f.id = r.job_id
    WHERE f.state NOT IN (${ENDED})
  ),
  used AS (
    INSERT INTO job_usage AS u (${USAGE_COLUMNS})
    SELECT r.*
    FROM (SELECT ${USAGE_COLUMNS} FROM jsonb_to_recordset($3::jsonb) AS r(${INCREMENT_TYPES})) r
    JOIN found f ON f.id = r.job_id
    WHERE f.state NOT IN (${ENDED})
    ORDER BY r.job_id
    ${ADD_UP}
  )
  SELECT id, state, execution_id
  FROM found`;

/** The partitions of samples by name: a day each, and the default one. */
export const PARTITIONS = `SELECT c.relname AS name
  FROM pg_inherits i
  JOIN pg_class c ON c.oid = i.inhrelid
  WHERE i.inhparent = 'sample'::regclass
  ORDER BY c.relname`;

/** Makes the partition of the day $1. Its rows move over from the default one. */
export const MAKE_PARTITION = 'SELECT make_sample_partition($1::date)';

/** Drops the partition of the day $1. */
export const DROP_PARTITION = 'SELECT drop_sample_partition($1::date)';

/** Forgets rows of the default partition from before $1. */
export const FORGET_OF_DEFAULT = `DELETE FROM sample_default
  WHERE at < $1`;
