import { EXECUTION_COLUMNS } from './execution.columns.js';
import { notRevoked } from './node.sql.js';

/** The payload of an execution that its agent has no ticket for: the agent is told to start it. */
export const PUSHED = '{"pushed": true}';

/** The execution of this id ($1). */
export const EXECUTION = `SELECT ${EXECUTION_COLUMNS}
  FROM execution
  WHERE id = $1`;

/** One row when an execution ($1) of a job ($2) has been neither ended nor given up. */
export const IS_OPEN = `SELECT 1
  FROM execution
  WHERE id = $1
    AND job_id = $2
    AND state <> 'ended'`;

/** One row when an agent ($2) that was not revoked holds an execution ($1) at an epoch ($3). */
export const IS_HELD = `SELECT 1
  FROM execution e
  JOIN agent ON agent.id = e.agent_id
  WHERE e.id = $1
    AND e.agent_id = $2
    AND e.epoch = $3
    AND e.state <> 'ended'
    AND ${notRevoked()}`;

/** The last $2 executions of a job ($1), oldest first. */
export const OF_JOB = `SELECT ${EXECUTION_COLUMNS}
  FROM (
    SELECT *
    FROM execution
    WHERE job_id = $1
    ORDER BY epoch DESC
    LIMIT $2
  ) e
  ORDER BY epoch`;

/** The last hundred executions of each of these jobs ($1), oldest first. */
export const OF_JOBS = `SELECT ${EXECUTION_COLUMNS}
  FROM unnest($1::uuid[]) AS wanted (job)
  CROSS JOIN LATERAL (
    SELECT *
    FROM execution
    WHERE job_id = wanted.job
    ORDER BY epoch DESC
    LIMIT 100
  ) e
  ORDER BY epoch`;

/** The execution of a job ($1) that follows the one with this epoch ($2). */
export const FIRST_AFTER = `SELECT ${EXECUTION_COLUMNS}
  FROM execution
  WHERE job_id = $1
    AND epoch > $2
  ORDER BY epoch
  LIMIT 1`;

/** To which jobs these executions ($1) belong: those of agents that may speak of them. */
export const JOBS_OF = `SELECT e.id, e.job_id
  FROM execution e
  WHERE e.id = ANY($1::uuid[])
    AND NOT EXISTS (SELECT 1 FROM agent WHERE agent.id = e.agent_id AND NOT (${notRevoked()}))`;

/** The jobs, of a list ($2), that an agent ($1) runs or has run. */
export const JOBS_OF_AGENT = `SELECT DISTINCT job_id
  FROM execution
  WHERE job_id = ANY($2::uuid[])
    AND agent_id = $1`;

/** Locks executions ($1), in the order of ids. */
export const LOCK = `SELECT ${EXECUTION_COLUMNS}
  FROM execution
  WHERE id = ANY($1::uuid[])
  ORDER BY id
  FOR UPDATE`;

/** Locks the executions of jobs with epochs from after + 1 up to `to` ($1, a JSON list), in the order of ids. */
export const LOCK_RANGE = `SELECT ${EXECUTION_COLUMNS}
  FROM execution
  WHERE (job_id, epoch) IN (
    SELECT r.job_id, g.epoch
    FROM jsonb_to_recordset($1::jsonb) AS r(job_id uuid, after integer, "to" integer),
      generate_series(r.after + 1, r."to") AS g(epoch)
  )
  ORDER BY id
  FOR UPDATE`;

/** Executions of these agents ($1) that have not ended, the oldest claims first, at most $2. */
export const OPEN_OF_AGENTS = `SELECT ${EXECUTION_COLUMNS}
  FROM execution
  WHERE agent_id = ANY($1::uuid[])
    AND finished_at IS NULL
  ORDER BY claimed_at
  LIMIT $2`;

/** Opens the executions of $1 (a JSON list) on the nodes that placement has chosen. */
export const OPEN_PLACED = `INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, placed)
  SELECT execution_id, job_id, epoch, attempt, agent_id, node, boot_id, 'claimed', now(), placed
  FROM jsonb_to_recordset($1::jsonb) AS r(execution_id uuid, job_id uuid, epoch integer, attempt integer,
    agent_id uuid, node text, boot_id text, placed jsonb)`;

/**
 * Removes the executions $1, which were never begun. A job that held one of them holds the one before it again, or
 * none.
 */
export const FORGET = `WITH gone AS (
    DELETE FROM execution WHERE id = ANY($1::uuid[]) RETURNING id, job_id
  )
  UPDATE job j
  SET execution_id = former.id, node = former.node
  FROM gone
  LEFT JOIN LATERAL (
    SELECT e.id, e.node
    FROM execution e
    WHERE e.job_id = gone.job_id AND e.id <> gone.id
    ORDER BY e.epoch DESC
    LIMIT 1
  ) former ON true
  WHERE j.id = gone.job_id AND j.execution_id IS NULL`;
