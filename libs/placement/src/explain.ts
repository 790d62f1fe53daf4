import { blockOf, gangSize, type Agent } from '@drover/domain';
import { disksFull, type Reason, type StoredJob } from '@drover/jobs';
import { demandsOf, lacks, type Demand, type Node } from './demand.js';
import { toNode } from './nodes.js';
import { feasible } from './plan.js';

/** The demand on one node, in words. */
function words(demand: Demand): string {
  const parts = [
    demand.cpus === null
      ? demand.tasks > 1
        ? `${demand.tasks} tasks`
        : ''
      : `${demand.cpus} CPU${demand.cpus === 1 ? '' : 's'}`,
    demand.memory_mb > 0 ? `${demand.memory_mb} MiB of memory` : '',
    demand.gpus > 0 ? `${demand.gpus} GPU${demand.gpus === 1 ? '' : 's'}` : '',
    demand.exclusive ? 'the node for itself' : '',
  ].filter((part) => part !== '');
  return parts.join(', ') || 'one slot';
}

/** The most any of these nodes has of what the first of them lacks. */
function shortage(nodes: Node[], queue: string, demand: Demand): string {
  const missing = new Set(nodes.map((node) => lacks(node, queue, demand)));
  const most = (of: (node: Node) => number): number => Math.max(0, ...nodes.map(of));
  if (missing.has('cpus')) return `the largest has ${most((node) => node.cpus)} CPU(s)`;
  if (missing.has('memory')) return `the largest has ${most((node) => node.memory_mb)} MiB`;
  if (missing.has('gpus')) return `the best equipped has ${most((node) => node.gpus.length)} GPU(s)`;
  if (missing.has('container')) return 'none of them runs containers';
  return `only ${nodes.filter((node) => lacks(node, queue, demand) === null).length} of them could take part`;
}

function nodesOf(agents: Agent[]): Node[] {
  return agents
    .filter((agent) => agent.kind === 'worker' && agent.state === 'online')
    .map((agent) => toNode(agent, undefined))
    .filter((node): node is Node => node !== null);
}

/** Why no worker that is connected now could ever run it; null: they could. */
export function impossible(agents: Agent[], job: Pick<StoredJob, 'queue' | 'spec'>): string | null {
  const nodes = nodesOf(agents).filter((node) => node.queues.includes(job.queue));
  if (nodes.length === 0 || feasible(nodes, job)) return null;
  const demands = demandsOf(job.spec);
  const asked =
    demands.length > 1
      ? `${demands.length} nodes at once, each with ${words(demands[0] as Demand)}`
      : words(demands[0] as Demand);
  const why =
    demands.length > nodes.length
      ? `there ${nodes.length === 1 ? 'is only one' : `are only ${nodes.length}`}`
      : shortage(nodes, job.queue, demands[0] as Demand);
  return `It asks for ${asked}; of the ${nodes.length} connected worker(s) of ${job.queue} ${why}.`;
}

/** Reasons for a job with demands that waits. */
export function explainPlacement(job: StoredJob, agents: Agent[]): Reason[] {
  if (job.dispatch !== 'placed') return [];
  const never = impossible(agents, job);
  if (never)
    return [
      {
        code: 'impossible',
        message: `No connected worker could ever run it. ${never}`,
        remedy: 'Ask for less, or connect a worker that has it.',
      },
    ];
  const nodes = nodesOf(agents).filter((node) =>
    demandsOf(job.spec).some((demand) => lacks(node, job.queue, demand) === null),
  );
  const blocked = new Set(agents.filter((agent) => blockOf(agent) === 'disk_full').map((agent) => agent.id));
  const full = nodes.filter((node) => blocked.has(node.id));
  const taking = nodes.filter((node) => !blocked.has(node.id));
  const reasons = full.length > 0 ? [disksFull(job.queue, full, taking.length)] : [];
  // Without the full ones there are too few: room on the others would not help.
  if (full.length > 0 && !feasible(taking, job)) return reasons;
  const size = gangSize(job);
  const message =
    size > 1
      ? `It waits until ${size} nodes have room at the same time.`
      : `It waits for room on a node: ${words(demandsOf(job.spec)[0] as Demand)}.`;
  return [...reasons, { code: 'waits_for_room', message, remedy: null }];
}
