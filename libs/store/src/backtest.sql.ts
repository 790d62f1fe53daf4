import { OPEN_JOBS } from './filed.sql.js';

/**
 * Profiles of jobs that ended since $4, newest first, at most $6: of a job ($1), a queue ($2) or a command ($3), and of
 * a project ($5, null: any). Each with its counter or gauge named $7.
 */
export const FINISHED = `SELECT jobid, command, queue, wall_s, summary, finished_at, (
      SELECT series
      FROM jsonb_array_elements(counters) AS series
      WHERE series ->> 0 = $7
      LIMIT 1
    ) AS series
  FROM profile
  WHERE ($1::text IS NULL OR jobid = $1)
    AND ($2::text IS NULL OR queue = $2)
    AND ($3::text IS NULL OR (md5(command) = md5($3) AND command = $3))
    AND finished_at >= $4
    AND ($5::text IS NULL OR project = $5)
  ORDER BY seq DESC
  LIMIT $6`;

/**
 * Jobs that run, newest first, at most $4: the one of the id $1, or those of a queue ($2), of a project ($3, null:
 * any).
 */
export const RUNNING = `SELECT id
  FROM job
  WHERE id IN (${OPEN_JOBS})
    AND state IN ('running', 'cancelling')
    AND ($1::uuid IS NULL OR id = $1)
    AND ($2::text IS NULL OR queue = $2)
    AND ($3::text IS NULL OR project = $3)
  ORDER BY seq DESC
  LIMIT $4`;

/** The columns of a sample that have a metric. */
export type SampleColumn = 'cpu_percent' | 'memory_bytes' | 'gpu_percent';

const readings = (column: SampleColumn): string => `SELECT json_agg(
      json_build_array((extract(epoch FROM at) * 1000)::bigint, value)
      ORDER BY at
    ) AS readings
  FROM (
    SELECT at, ${column} AS value
    FROM sample
    WHERE job_id = $1
      AND at > $2
      AND at <= $3
      AND ${column} IS NOT NULL
    ORDER BY at
    LIMIT $4
  ) s`;

/** The first $4 readings of a job ($1) after $2 and up to $3, oldest first, as one JSON list; by the column. */
export const READINGS: Record<SampleColumn, string> = {
  cpu_percent: readings('cpu_percent'),
  memory_bytes: readings('memory_bytes'),
  gpu_percent: readings('gpu_percent'),
};
