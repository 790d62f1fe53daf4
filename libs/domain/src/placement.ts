import type { Resources } from './job.js';

/** The share of its node that one execution holds. A job without demands has none: it holds one slot. */
export interface Placed {
  /** The worker's slots that it takes. */
  slots: number;
  cpus: number;
  memory_mb: number;
  /** Indexes of the node's GPUs. */
  gpus: number[];
  exclusive: boolean;
  /** Place in the gang, from 0, and the number of its nodes. */
  rank: number;
  size: number;
  /** Processes on this node, the rank of the first of them, and those of all nodes together. */
  tasks: number;
  first_rank: number;
  task_size: number;
}

/** Asks for nothing but a slot: dispatched by ticket, without a look at what the nodes have. */
export function needsOnlySlot(resources: Resources | undefined): boolean {
  if (!resources) return true;
  const { nodes = 1, tasks = 1, cpus_per_task = 1, gpus_per_task = 0, memory_mb = 0, exclusive = false } = resources;
  return nodes <= 1 && tasks <= 1 && cpus_per_task <= 1 && gpus_per_task === 0 && memory_mb === 0 && !exclusive;
}

/** Nodes a job runs on at the same time. */
export const gangSize = (job: { dispatch: string; spec: { resources?: Resources } }): number =>
  job.dispatch === 'placed' ? Math.max(1, job.spec.resources?.nodes ?? 1) : 1;
