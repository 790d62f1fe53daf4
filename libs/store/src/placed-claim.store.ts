import type { Placed } from '@drover/domain';
import { OPEN_PLACED } from './execution.sql.js';
import * as SQL from './placement.sql.js';
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
  await sql.run(OPEN_PLACED, [JSON.stringify(members)]);
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
  await sql.run(SQL.CLAIM, [JSON.stringify(leaders)]);
  await sql.run(SQL.TELL_CLAIMED, [leaders.map((leader) => leader.id)]);
  await sql.run(SQL.HOOK_CLAIMED, [leaders.map((leader) => leader.id)]);
}
