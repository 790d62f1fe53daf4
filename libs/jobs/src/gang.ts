import { constants } from 'node:os';
import { gangSize, type Cause } from '@drover/domain';
import { executionStore, type Sql, type StoredExecution, type StoredJob } from '@drover/store';
import type { Changes } from './changes.js';

/*
 * A gang: one job, one execution a node, all opened at once with successive epochs. The first one (rank 0) is the job's
 * `execution_id`; the job's epoch is that of the last. When one ends badly or is lost the others are told to end; the
 * job ends with the last of them.
 */

/** How all members together ended. */
export interface GangOutcome {
  /** A node was lost: the job is started again, as any other would be. */
  lost: boolean;
  ok: boolean;
  cause: Cause | null;
  cause_detail: string | null;
  exit_code: number | null;
  signal: string | null;
}

export const isGang = (job: StoredJob): boolean => gangSize(job) > 1;

/** The members of the job's present start. */
export function membersOf(job: StoredJob, executions: Iterable<StoredExecution>): StoredExecution[] {
  const from = job.epoch - gangSize(job);
  return [...executions].filter(
    (execution) => execution.job_id === job.id && execution.epoch > from && execution.epoch <= job.epoch,
  );
}

/** Reads and locks the members of those of these jobs that are gangs. The jobs are locked. */
export async function lockMembers(sql: Sql, jobs: Iterable<StoredJob>): Promise<Map<string, StoredExecution>> {
  const gangs = [...jobs].filter(isGang);
  if (gangs.length === 0) return new Map();
  return executionStore.lockRange(
    sql,
    gangs.map((job) => ({ job_id: job.id, after: job.epoch - gangSize(job), to: job.epoch })),
  );
}

/** The exit code a shell would show: 128 + n for a signal. */
const rankOf = (execution: StoredExecution): number =>
  execution.exit_code ??
  (execution.signal
    ? 128 + (constants.signals[execution.signal as NodeJS.Signals] ?? 127)
    : execution.cause === null
      ? 0
      : 1);

/**
 * After `ended` (its fields are set already) has ended: tells the others to end when it ended badly. Null while some
 * still run; else how the whole gang ended: the highest exit code wins, the first that failed by itself says why.
 */
export function afterMemberEnd(
  members: StoredExecution[],
  ended: StoredExecution,
  changes: Changes,
): GangOutcome | null {
  const open = members.filter((member) => member.state !== 'ended');
  changes.room();
  if (open.length > 0) {
    if (ended.cause !== null) {
      const reason =
        ended.cause === 'agent_lost'
          ? `Node ${ended.node} of the job was lost.`
          : `The job ended on node ${ended.node}: ${ended.cause_detail ?? ended.cause}`;
      for (const member of open) {
        if (member.payload['end_requested'] !== undefined) continue;
        member.payload = { ...member.payload, end_requested: reason };
        changes.execution(member.id, { payload: member.payload });
        changes.tell(member.agent_id);
      }
    }
    return null;
  }
  const worst = members.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
  const failed = members.filter((member) => member.cause !== null);
  if (failed.length === 0)
    return { lost: false, ok: true, cause: null, cause_detail: null, exit_code: worst.exit_code, signal: null };
  const byThemselves = failed.filter((member) => member.payload['end_requested'] === undefined);
  const first = byThemselves.sort((a, b) => (a.exited_at?.getTime() ?? 0) - (b.exited_at?.getTime() ?? 0))[0] ?? worst;
  // Members that were told to end say nothing of the job: their TERM is ours.
  const judged = byThemselves.length > 0 ? byThemselves.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a)) : worst;
  return {
    lost: failed.some((member) => member.cause === 'agent_lost'),
    ok: false,
    cause: first.cause,
    cause_detail: `On node ${first.node}: ${first.cause_detail ?? first.cause}`,
    exit_code: judged.exit_code,
    signal: judged.signal,
  };
}
