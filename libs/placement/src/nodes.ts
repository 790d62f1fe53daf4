import type { NodeUse, PlacementNode } from '@drover/store';
import { occupy, plainCpus, type Node } from './demand.js';

/** A node as placement counts it, from the worker's facts and its executions. Null: the worker has given no facts. */
export function toNode(
  agent: Pick<PlacementNode, 'id' | 'name' | 'queues' | 'slots' | 'facts'>,
  use: NodeUse | undefined,
): Node | null {
  const { facts } = agent;
  if (!facts || agent.slots < 1) return null;
  const node: Node = {
    id: agent.id,
    name: agent.name,
    queues: agent.queues,
    queueSlots: facts.queue_slots ?? {},
    containers: facts.executors.includes('container'),
    slots: agent.slots,
    cpus: Math.max(1, facts.cpus),
    memory_mb: facts.memory_mb,
    gpus: facts.gpus.map((gpu) => gpu.index),
    used: {
      executions: 0,
      slots: 0,
      cpus: 0,
      memory_mb: 0,
      gpus: new Set(),
      exclusive: false,
      queues: { ...use?.queues },
    },
  };
  if (!use) return node;
  for (const placed of use.placed) occupy(node, placed);
  node.used.executions += use.plain;
  node.used.slots += use.plain;
  node.used.cpus += use.plain * plainCpus(node);
  return node;
}
