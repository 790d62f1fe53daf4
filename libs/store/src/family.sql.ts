/**
 * How many of the newest $3 children of each of these parents ($1) are in each state; those of a project ($2, null:
 * any).
 */
export const COUNTS = `SELECT p.id AS parent_id, c.state, count(*)::int AS n
  FROM unnest($1::uuid[]) AS p(id)
  CROSS JOIN LATERAL (
    SELECT state
    FROM job
    WHERE parent_id = p.id
      AND ($2::text IS NULL OR project = $2)
    ORDER BY seq DESC
    LIMIT $3
  ) c
  GROUP BY p.id, c.state`;

/** The children of a job ($1) in a project ($2, null: any) before a place ($3, null: all), newest first, at most $4. */
export const CHILDREN = `SELECT id, name, state, cause, exit_code, node, seq
  FROM job
  WHERE parent_id = $1
    AND ($2::text IS NULL OR project = $2)
    AND ($3::bigint IS NULL OR seq < $3::bigint)
  ORDER BY seq DESC
  LIMIT $4`;
