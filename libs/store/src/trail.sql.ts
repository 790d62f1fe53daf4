/** Adds the entries of $1 (a JSON list) to the audit trail. */
export const INSERT_AUDIT = `INSERT INTO audit (actor, role, address, action, kind, object_id, project, before, after)
  SELECT actor, role, address, action, kind, object_id, project, before, after
  FROM jsonb_to_recordset($1::jsonb) AS r(actor text, role text, address text, action text, kind text, object_id text,
    project text, before jsonb, after jsonb)`;

/** Entries of the audit trail that meet these conditions, newest first, at most $1. */
export const audited = (
  conditions: readonly string[],
): string => `SELECT id, at, actor, role, address, action, kind, object_id,
    project, before, after
  FROM audit
  WHERE ${['true', ...conditions].join('\n    AND ')}
  ORDER BY id DESC
  LIMIT $1`;

const TRAIL_COLUMNS = 'job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot';

/** Adds the entries of $1 (a JSON list) to the trails of jobs, with the projects of those that there are. */
export const INSERT_JOB_TRAIL = `INSERT INTO job_trail (${TRAIL_COLUMNS}, project)
  SELECT r.job_id, external_id, change_type, changed_at, changed_by, r.source, correlation_id, snapshot, j.project
  FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, external_id text, change_type text, changed_at timestamptz,
    changed_by text, source text, correlation_id text, snapshot jsonb)
  LEFT JOIN job j ON j.id = r.job_id`;

/** The newest $3 entries of an external id ($1) in a project ($2, null: any), oldest first. */
export const JOB_TRAIL = `SELECT ${TRAIL_COLUMNS}
  FROM (
    SELECT *
    FROM job_trail
    WHERE external_id = $1
      AND ($2::text IS NULL OR project = $2)
    ORDER BY id DESC
    LIMIT $3
  ) t
  ORDER BY id`;
