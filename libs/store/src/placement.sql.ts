import { mayStartSql } from '@drover/domain';
import { claimHooks } from './delivery.sql.js';
import { NEXT_POSITION } from './event.sql.js';
import { jobColumns } from './job.columns.js';
import { notRevoked } from './node.sql.js';

const STARTABLE = `j.dispatch = 'placed'
    AND ${mayStartSql('j')}
    AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.name = j.queue AND q.paused)`;
const NODE_COLUMNS = 'id, name, queues, slots, facts, boot_id, last_seen_at, reserved, reserved_for';

/** Whether a job waits for placement, or a node is reserved. */
export const PENDING = `SELECT
    EXISTS (SELECT 1 FROM job WHERE dispatch = 'placed' AND filed_as IN ('queued','scheduled'))
    OR EXISTS (SELECT 1 FROM agent WHERE reserved > 0) AS some`;

/** Jobs that may start, best first, at most $1. */
export const WAITING = `SELECT ${jobColumns('j')}
  FROM job j
  WHERE ${STARTABLE}
  ORDER BY j.priority DESC, j.seq
  LIMIT $1`;

/** Locks those of these jobs ($1) that may still start and that no other transaction is changing. */
export const LOCK_STARTABLE = `SELECT ${jobColumns('j')}
  FROM job j
  WHERE j.id = ANY($1::uuid[])
    AND ${STARTABLE}
  ORDER BY j.id
  FOR UPDATE OF j SKIP LOCKED`;

/** Workers that take jobs and were heard of within the last $1 ms, by name. */
export const NODES = `SELECT ${NODE_COLUMNS}
  FROM agent
  WHERE kind = 'worker'
    AND state = 'online'
    AND payload->>'blocked_by' IS NULL
    AND ${notRevoked()}
    AND last_seen_at > now() - make_interval(secs => $1::float8 / 1000)
  ORDER BY name`;

/** Locks agents ($1), in the order of ids. */
export const LOCK_NODES = `SELECT id
  FROM agent
  WHERE id = ANY($1::uuid[])
  ORDER BY id
  FOR UPDATE`;

/** The executions on each node, by queue. */
export const USE = `SELECT e.agent_id, j.queue, count(*) AS n,
    count(*) FILTER (WHERE e.placed IS NULL) AS plain,
    jsonb_agg(e.placed) FILTER (WHERE e.placed IS NOT NULL) AS placed
  FROM execution e
  JOIN job j ON j.id = e.job_id
  WHERE e.finished_at IS NULL
  GROUP BY e.agent_id, j.queue`;

/** Sets what is kept of the nodes of $1 (a JSON list), and for which job. */
export const RESERVE = `UPDATE agent
  SET reserved = r.reserved,
    reserved_for = r.reserved_for
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, reserved integer, reserved_for uuid)
  WHERE agent.id = r.id`;

/** Nodes of which something is kept, whatever their state. */
export const RESERVED = `SELECT ${NODE_COLUMNS}
  FROM agent
  WHERE reserved > 0`;

/** Makes the jobs of $1 (a JSON list) claimed. */
export const CLAIM = `UPDATE job
  SET state = 'claimed',
    epoch = r.epoch,
    execution_id = r.execution_id,
    agent_id = r.agent_id,
    node = r.node,
    payload = coalesce(r.payload, job.payload),
    claimed_at = now(),
    started_at = NULL,
    finished_at = NULL,
    cause = NULL,
    cause_detail = NULL,
    exit_code = NULL,
    signal = NULL,
    updated_at = now(),
    ${NEXT_POSITION}
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, payload jsonb, epoch integer, execution_id uuid, agent_id uuid, node text)
  WHERE job.id = r.id`;

/** Tells that jobs ($1) are claimed. */
export const TELL_CLAIMED = `INSERT INTO event (tx, job_id, queue, type, at, data)
  SELECT j.event_tx, j.id, j.queue, 'job.claimed', now(),
    jsonb_build_object('execution_id', j.execution_id, 'epoch', j.epoch, 'attempt', j.attempt, 'node', j.node)
  FROM job j
  WHERE j.id = ANY($1::uuid[])`;

/** Writes the webhooks that jobs ($1) want for their claim. */
export const HOOK_CLAIMED = claimHooks('(SELECT id, spec FROM job WHERE id = ANY($1::uuid[]))');
