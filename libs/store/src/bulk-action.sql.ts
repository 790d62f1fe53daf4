import { BulkActionEntity } from './entities/bulk-action.entity.js';
import { columnsOf, listOf } from './entities/columns.js';

const COLUMNS = listOf(columnsOf(BulkActionEntity));

/** Notes a bulk action ($1, a row as JSON). No row: its key is taken. */
export const INSERT = `INSERT INTO bulk_action (id, project, owner, asker, action, options, filter, ids, upto, matched,
    matched_exact, key, body_hash)
  SELECT id, project, owner, asker, action, options, filter, ids, (SELECT coalesce(max(seq), 0) FROM job), matched,
    matched_exact, key, body_hash
  FROM jsonb_to_record($1::jsonb) AS r(id uuid, project text, owner text, asker jsonb, action text, options jsonb,
    filter jsonb, ids uuid[], matched int, matched_exact bool, key text, body_hash text)
  ON CONFLICT DO NOTHING
  RETURNING ${COLUMNS}`;

/** The bulk action that an owner ($1) of a project ($2) gave this key ($3). */
export const BY_KEY = `SELECT ${COLUMNS}
  FROM bulk_action
  WHERE owner = $1
    AND project = $2
    AND key = $3`;

/** A bulk action ($1). */
export const BY_ID = `SELECT ${COLUMNS}
  FROM bulk_action
  WHERE id = $1`;

/** The newest $2 bulk actions of a project ($1, null: any) below a place ($3, null: all). */
export const LIST = `SELECT ${COLUMNS}
  FROM bulk_action
  WHERE ($1::text IS NULL OR project = $1)
    AND ($3::bigint IS NULL OR seq < $3)
  ORDER BY seq DESC
  LIMIT $2`;

/** How many bulk actions of a project ($1) go on. */
export const RUNNING = `SELECT count(*)::int AS n
  FROM bulk_action
  WHERE state = 'running'
    AND project = $1`;

/** Takes the bulk action that was looked at longest ago and is in nobody's hands, for $2 seconds, under the lease $1. */
export const TAKE = `UPDATE bulk_action
  SET lease = $1,
    lease_until = now() + make_interval(secs => $2),
    touched_at = now()
  WHERE id = (
    SELECT id
    FROM bulk_action
    WHERE state = 'running'
      AND (lease_until IS NULL OR lease_until < now())
    ORDER BY touched_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
  )
  RETURNING ${COLUMNS}`;

/**
 * Notes a batch of a bulk action ($1) that is held under the lease $2: its place ($3), jobs changed ($4) and skipped
 * ($5, $6), for $7 seconds more. No row: others hold it.
 */
export const NOTE = `WITH gone AS (
    DELETE FROM bulk_action_step
    WHERE action_id = $1
      AND EXISTS (SELECT 1 FROM bulk_action WHERE id = $1 AND lease = $2)
  )
  UPDATE bulk_action
  SET place = $3::bigint,
    done = done + $4::int,
    passed = passed + $5::int,
    skipped = $6::jsonb,
    lease_until = now() + make_interval(secs => $7),
    touched_at = now()
  WHERE id = $1
    AND lease = $2
  RETURNING ${COLUMNS}`;

/** Ends a bulk action ($1) that goes on: as $2, with a sentence ($3) when it failed. */
export const END = `UPDATE bulk_action
  SET state = $2,
    problem = $3,
    finished_at = now(),
    lease_until = NULL
  WHERE id = $1
    AND state = 'running'
  RETURNING ${COLUMNS}`;

/** Lets a bulk action ($1) go that is held under the lease $2. */
export const LET_GO = `UPDATE bulk_action
  SET lease_until = NULL
  WHERE id = $1
    AND lease = $2`;

/** The jobs of the present batch of a bulk action ($1) that are changed already. */
export const STEPS = `SELECT job_id
  FROM bulk_action_step
  WHERE action_id = $1`;

/** Notes that a bulk action ($1) changes a job ($2). */
export const STEP = `INSERT INTO bulk_action_step (action_id, job_id)
  VALUES ($1, $2)`;

/** Forgets at most $2 bulk actions that ended more than $1 seconds ago. */
export const FORGET = `DELETE FROM bulk_action
  WHERE id IN (
    SELECT id
    FROM bulk_action
    WHERE finished_at < now() - make_interval(secs => $1::float8)
    LIMIT $2
  )`;
