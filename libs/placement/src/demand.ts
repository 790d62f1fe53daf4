import type { Placed, Resources } from '@drover/domain';

/** The demand of one member of a job on its node. */
export interface Demand {
  /** Processes of this member. */
  tasks: number;
  /** Exactly so many CPUs; null: one a task, or the whole node where it has fewer (nobody said how many a task needs). */
  cpus: number | null;
  memory_mb: number;
  gpus: number;
  exclusive: boolean;
  container: boolean;
}

/** Tasks are spread over the nodes evenly; the first nodes take what is over. */
export function demandsOf(spec: { resources?: Resources; container?: unknown }): Demand[] {
  const {
    nodes = 1,
    tasks = nodes,
    cpus_per_task,
    gpus_per_task = 0,
    memory_mb = 0,
    exclusive = false,
  } = spec.resources ?? {};
  return Array.from({ length: nodes }, (_, rank) => {
    const own = Math.max(1, Math.floor(tasks / nodes) + (rank < tasks % nodes ? 1 : 0));
    return {
      tasks: own,
      cpus: cpus_per_task === undefined ? null : own * cpus_per_task,
      memory_mb,
      gpus: own * gpus_per_task,
      exclusive,
      container: spec.container !== undefined,
    };
  });
}

/** A node and what is taken of it. */
export interface Node {
  id: string;
  name: string;
  queues: readonly string[];
  /** Most jobs of a queue at once, where the worker says so. */
  queueSlots: Readonly<Record<string, number>>;
  containers: boolean;
  slots: number;
  cpus: number;
  memory_mb: number;
  gpus: readonly number[];
  used: {
    executions: number;
    slots: number;
    cpus: number;
    memory_mb: number;
    gpus: Set<number>;
    exclusive: boolean;
    queues: Record<string, number>;
  };
}

const cpusOn = (node: Pick<Node, 'cpus'>, demand: Demand): number => demand.cpus ?? Math.min(demand.tasks, node.cpus);

/** A plain job counts as one CPU; less where the operator gave the node more slots than CPUs. */
export const plainCpus = (node: Pick<Node, 'cpus' | 'slots'>): number =>
  Math.min(1, node.cpus / Math.max(1, node.slots));

/** Slots that stand for these CPUs, so that plain jobs and jobs with demands count the same thing. */
export function slotsOn(node: Pick<Node, 'slots' | 'cpus'>, demand: Demand): number {
  if (demand.exclusive) return node.slots;
  return Math.min(node.slots, Math.max(1, Math.ceil((cpusOn(node, demand) * node.slots) / node.cpus)));
}

/** The one thing the node, empty, lacks for this; null: it could run it. */
export function lacks(
  node: Node,
  queue: string,
  demand: Demand,
): 'queue' | 'container' | 'cpus' | 'memory' | 'gpus' | null {
  if (!node.queues.includes(queue)) return 'queue';
  if (demand.container && !node.containers) return 'container';
  if (cpusOn(node, demand) > node.cpus) return 'cpus';
  if (demand.memory_mb > node.memory_mb) return 'memory';
  if (demand.gpus > node.gpus.length) return 'gpus';
  return null;
}

/** There is room now. Call for nodes that lack nothing. */
export function fits(node: Node, queue: string, demand: Demand): boolean {
  const { used } = node;
  if (used.exclusive || (demand.exclusive && used.executions > 0)) return false;
  if ((used.queues[queue] ?? 0) >= (node.queueSlots[queue] ?? Infinity)) return false;
  return (
    used.slots + slotsOn(node, demand) <= node.slots &&
    // Shares of CPUs are fractions: a sum of them may miss a whole number by a hair.
    used.cpus + cpusOn(node, demand) <= node.cpus + 1e-9 &&
    used.memory_mb + demand.memory_mb <= node.memory_mb &&
    node.gpus.length - used.gpus.size >= demand.gpus
  );
}

/** Takes the room, whether it is there or not, and says what was taken. */
export function take(
  node: Node,
  queue: string,
  demand: Demand,
  place: Pick<Placed, 'rank' | 'size' | 'first_rank' | 'task_size'>,
): Placed {
  const placed: Placed = {
    slots: slotsOn(node, demand),
    cpus: cpusOn(node, demand),
    memory_mb: demand.memory_mb,
    gpus: node.gpus.filter((index) => !node.used.gpus.has(index)).slice(0, demand.gpus),
    exclusive: demand.exclusive,
    tasks: demand.tasks,
    ...place,
  };
  occupy(node, placed);
  node.used.queues[queue] = (node.used.queues[queue] ?? 0) + 1;
  return placed;
}

export function occupy(node: Node, placed: Placed): void {
  const { used } = node;
  used.executions += 1;
  used.slots += placed.slots;
  used.cpus += placed.cpus;
  used.memory_mb += placed.memory_mb;
  for (const index of placed.gpus) used.gpus.add(index);
  used.exclusive ||= placed.exclusive;
}
