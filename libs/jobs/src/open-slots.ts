import type { FreeSlots } from '@drover/protocol';
import { runsContainers, type StoredAgent } from '@drover/store';

/** A node that told nothing for this long (two beats and a half) gets nothing. Milliseconds. */
const FRESH_MS = 5_000;
/**
 * An execution that a node was given takes one of its free slots until the node speaks of it. Without a word it was
 * lost on the way, and the node hears of it with its next beat. Milliseconds.
 */
const GIVEN_MS = 5_000;
/** Nodes looked at for one job; those without room for its queue are passed by. */
const LOOKED_AT = 16;

interface OpenNode {
  agent: StoredAgent;
  free: FreeSlots;
  toldAt: number;
  /** Executions it was given and has not spoken of: when, and of which queue. */
  given: Map<string, { at: number; queue: string }>;
}

/**
 * The free slots of nodes, as they have told them to this process. It is an estimate: the node decides. A slot that was
 * given away counts as taken until the node speaks of the execution.
 */
export class OpenSlots {
  private readonly nodes = new Map<string, OpenNode>();
  /** The nodes of each queue that have a free slot; who gets one goes to the end of the line. */
  private readonly byQueue = new Map<string, Map<string, OpenNode>>();

  constructor(
    /** Milliseconds of a clock that never goes back. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * A node has said how many slots are free. `spokenOf`: executions it named; they are among those that take its slots,
   * or have ended. Without `free` it takes nothing.
   */
  told(agent: StoredAgent, free: FreeSlots | undefined, spokenOf: Iterable<string> = []): void {
    const known = this.nodes.get(agent.id);
    if (free === undefined || agent.state !== 'online') {
      if (known) this.forget(agent.id);
      return;
    }
    const node: OpenNode = known ?? { agent, free, toldAt: 0, given: new Map() };
    if (known && known.agent.queues !== agent.queues) this.leaveLines(known);
    node.agent = agent;
    node.free = free;
    node.toldAt = this.now();
    for (const id of spokenOf) node.given.delete(id);
    for (const [id, { at }] of node.given) if (node.toldAt - at > GIVEN_MS) node.given.delete(id);
    this.nodes.set(agent.id, node);
    if (this.room(node) > 0) this.joinLines(node);
    else this.leaveLines(node);
  }

  /** A node was given an execution. */
  gave(agentId: string, executionId: string, queue: string): void {
    const node = this.nodes.get(agentId);
    if (!node) return;
    node.given.set(executionId, { at: this.now(), queue });
    if (this.room(node) <= 0) this.leaveLines(node);
  }

  /** The node was not given the execution after all. */
  tookBack(agentId: string, executionId: string): void {
    const node = this.nodes.get(agentId);
    if (node?.given.delete(executionId) && this.room(node) > 0) this.joinLines(node);
  }

  forget(agentId: string): void {
    const node = this.nodes.get(agentId);
    if (!node) return;
    this.leaveLines(node);
    this.nodes.delete(agentId);
  }

  /** A node with a free slot for a job of this queue, or undefined. The nodes take turns. */
  choose(queue: string, wantsContainer = false): StoredAgent | undefined {
    const line = this.byQueue.get(queue);
    if (!line) return undefined;
    let looked = 0;
    for (const [id, node] of line) {
      if (++looked > LOOKED_AT) return undefined;
      if (this.now() - node.toldAt > FRESH_MS) {
        this.forget(id);
        continue;
      }
      if (this.roomOf(node, queue) <= 0 || (wantsContainer && !runsContainers(node.agent))) continue;
      line.delete(id);
      line.set(id, node);
      return node.agent;
    }
    return undefined;
  }

  private room(node: OpenNode): number {
    return node.free.slots - node.given.size;
  }

  private roomOf(node: OpenNode, queue: string): number {
    const cap = node.free.of_queues?.[queue];
    if (cap === undefined) return this.room(node);
    let given = 0;
    for (const one of node.given.values()) if (one.queue === queue) given += 1;
    return Math.min(this.room(node), cap - given);
  }

  private joinLines(node: OpenNode): void {
    for (const queue of node.agent.queues) {
      let line = this.byQueue.get(queue);
      if (!line) this.byQueue.set(queue, (line = new Map()));
      if (!line.has(node.agent.id)) line.set(node.agent.id, node);
    }
  }

  private leaveLines(node: OpenNode): void {
    for (const queue of node.agent.queues) {
      const line = this.byQueue.get(queue);
      line?.delete(node.agent.id);
      if (line?.size === 0) this.byQueue.delete(queue);
    }
  }
}
