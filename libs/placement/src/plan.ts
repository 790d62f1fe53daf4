import type { Placed, Resources } from '@drover/domain';
import { demandsOf, fits, lacks, slotsOn, take, type Demand, type Node } from './demand.js';

/** A job that waits, best first. */
export interface Waiting {
  id: string;
  queue: string;
  spec: { resources?: Resources; container?: unknown };
  /** Milliseconds it has waited. */
  waitedMs: number;
}

export interface Start {
  job_id: string;
  members: { node: Node; placed: Placed }[];
}

export interface Plan {
  starts: Start[];
  /** Nodes that wait for a job: node id -> the job, and slots to keep for it. */
  holds: Map<string, { job_id: string; slots: number }>;
}

/**
 * Nodes that could run each demand: all different. Null: there are none. Large demands choose first; each takes the
 * first node of the order.
 */
function match(nodes: Node[], demands: Demand[], able: (node: Node, demand: Demand) => boolean): Node[] | null {
  const free = [...nodes];
  const chosen: Node[] = [];
  for (const demand of demands) {
    const at = free.findIndex((node) => able(node, demand));
    if (at < 0) return null;
    chosen.push(...free.splice(at, 1));
  }
  return chosen;
}

/** Whether these nodes, empty, could run the job. */
export function feasible(nodes: Node[], job: Pick<Waiting, 'queue' | 'spec'>): boolean {
  return match(nodes, demandsOf(job.spec), (node, demand) => lacks(node, job.queue, demand) === null) !== null;
}

/**
 * Decides what starts now and where, all members of a job or none. `nodes` are changed: what is taken is taken.
 *
 * A job that finds no room does not stop the ones behind it, until it has waited for `patienceMs`. From then on nodes
 * are kept for it: what runs there runs on, nothing else starts there that would be in its way. It keeps the nodes it
 * was promised before (`promised`).
 */
export function plan(
  nodes: Node[],
  jobs: Waiting[],
  options: { patienceMs: number; promised?: Map<string, string> },
): Plan {
  const result: Plan = { starts: [], holds: new Map() };
  for (const job of jobs) {
    const demands = demandsOf(job.spec);
    const able = nodes.filter(
      (node) => demands[0] !== undefined && lacks(node, job.queue, demands.at(-1) as Demand) === null,
    );
    if (able.length < demands.length) continue;
    const wantsGpu = (demands[0] as Demand).gpus > 0;
    const chosen = match(
      able.sort((a, b) => tightness(b, wantsGpu) - tightness(a, wantsGpu)),
      demands,
      (node, demand) => lacks(node, job.queue, demand) === null && fits(node, job.queue, demand),
    );
    if (chosen) {
      result.starts.push(startOf(job, demands, chosen));
      continue;
    }
    if (job.waitedMs < options.patienceMs) continue;
    const kept = match(
      able
        .filter((node) => !result.holds.has(node.id))
        .sort((a, b) => promise(b, job, options.promised) - promise(a, job, options.promised)),
      demands,
      (node, demand) => lacks(node, job.queue, demand) === null,
    );
    for (const [rank, node] of (kept ?? []).entries()) {
      const demand = demands[rank] as Demand;
      result.holds.set(node.id, { job_id: job.id, slots: slotsOn(node, demand) });
      // From here on as if it ran there: others get what is left beside it.
      take(node, job.queue, demand, { rank, size: demands.length, first_rank: 0, task_size: 0 });
    }
  }
  return result;
}

/**
 * Nodes that are fuller come first: whole nodes stay free for those who need them. Nodes with GPUs are left to those
 * who want one.
 */
function tightness(node: Node, wantsGpu: boolean): number {
  const share = node.used.slots / Math.max(1, node.slots);
  return share - (node.gpus.length > 0 && !wantsGpu ? 10 : 0);
}

/** Nodes promised before first, then those with the least on them: they are free the soonest. */
function promise(node: Node, job: Waiting, promised: Map<string, string> | undefined): number {
  return (promised?.get(node.id) === job.id ? 1_000 : 0) - node.used.slots / Math.max(1, node.slots);
}

function startOf(job: Waiting, demands: Demand[], chosen: Node[]): Start {
  const task_size = demands.reduce((sum, demand) => sum + demand.tasks, 0);
  let first_rank = 0;
  const members = chosen.map((node, rank) => {
    const demand = demands[rank] as Demand;
    const placed = take(node, job.queue, demand, { rank, size: demands.length, first_rank, task_size });
    first_rank += demand.tasks;
    return { node, placed };
  });
  return { job_id: job.id, members };
}
