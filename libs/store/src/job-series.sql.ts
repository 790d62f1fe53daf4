import { OPEN_JOBS } from './filed.sql.js';
import { LIVE_COUNTS } from './job.sql.js';

const MOST_WORKERS = 10_000;

/** Which jobs are shown one by one, and by which ids. */
export interface ShownSeries {
  /** Jobs that have not ended: the latest so many. */
  runningMax: number;
  /** Jobs that ended within so many seconds. */
  finishedForS: number;
  /** The latest. */
  finishedMax: number;
  /** Dialects whose jobs bear the ids that their clients know; others bear those of the record. */
  clientIdsOf: readonly string[];
}

/**
 * How many jobs there are in each state: those that succeeded are the rest of the kept number, all others are found by
 * indexes.
 */
const STATES = `SELECT state, sum(n)::bigint AS n
    FROM (
      WITH others AS MATERIALIZED (
        SELECT filed_as AS state, count(*) AS n
        FROM job
        WHERE filed_as IS NOT NULL
        GROUP BY filed_as
        UNION ALL
        SELECT state, count(*)
        FROM job
        WHERE id IN (SELECT job_id FROM execution WHERE finished_at IS NULL)
          AND state IN ('claimed','running','cancelling')
          AND dispatch <> 'observed'
        GROUP BY state
      )
      SELECT state, n
      FROM others
      UNION ALL
      SELECT 'succeeded', (SELECT sum(jobs) FROM project_usage) - (SELECT coalesce(sum(n), 0) FROM others)
    ) counted
    WHERE n > 0
    GROUP BY state`;

const AGENTS = `SELECT kind, state, count(*) AS n
    FROM agent
    GROUP BY kind, state`;

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const series = (shown: ShownSeries): string => `SELECT coalesce(r.external_id, j.id::text) AS id, j.owner, j.project,
      coalesce(j.payload->'nodes'->>0, j.node, '') AS node, j.state, j.dispatch = 'observed' AS observed,
      j.spec->'resources' AS resources, j.started_at, j.finished_at, j.created_at,
      u.job_id, u.cpu_percent, u.memory_bytes::text, u.gpu_percent, u.last_sample_at, u.sample_count::text, u.cpu_count::text,
      u.cpu_sum, u.cpu_max, u.memory_max::text, u.gpu_count::text, u.gpu_sum, u.gpu_max, u.gpu_devices
    FROM job j
    LEFT JOIN job_usage u ON u.job_id = j.id
    LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = j.dialect AND j.dialect = ANY(ARRAY[${shown.clientIdsOf.map(quoted).join(',')}]::text[])`;

const present = (shown: ShownSeries): string => `${series(shown)}
    WHERE j.id IN (${OPEN_JOBS})
      AND (j.state IN ('running','cancelling') OR (j.state = 'queued' AND j.dispatch = 'observed'))
    ORDER BY j.seq DESC
    LIMIT ${Number(shown.runningMax)}`;

const ended = (shown: ShownSeries): string => `${series(shown)}
    WHERE j.id IN (
        SELECT job_id
        FROM (
          SELECT job_id
          FROM event
          WHERE type IN ('job.succeeded','job.failed','job.cancelled','job.expired')
            AND at > now() - make_interval(secs => ${Number(shown.finishedForS)})
          ORDER BY at DESC
          LIMIT ${Number(shown.finishedMax)}
        ) told
      )
      AND j.finished_at > now() - make_interval(secs => ${Number(shown.finishedForS)})
    ORDER BY j.finished_at DESC
    LIMIT ${Number(shown.finishedMax)}`;

const MIB = 1024 * 1024;

/**
 * The use of each node (at most 10,000) by the jobs that run there, by the first of the nodes of each: the mean of the
 * share of its CPUs that a job uses, in per cent, its memory in whole MiB, and the mean of the GPU use of those that
 * have one.
 */
const NODE_USE = `SELECT node, count(*) AS n, avg(cpu)::float8 AS cpu_percent, sum(memory)::float8 AS memory_bytes,
      avg(gpu_percent)::float8 AS gpu_percent
    FROM (
      SELECT coalesce(j.payload->'nodes'->>0, j.node, '') AS node, u.gpu_percent,
        floor(coalesce(u.memory_bytes, 0) / ${MIB}) * ${MIB} AS memory,
        round(least(100, greatest(0, coalesce(u.cpu_percent, 0) / CASE
            WHEN j.dispatch = 'observed' THEN 1
            ELSE greatest(1, coalesce((j.spec->'resources'->>'tasks')::float8, 1)
              * coalesce((j.spec->'resources'->>'cpus_per_task')::float8, 1))
          END))::numeric, 4) AS cpu
      FROM job j
      LEFT JOIN job_usage u ON u.job_id = j.id
      WHERE j.id IN (${OPEN_JOBS})
        AND j.state IN ('running','cancelling')
    ) running
    GROUP BY node
    ORDER BY n DESC, node
    LIMIT ${MOST_WORKERS}`;

const WORKERS = `SELECT name, state, slots, slots_free,
      CASE WHEN facts IS NOT NULL THEN jsonb_build_object('cpus', facts->'cpus', 'memory_mb', facts->'memory_mb') END AS facts,
      (payload->>'cpu_load')::float8 AS cpu_load, payload->'disk' AS disk
    FROM agent
    WHERE kind = 'worker'
    ORDER BY name
    LIMIT ${MOST_WORKERS}`;

const listOf = (rows: string): string => `(SELECT coalesce(json_agg(r), '[]') FROM (${rows}) r)`;

/**
 * The statement of what a scrape shows of jobs and agents. It is one statement, since each costs a scrape more than its
 * reading; and without parameters, since Postgres plans one that has them anew for the first times, on each
 * connection.
 */
export const currentSeries = (shown: ShownSeries, options: { countAll: boolean }): string => `SELECT
  ${options.countAll ? listOf(LIVE_COUNTS) : 'NULL'} AS live,
  ${listOf(AGENTS)} AS agents,
  ${listOf(present(shown))} AS present,
  ${listOf(ended(shown))} AS ended,
  ${options.countAll ? listOf(STATES) : 'NULL'} AS states,
  ${options.countAll ? listOf(NODE_USE) : 'NULL'} AS nodes,
  ${listOf(WORKERS)} AS workers`;
