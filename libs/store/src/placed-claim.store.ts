import type { Placed } from '@drover/domain';
import { claimHooks } from './delivery.store.js';
import { NEXT_POSITION } from './event.store.js';
import type { Sql } from './sql.js';

/** One member of a job that starts now. */
export interface PlacedMember {
  execution_id: string;
  job_id: string;
  epoch: number;
  attempt: number;
  agent_id: string;
  node: string;
  boot_id: string;
  placed: Placed;
}

/**
 * Claims jobs for nodes that placement has chosen, with one open execution for each member. The caller holds the rows
 * of the jobs. `payload` replaces the job's where it is given.
 */
export async function claimPlaced(
  sql: Sql,
  jobs: { job_id: string; payload: Record<string, unknown> | null }[],
  members: PlacedMember[],
): Promise<void> {
  if (members.length === 0) return;
  await sql.run(
    `INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, placed)
     SELECT execution_id, job_id, epoch, attempt, agent_id, node, boot_id, 'claimed', now(), placed FROM jsonb_to_recordset($1::jsonb)
       AS r(execution_id uuid, job_id uuid, epoch integer, attempt integer, agent_id uuid, node text, boot_id text, placed jsonb)`,
    [JSON.stringify(members)],
  );
  const leaders = jobs.map(({ job_id, payload }) => {
    const own = members.filter((member) => member.job_id === job_id);
    const leader = own.find((member) => member.placed.rank === 0) as PlacedMember;
    return {
      id: job_id,
      payload,
      epoch: leader.epoch + own.length - 1,
      execution_id: leader.execution_id,
      agent_id: leader.agent_id,
      node: leader.node,
    };
  });
  await sql.run(
    `UPDATE job SET state = 'claimed', epoch = r.epoch, execution_id = r.execution_id, agent_id = r.agent_id, node = r.node, payload = coalesce(r.payload, job.payload),
       claimed_at = now(), started_at = NULL, finished_at = NULL, cause = NULL, cause_detail = NULL, exit_code = NULL, signal = NULL, updated_at = now(), ${NEXT_POSITION}
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, payload jsonb, epoch integer, execution_id uuid, agent_id uuid, node text) WHERE job.id = r.id`,
    [JSON.stringify(leaders)],
  );
  await sql.run(
    `INSERT INTO event (tx, job_id, queue, type, at, data)
     SELECT j.event_tx, j.id, j.queue, 'job.claimed', now(), jsonb_build_object('execution_id', j.execution_id, 'epoch', j.epoch, 'attempt', j.attempt, 'node', j.node)
     FROM job j WHERE j.id = ANY($1::uuid[])`,
    [leaders.map((leader) => leader.id)],
  );
  await sql.run(claimHooks('(SELECT id, spec FROM job WHERE id = ANY($1::uuid[]))'), [
    leaders.map((leader) => leader.id),
  ]);
}
