const CLIENT_COLUMNS = `id, role, project, key_hash, max_priority, allowed_queues, max_reservation_time, email,
    created_at, updated_at, revoked_at, token_generation, tokens_since`;

/** The clients of these ids ($1), revoked ones too. */
export const CLIENTS = `SELECT ${CLIENT_COLUMNS}
  FROM access_client
  WHERE id = ANY($1)`;

/** Holds a client's id ($1) until the end of the transaction, whether there is such a client yet or not. */
export const HOLD_CLIENT = `SELECT pg_advisory_xact_lock(hashtextextended('access_client:' || $1, 0))`;

/** Whether what is put ends the tokens of before. */
const ENDS_TOKENS =
  '(access_client.revoked_at IS NOT NULL OR access_client.key_hash IS DISTINCT FROM excluded.key_hash)';

/**
 * Makes or replaces a client: $1 id, $2 role, $3 hash of its key, $4 highest priorities, $5 queues, $6 longest
 * reservations, $7 mail address, $8 project. A new key, or a new beginning, opens a new generation of tokens.
 */
export const PUT_CLIENT = `INSERT INTO access_client (id, role, key_hash, max_priority, allowed_queues,
    max_reservation_time, email, project)
  VALUES ($1, $2, $3, $4::jsonb, $5, $6::jsonb, $7, $8)
  ON CONFLICT (id) DO UPDATE
    SET role = excluded.role,
      project = excluded.project,
      key_hash = excluded.key_hash,
      max_priority = excluded.max_priority,
      allowed_queues = excluded.allowed_queues,
      max_reservation_time = excluded.max_reservation_time,
      email = excluded.email,
      updated_at = now(),
      revoked_at = NULL,
      end_jobs = false,
      token_generation = access_client.token_generation + CASE WHEN ${ENDS_TOKENS} THEN 1 ELSE 0 END,
      tokens_since = CASE WHEN ${ENDS_TOKENS} THEN now() ELSE access_client.tokens_since END,
      created_at = CASE WHEN access_client.revoked_at IS NULL THEN access_client.created_at ELSE now() END,
      made_again_at = CASE WHEN access_client.revoked_at IS NULL THEN access_client.made_again_at ELSE now() END
  RETURNING ${CLIENT_COLUMNS}`;

/**
 * At most $2 jobs of revoked clients, but for those of the clients $1: that wait, or run although their client was
 * revoked together with its jobs.
 */
export const ORPHANS = `SELECT j.id AS job_id, j.owner
  FROM access_client c
  JOIN job j ON j.owner = c.id
  WHERE c.revoked_at IS NOT NULL
    AND c.id <> ALL($1::text[])
    AND j.dispatch <> 'observed'
    AND (j.state IN ('scheduled', 'queued') OR (c.end_jobs AND j.state IN ('claimed', 'running')))
  LIMIT $2`;

/** Gives a client ($1) a queue ($2). */
export const ADD_QUEUE = `UPDATE access_client
  SET allowed_queues = array_append(array_remove(allowed_queues, $2), $2),
    updated_at = now()
  WHERE id = $1`;

/** Takes a queue ($2) from a client ($1). */
export const REMOVE_QUEUE = `UPDATE access_client
  SET allowed_queues = array_remove(allowed_queues, $2),
    updated_at = now()
  WHERE id = $1`;

/** Restricted queues (of these, $1, null: all) with the clients that may use them, by name. */
export const RESTRICTED_QUEUES = `SELECT r.queue,
    coalesce(array_agg(c.id ORDER BY c.id) FILTER (WHERE c.id IS NOT NULL), '{}') AS owners
  FROM access_restricted_queue r
  LEFT JOIN access_client c ON r.queue = ANY(c.allowed_queues) AND c.revoked_at IS NULL
  WHERE $1::text[] IS NULL
    OR r.queue = ANY($1)
  GROUP BY r.queue
  ORDER BY r.queue`;

/** Uses the refresh token of this hash ($1), when it is valid and of its client's present generation. */
export const USE_REFRESH_TOKEN = `UPDATE access_refresh_token t
  SET used_at = now()
  FROM access_client c
  WHERE t.hash = $1
    AND t.revoked_at IS NULL
    AND t.expires_at > now()
    AND c.id = t.client_id
    AND c.revoked_at IS NULL
    AND c.token_generation = t.generation
  RETURNING t.client_id`;

/** The valid token of this hash ($1), as it was issued. Whether its client still stands is asked elsewhere. */
export const VALID_TOKEN = `SELECT client_id, generation, issued_at, expires_at
  FROM access_refresh_token
  WHERE hash = $1
    AND revoked_at IS NULL
    AND expires_at > now()`;

/** Forgets refresh tokens that nobody has used for $1 days. */
export const FORGET_REFRESH_TOKENS = `DELETE FROM access_refresh_token
  WHERE used_at < now() - make_interval(days => $1)`;

/**
 * Makes or replaces the secret of a client ($1) at a path ($2): $3 sealed value, $4 whether it is ephemeral, $5
 * end.
 */
export const PUT_SECRET = `INSERT INTO access_secret (client_id, path, sealed, ephemeral, expires_at)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (client_id, path) DO UPDATE
    SET sealed = excluded.sealed,
      ephemeral = excluded.ephemeral,
      expires_at = excluded.expires_at,
      created_at = now()`;

/** Whether a token has not expired, and the job, made at $3, is not one of an earlier client of the same name. */
const IS_USABLE = `(expires_at IS NULL OR expires_at > now())
    AND NOT EXISTS (SELECT FROM access_client c WHERE c.id = client_id AND c.made_again_at > $3)`;

/** Takes the ephemeral secret of a client ($1) at a path ($2) for a job that was made at $3. */
export const TAKE_EPHEMERAL_SECRET = `DELETE FROM access_secret
  WHERE client_id = $1
    AND path = $2
    AND ephemeral
    AND ${IS_USABLE}
  RETURNING sealed`;

/** The lasting secret of a client ($1) at a path ($2) for a job that was made at $3. */
export const LASTING_SECRET = `SELECT sealed
  FROM access_secret
  WHERE client_id = $1
    AND path = $2
    AND NOT ephemeral
    AND ${IS_USABLE}`;

/** At which of these paths ($2) a client ($1) has a secret. */
export const SECRET_PATHS = `SELECT path
  FROM access_secret
  WHERE client_id = $1
    AND path = ANY($2)
    AND (expires_at IS NULL OR expires_at > now())`;

/** The secrets behind the one of the client $1 at the path $2, in the order of both, at most $3. */
export const SECRETS_AFTER = `SELECT client_id, path, sealed
  FROM access_secret
  WHERE (client_id, path) > ($1, $2)
  ORDER BY client_id, path
  LIMIT $3`;

export const FORGET_EXPIRED_SECRETS = `DELETE FROM access_secret
  WHERE expires_at <= now()`;
