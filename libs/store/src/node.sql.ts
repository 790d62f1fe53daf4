/**
 * The condition for an agent whose key was not revoked, as SQL over a row of `agent`. A statement that believes what an
 * agent says, or gives it something, has it: who the agent is was looked up some time before. The next registration
 * under its name takes the mark away.
 */
export const notRevoked = (agent = 'agent'): string => `${agent}.payload->>'revoked' IS NULL`;

/**
 * Uses an invitation ($1) for the node $2 that came from $3. No row: it was used before, was revoked or has expired.
 * Two at once: the row of one of them waits for the other's commit, and then it is used.
 */
export const USE_INVITATION = `UPDATE node_invitation
  SET used_at = now(),
    used_by = $2,
    used_from = $3
  WHERE id = $1
    AND used_at IS NULL
    AND revoked_at IS NULL
    AND expires_at > now()
  RETURNING id, queues, labels, slots, ticket_login, created_by, created_at, expires_at, revoked_at, used_at, used_by,
    used_from`;

/** Revokes an invitation ($1) that was not used. */
export const REVOKE_INVITATION = `UPDATE node_invitation
  SET revoked_at = now()
  WHERE id = $1
    AND used_at IS NULL
    AND revoked_at IS NULL
  RETURNING id`;

/** How many invitations are open. */
export const OPEN_INVITATIONS = `SELECT count(*)::int AS n
  FROM node_invitation
  WHERE used_at IS NULL
    AND revoked_at IS NULL
    AND expires_at > now()`;

/** Forgets invitations that ended $1 days ago or before. Nodes that came with them keep their keys. */
export const FORGET_INVITATIONS = `DELETE FROM node_invitation
  WHERE least(expires_at, used_at, revoked_at) < now() - make_interval(days => $1::int)`;

/** One row when a key ($1) counts. It is not revoked until the transaction is over. */
export const HOLD_KEY = `SELECT 1
  FROM node_key
  WHERE id = $1
    AND revoked_at IS NULL
  FOR SHARE`;

/** Forgets keys that were revoked $1 days ago or before. */
export const FORGET_KEYS = `DELETE FROM node_key
  WHERE revoked_at < now() - make_interval(days => $1::int)`;

/**
 * Revokes the key of a node ($1), and ends the registration that was made with it: from the commit on the record takes
 * nothing of it (see {@link notRevoked}), whatever a replica still knows.
 */
export const REVOKE_KEY = `WITH revoked AS (
    UPDATE node_key
    SET revoked_at = now()
    WHERE name = $1
      AND revoked_at IS NULL
    RETURNING id, name
  ),
  ended AS (
    UPDATE agent
    SET token_hash = NULL,
      state = 'offline',
      payload = payload || '{"revoked": true}'
    FROM revoked
    WHERE agent.name = revoked.name
      AND agent.kind = 'worker'
      AND agent.payload -> 'bounds' ->> 'key_id' = revoked.id::text
    RETURNING agent.id
  )
  SELECT revoked.id, (SELECT id FROM ended) AS agent_id
  FROM revoked`;
