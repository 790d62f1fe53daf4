/** How persistently webhooks of the native API are tried: about eight minutes. */
export const NATIVE_WEBHOOK = { max_tries: 10, backoff_min_ms: 1_000, backoff_factor: 2 } as const;

/** Writes the webhooks that jobs of `jobs` (SQL of rows with id and spec) want for their claim. */
export const claimHooks = (
  jobs: string,
): string => `INSERT INTO delivery (id, job_id, source, kind, event, target, request, max_tries, backoff_min_ms, backoff_factor)
    SELECT gen_random_uuid(), hooked.id, 'native', 'webhook', 'claimed', hook->>'url',
      jsonb_strip_nulls(jsonb_build_object('secret', hook->'secret', 'format', hook->'format')),
      ${NATIVE_WEBHOOK.max_tries}, ${NATIVE_WEBHOOK.backoff_min_ms}, ${NATIVE_WEBHOOK.backoff_factor}
    FROM ${jobs} AS hooked
    CROSS JOIN LATERAL jsonb_array_elements(hooked.spec->'webhooks') AS hook
    WHERE hook->'on' ? 'claimed'`;

const COLUMNS = `id, seq, job_id, source, kind, event, target, content, request, state, tries, max_tries,
    backoff_min_ms::float8 AS backoff_min_ms, backoff_factor, due_at, created_at, done_at`;

/** Writes the deliveries of $1 (a JSON list). One whose id is known is there already. */
export const INSERT = `INSERT INTO delivery (id, job_id, source, kind, event, target, content, request, max_tries, backoff_min_ms, backoff_factor)
  SELECT id, job_id, source, kind, event, target, content, request, max_tries, backoff_min_ms, backoff_factor
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, job_id uuid, source text, kind text, event text, target text,
    content jsonb, request jsonb, max_tries integer, backoff_min_ms bigint, backoff_factor integer)
  ON CONFLICT (id) DO NOTHING`;

/** Takes the delivery $1 for $2 ms, when it is due and in nobody's hands. */
export const TAKE = `UPDATE delivery
  SET tries = tries + 1,
    leased_until = now() + $2 * interval '1 millisecond'
  WHERE id = $1
    AND state = 'pending'
    AND due_at <= now() + interval '100 milliseconds'
    AND (leased_until IS NULL OR leased_until < now())
  RETURNING ${COLUMNS}`;

/** Gives the delivery $1 back, due in $2 ms, as if it had not been taken. */
export const PUT_BACK = `UPDATE delivery
  SET tries = greatest(0, tries - 1),
    leased_until = NULL,
    due_at = now() + $2 * interval '1 millisecond'
  WHERE id = $1
    AND state = 'pending'`;

/** Makes the delivery $1 due in $2 ms. */
export const AGAIN = `UPDATE delivery
  SET leased_until = NULL,
    due_at = now() + $2 * interval '1 millisecond'
  WHERE id = $1`;

/** Deliveries that are due and in nobody's hands, at most $1, the longest due first. */
export const DUE = `SELECT id, tries
  FROM delivery
  WHERE state = 'pending'
    AND due_at <= now()
    AND (leased_until IS NULL OR leased_until < now())
  ORDER BY due_at
  LIMIT $1`;

/** The last $2 tries of webhooks of each of these jobs ($1), oldest first. */
export const LAST_TRIES = `SELECT job_id, target, at, took_ms, status, error, headers, body
  FROM (
    SELECT d.job_id, d.target, t.*, row_number() OVER (PARTITION BY d.job_id ORDER BY t.id DESC) AS n
    FROM delivery d
    JOIN delivery_try t ON t.delivery_id = d.id
    WHERE d.job_id = ANY($1::uuid[])
      AND d.kind = 'webhook'
  ) last
  WHERE n <= $2
  ORDER BY id`;

/** How many deliveries of each kind are not done yet. */
export const PENDING = `SELECT kind, count(*) AS n
  FROM delivery
  WHERE state = 'pending'
  GROUP BY kind`;

/** Forgets deliveries that were done more than $1 seconds ago, at most $2. Their tries go with them. */
export const FORGET = `DELETE FROM delivery
  WHERE id IN (
    SELECT id
    FROM delivery
    WHERE done_at < now() - $1 * interval '1 second'
    ORDER BY done_at
    LIMIT $2
  )`;
