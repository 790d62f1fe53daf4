import { QUOTAS } from '@drover/domain';

const SUMS = QUOTAS.map((quota) => `coalesce(sum(${quota}), 0)::bigint AS ${quota}`).join(', ');

/** The use of a project ($1). */
export const USAGE = `SELECT ${SUMS}
  FROM project_usage
  WHERE project = $1`;

/** Lets nobody else into the quotas of a project ($2) until the transaction ends; $1 is the kind of these locks. */
export const LOCK = 'SELECT pg_advisory_xact_lock($1, hashtext($2))';

/** Makes or replaces quotas ($2, their names) of a project ($1) by the values $3. */
export const SET_QUOTAS = `INSERT INTO project_quota (project, quota, value)
  SELECT $1, *
  FROM unnest($2::text[], $3::bigint[])
  ON CONFLICT (project, quota) DO UPDATE
    SET value = excluded.value`;

/** Every project that a client, an object or a quota names (or the project $1 alone), by name, with what it uses. */
export const LIST = `SELECT named.project, ${SUMS}
  FROM (
    SELECT project FROM access_client
    UNION SELECT project FROM project_usage
    UNION SELECT project FROM project_quota
    UNION SELECT project FROM queue_reservation
  ) named
  LEFT JOIN project_usage u USING (project)
  WHERE $1::text IS NULL
    OR named.project = $1
  GROUP BY named.project
  ORDER BY named.project
  LIMIT 10000`;

/** The projects that each queue is kept for, both by name. */
export const RESERVATIONS = `SELECT queue, array_agg(project ORDER BY project) AS projects
  FROM queue_reservation
  GROUP BY queue
  ORDER BY queue`;

/** Keeps a queue ($1) for these projects ($2). */
export const RESERVE = `INSERT INTO queue_reservation (queue, project)
  SELECT $1, unnest($2::text[])
  ON CONFLICT DO NOTHING`;
