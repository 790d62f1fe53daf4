import type { ActiveAlarm } from '@drover/alarms';
import type { NodeOverview, Overview, QueueOverview } from '@drover/jobs';
import { fromState } from '../alarms/translate.js';
import type {
  FailureGroupDto,
  NodeOverviewDto,
  NodeTroubleDto,
  OverviewDto,
  QueueOverviewDto,
} from './overview.dto.js';

/** An overview as the API shows it, with the alarms that fire. */
export function fromOverview(overview: Overview, alarms: readonly ActiveAlarm[]): OverviewDto {
  return {
    at: overview.at.toISOString(),
    queues: overview.queues.map(fromQueueOverview),
    nodes: overview.nodes.map(fromNodeOverview),
    needs: {
      failures: overview.failures.map(fromFailures),
      alarms: alarms.filter(({ state }) => state === 'firing').map(fromState),
      nodes: overview.nodes.flatMap(troubleOf),
    },
  };
}

function fromQueueOverview(queue: QueueOverview): QueueOverviewDto {
  const { name, paused, pause, counts, oldest_queued_at, agents_online, slots } = queue;
  const { wait_p50_s, wait_p95_s, started, failed } = queue;
  return {
    name,
    paused,
    pause: pause && { ...pause, since: pause.since.toISOString() },
    waiting: counts.queued,
    scheduled: counts.scheduled,
    running: counts.claimed + counts.running + counts.cancelling,
    oldest_queued_at: oldest_queued_at?.toISOString() ?? null,
    wait_p50_s,
    wait_p95_s,
    started,
    failed,
    agents: agents_online,
    slots,
  };
}

function fromNodeOverview(node: NodeOverview): NodeOverviewDto {
  const { jobs, last_seen_at, ...shown } = node;
  return {
    ...shown,
    last_seen_at: last_seen_at?.toISOString() ?? null,
    taken: jobs.map(({ slot, slots, job, execution_id, since, gpus }) => ({
      slot,
      slots,
      job:
        job && execution_id
          ? {
              job_id: job.job_id,
              execution_id,
              name: job.name ?? job.command,
              owner: job.owner,
              queue: job.queue,
              state: job.state,
            }
          : null,
      since: since.toISOString(),
      gpus,
    })),
  };
}

function fromFailures(group: Overview['failures'][number]): FailureGroupDto {
  const { sentence, cause, exit_code, count, queues, job_id } = group;
  return {
    sentence,
    cause,
    exit_code,
    count,
    queues,
    job_id,
    filter: {
      state: ['failed'],
      ...(cause ? { cause: [cause] } : {}),
      ...(exit_code === null || exit_code < 0 ? {} : { exit: exit_code }),
      finished_after: '1h',
    },
  };
}

function troubleOf({ name, lost, blocked_by, last_seen_at }: NodeOverview): NodeTroubleDto[] {
  if (lost)
    return [
      {
        name,
        why: 'lost',
        sentence: `${name} was last heard of at ${last_seen_at?.toISOString() ?? 'an unknown time'}, and has not said that it goes.`,
      },
    ];
  if (blocked_by === 'disk_full')
    return [{ name, why: blocked_by, sentence: `The disk of ${name} is full: it takes no jobs until there is room.` }];
  return [];
}
