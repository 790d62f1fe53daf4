import { OLDEST_AGENT_PROTOCOL, PULL_SILENCE_S, UNTOLD_PROTOCOL } from '@drover/domain';
import { notRevoked } from './node.sql.js';

const COLUMNS =
  'id, name, kind, state, queues, slots, slots_free, facts, boot_id, token_hash, payload, registered_at, last_seen_at';
const ofAgent = (columns: string): string =>
  columns
    .split(', ')
    .map((name) => `agent.${name}`)
    .join(', ');

/**
 * Agents `a` as others see them. Nobody sweeps HTTP-pull agents, and they say nothing of slots: when they were last
 * seen decides whether they are there, and what they hold (`open.n`) whether they are busy.
 */
const SEEN = `SELECT id, name, kind,
    CASE
      WHEN a.kind = 'pull' AND a.last_seen_at < now() - make_interval(
        secs => CASE WHEN open.n > 0 THEN ${PULL_SILENCE_S.busy} ELSE ${PULL_SILENCE_S.idle} END
      ) THEN 'offline'
      ELSE a.state
    END AS state, queues, slots,
    CASE WHEN a.kind = 'pull' THEN greatest(0, a.slots - open.n)::int ELSE a.slots_free END AS slots_free,
    facts, boot_id, token_hash, payload, registered_at, last_seen_at
  FROM agent a
  CROSS JOIN LATERAL (
    SELECT count(*) AS n
    FROM execution e
    WHERE a.kind = 'pull'
      AND e.agent_id = a.id
      AND e.finished_at IS NULL
  ) open`;

/**
 * Registers an agent by its name ($2): a known one keeps its id, and its token where the new one ($10) is null. Its
 * payload ($11) is added to the one that is there. $1 id, $3 kind, $4 state, $5 queues, $6 slots, $7 free slots, $8
 * facts, $9 boot.
 */
export const UPSERT = `INSERT INTO agent (id, name, kind, state, queues, slots, slots_free, facts, boot_id,
    token_hash, payload, registered_at, last_seen_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, now(), now())
  ON CONFLICT (name) DO UPDATE
    SET kind = excluded.kind,
      state = excluded.state,
      queues = excluded.queues,
      slots = excluded.slots,
      slots_free = excluded.slots_free,
      facts = excluded.facts,
      boot_id = excluded.boot_id,
      token_hash = coalesce(excluded.token_hash, agent.token_hash),
      payload = agent.payload || excluded.payload,
      registered_at = now(),
      last_seen_at = now()
  RETURNING ${COLUMNS}`;

/** The agent of this name ($1). */
export const BY_NAME = `SELECT ${COLUMNS}
  FROM agent
  WHERE name = $1`;

/** The same as others see it. */
export const SEEN_BY_NAME = `${SEEN}
  WHERE a.name = $1`;

/** Slots of an agent ($1) that plain jobs do not get. */
export const SLOTS_RESERVED = `SELECT reserved
  FROM agent
  WHERE id = $1`;

/** The agent of this id ($1) whose token has the hash $2. */
export const BY_TOKEN_HASH = `SELECT ${COLUMNS}
  FROM agent
  WHERE id = $1
    AND token_hash = $2`;

/** Agents as others see them, by name: of a queue ($1, null: any) and a kind ($2, null: any). */
export const LIST = `${SEEN}
  WHERE ($1::text IS NULL OR a.queues @> ARRAY[$1::text])
    AND ($2::text IS NULL OR a.kind = $2)
  ORDER BY a.name
  LIMIT 10000`;

const TOO_OLD = `coalesce((payload->>'protocol')::int, ${UNTOLD_PROTOCOL}) < ${OLDEST_AGENT_PROTOCOL}`;

/**
 * Notes that agents live, by their heartbeats in $1 (a JSON list): their free slots, and what else they said. Facts and
 * queues that are absent stay as they were. The rows are locked in the order of ids, as placement locks them. A worker
 * that is too old for work stays draining.
 */
export const HEARTBEATS = `WITH r AS MATERIALIZED (
    SELECT *
    FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, slots_free integer, facts jsonb, queues text[], draining boolean,
      cpu_load float8, disk jsonb, blocked_by text, clock_skew_ms bigint)
  ),
  held AS MATERIALIZED (
    SELECT id
    FROM agent
    WHERE id IN (SELECT r.id FROM r)
      AND ${notRevoked()}
    ORDER BY id
    FOR NO KEY UPDATE
  )
  UPDATE agent
  SET last_seen_at = now(),
    slots_free = r.slots_free,
    facts = coalesce(r.facts, agent.facts),
    queues = coalesce(r.queues, agent.queues),
    payload = (payload - 'blocked_by' - 'left') || jsonb_strip_nulls(
      jsonb_build_object('cpu_load', r.cpu_load, 'disk', r.disk, 'blocked_by', r.blocked_by, 'clock_skew_ms', r.clock_skew_ms)
    ),
    state = CASE WHEN r.draining OR ${TOO_OLD} THEN 'draining' WHEN state = 'offline' THEN 'online' ELSE state END
  FROM held
  JOIN r ON r.id = held.id
  WHERE agent.id = held.id
  RETURNING ${ofAgent(COLUMNS)}, agent.reserved`;

/** Notes that these HTTP-pull agents ($1) were heard of. */
export const PULL_SEEN = `UPDATE agent
  SET last_seen_at = now()
  WHERE id = ANY($1::uuid[])
    AND kind = 'pull'`;

/** Sets the state ($2) of an agent ($1). A worker that goes offline by itself has left: it is not lost. */
export const SET_STATE = `UPDATE agent
  SET state = $2,
    payload = CASE WHEN $2 = 'offline' AND kind = 'worker' THEN (payload - 'blocked_by') || '{"left": true}' ELSE payload END
  WHERE id = $1`;

/** Notes that an agent ($1) was heard of, unless it was revoked. */
export const ALIVE = `UPDATE agent
  SET last_seen_at = now()
  WHERE id = $1
    AND ${notRevoked()}
  RETURNING state`;

/** Makes workers offline that said nothing for $1 ms and count as alive or hold executions. */
export const DECLARE_LOST = `UPDATE agent
  SET state = 'offline',
    payload = payload - 'blocked_by'
  WHERE kind = 'worker'
    AND last_seen_at < now() - make_interval(secs => $1::float8 / 1000)
    AND (
      state <> 'offline'
      OR EXISTS (SELECT 1 FROM execution e WHERE e.agent_id = agent.id AND e.finished_at IS NULL)
    )
  RETURNING ${COLUMNS}, now() AS lost_at`;

export const DELETE = `DELETE FROM agent
  WHERE id = $1`;
