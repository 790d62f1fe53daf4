const COLUMNS = 'name, data, streak_type, streak_count, updated_at';
/** Lines, and entries, kept an agent. */
export const KEPT = 100;

/**
 * Makes the agent $1, or adds the keys of $2 (JSON) and the lines $3 to the one that is there; the last lines are
 * kept.
 */
export const POST = `INSERT INTO testflinger_agent (name, data, log)
  VALUES ($1, $2::jsonb, $3::text[])
  ON CONFLICT (name) DO UPDATE
    SET data = testflinger_agent.data || excluded.data,
      updated_at = now(),
      log = (testflinger_agent.log || excluded.log)[greatest(1,
        cardinality(testflinger_agent.log) + cardinality(excluded.log) - ${KEPT - 1}):]
  RETURNING ${COLUMNS}`;

/** The agent of this name ($1). */
export const AGENT = `SELECT ${COLUMNS}
  FROM testflinger_agent
  WHERE name = $1`;

/** The lines of an agent ($1). */
export const LOG = `SELECT log
  FROM testflinger_agent
  WHERE name = $1`;

/** The agents of a queue ($1, null: any), by name. */
export const LIST = `SELECT ${COLUMNS}
  FROM testflinger_agent
  WHERE $1::text IS NULL
    OR data->'queues' ? $1
  ORDER BY name
  LIMIT 10000`;

/** Notes how a provision by an agent ($1) ended: $2 job, $3 exit code, $4 detail. */
export const INSERT_PROVISION = `INSERT INTO testflinger_provision_log (agent, job_id, exit_code, detail)
  VALUES ($1, $2, $3, $4)`;

/** Forgets the provisions of an agent ($1) but for the last ones. */
export const TRIM_PROVISIONS = `DELETE FROM testflinger_provision_log
  WHERE agent = $1
    AND id <= (
      SELECT id
      FROM testflinger_provision_log
      WHERE agent = $1
      ORDER BY id DESC
      OFFSET ${KEPT}
      LIMIT 1
    )`;

/** Counts a provision of an agent ($1) that ended so ($2, a word of the streak). */
export const COUNT_STREAK = `UPDATE testflinger_agent
  SET streak_count = CASE WHEN streak_type = $2 THEN streak_count + 1 ELSE 1 END,
    streak_type = $2
  WHERE name = $1`;

/** The provisions of an agent ($1), newest first. */
export const PROVISIONS = `SELECT job_id, exit_code, detail, at
  FROM testflinger_provision_log
  WHERE agent = $1
  ORDER BY id DESC`;

/** Forgets agents that said nothing for $1 seconds. */
export const FORGET = `DELETE FROM testflinger_agent
  WHERE updated_at < now() - make_interval(secs => $1)`;

/** Forgets provisions older than $1 seconds. */
export const FORGET_PROVISIONS = `DELETE FROM testflinger_provision_log
  WHERE at < now() - make_interval(secs => $1)`;
