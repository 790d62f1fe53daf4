import { OPEN_JOBS } from '@drover/store';

/** The job that clients call so ($1). */
export const OF_REF = `SELECT job_id AS id
  FROM external_ref
  WHERE dialect = 'testflinger'
    AND external_id = $1`;

/** The same of a name that is written as our own ids are: it may be one of them. */
export const OF_UUID = `SELECT coalesce(
    (SELECT job_id FROM external_ref WHERE dialect = 'testflinger' AND external_id = $1),
    (SELECT id FROM job WHERE id = $1::uuid)
  ) AS id`;

const LISTED = `job j
  LEFT JOIN external_ref r ON r.job_id = j.id AND r.dialect = 'testflinger'
  LEFT JOIN execution e ON e.id = j.execution_id AND j.state = ANY('{claimed,running}')`;

/** The `seq` of the last of the newest $1 jobs that meet these conditions; no row when there are no older ones. */
export const oldestOfNewest = (conditions: readonly string[]): string => `SELECT j.seq
  FROM ${LISTED}
  WHERE ${conditions.join('\n    AND ')}
  ORDER BY j.seq DESC
  OFFSET $1::bigint - 1
  LIMIT 1`;

/** At most $1 jobs that meet these conditions, oldest first, or newest first. */
export const page = (
  conditions: readonly string[],
  options: { newestFirst: boolean },
): string => `SELECT j.seq, coalesce(r.external_id, j.id::text) AS ref, j.queue, j.state, e.phase, j.created_at
  FROM ${LISTED}
  WHERE ${conditions.join('\n    AND ')}
  ORDER BY j.seq ${options.newestFirst ? 'DESC' : 'ASC'}
  LIMIT $1`;

/** One row when an agent client ($1) holds a job whose parent clients call so ($2). */
export const HOLDS_CHILD_OF = `SELECT 1
  FROM job
  WHERE id IN (${OPEN_JOBS})
    AND claimed_by = $1
    AND state IN ('claimed','running','cancelling')
    AND payload->>'parent_job_id' = $2
  LIMIT 1`;

/**
 * Pulled jobs cancelled more than $1 seconds ago whose agent has said nothing for so long, oldest first, at most
 * $2.
 */
export const ABANDONED_CANCELS = `SELECT j.id
  FROM job j
  JOIN agent a ON a.id = j.agent_id
  WHERE j.id IN (${OPEN_JOBS})
    AND j.state = 'cancelling'
    AND a.kind = 'pull'
    AND j.cancel_requested_at < now() - make_interval(secs => $1)
    AND a.last_seen_at < now() - make_interval(secs => $1)
  ORDER BY j.cancel_requested_at
  LIMIT $2`;

/** HTTP-pull agents that hold an execution and have said nothing for $1 seconds. */
export const SILENT_HOLDERS = `SELECT a.id, a.name
  FROM agent a
  WHERE a.kind = 'pull'
    AND a.last_seen_at < now() - make_interval(secs => $1)
    AND EXISTS (SELECT 1 FROM execution e WHERE e.agent_id = a.id AND e.finished_at IS NULL)
  LIMIT 1000`;

/** To whom the jobs belong that clients call so ($1), each beside its id ($2; null: the name is not written as one). */
export const OWNERS = `SELECT t.ref, j.id, j.project, j.owner, j.claimed_by
  FROM unnest($1::text[], $2::uuid[]) AS t(ref, id)
  LEFT JOIN external_ref r ON r.dialect = 'testflinger' AND r.external_id = t.ref
  JOIN job j ON j.id = coalesce(r.job_id, t.id)`;

/** The jobs that these agents ($1) hold, the newest claims last. */
export const HELD_BY = `SELECT e.agent_id, coalesce(r.external_id, e.job_id::text) AS ref, e.phase
  FROM execution e
  LEFT JOIN external_ref r ON r.job_id = e.job_id AND r.dialect = 'testflinger'
  WHERE e.agent_id = ANY($1::uuid[])
    AND e.finished_at IS NULL
  ORDER BY e.claimed_at`;
