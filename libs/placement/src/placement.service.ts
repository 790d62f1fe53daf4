import { type Doorbell, type JobsLogger, type PlacedStart, type PlacedStarts, topics } from '@drover/jobs';
import { placementStore, type PlacementNode, type Sql, type Store, type StoredJob } from '@drover/store';
import type { Node } from './demand.js';
import { toNode } from './nodes.js';
import { plan, type Start, type Waiting } from './plan.js';

/** Jobs looked at in one go. */
const MOST_JOBS = 2_000;
/** Starts in one transaction; the rest in the next. */
const MOST_STARTS = 500;
/** A worker that was not heard of for this long (three beats) gets nothing. */
const FRESH_MS = 6_000;

export interface PlacementOptions {
  /** After this a job that finds no room has nodes kept for it. */
  patienceMs: number;
}

/** Gives jobs with demands their nodes. One at a time over all replicas: a lock in the record sees to it. */
export class PlacementService {
  private running: Promise<void> | null = null;
  private again = false;
  private lastMs = 0;
  private closed = false;
  /** True: some job waited at the last look. */
  private waiting = false;

  constructor(
    private readonly store: Store,
    private readonly bell: Doorbell,
    private readonly placed: PlacedStarts,
    private readonly log: JobsLogger,
    private readonly options: PlacementOptions,
  ) {}

  /** Something changed. Looks soon, once for many calls. */
  poke(): void {
    if (this.closed) return;
    this.again = true;
    this.running ??= this.loop().finally(() => {
      this.running = null;
    });
  }

  /** Something ended. Looks only when somebody waits. */
  pokeIfWaiting(): void {
    if (this.waiting) this.poke();
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async loop(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      // Where a look takes long, the looks become fewer.
      if (this.lastMs > 20) await new Promise((resolve) => setTimeout(resolve, Math.min(this.lastMs, 500)));
      try {
        await this.run();
      } catch (error) {
        this.log.warn({ error: String(error) }, 'placement failed; it is tried again within a second');
        return;
      }
    }
  }

  /** Looks once for jobs that can start. @returns how many jobs started */
  async run(): Promise<number> {
    this.waiting = await placementStore.pending(this.store.sql);
    if (!this.waiting) return 0;
    const began = performance.now();
    const made = await this.store.tx((sql) => this.place(sql));
    this.lastMs = performance.now() - began;
    this.placed.announce(made.starts);
    for (const agent of made.tell) this.bell.publish(topics.agent(agent));
    if (made.more) this.again = true;
    return made.starts.length;
  }

  private async place(sql: Sql): Promise<{ starts: PlacedStart[]; tell: Set<string>; more: boolean }> {
    await placementStore.lock(sql);
    const jobs = await placementStore.waiting(sql, MOST_JOBS);
    const agents = await placementStore.nodes(sql, FRESH_MS);
    const first = this.decide(jobs, agents, await placementStore.use(sql));
    // Claims of plain jobs may have come in between: with the chosen nodes held, look again at what runs there and
    // decide for good.
    const touched = new Set([
      ...first.holds.keys(),
      ...first.starts.flatMap((start) => start.members.map(({ node }) => node.id)),
    ]);
    const changing = (await placementStore.reserved(sql)).filter((agent) => agent.reserved > 0);
    for (const agent of changing) touched.add(agent.id);
    await placementStore.lockNodes(sql, [...touched]);
    const uses = await placementStore.use(sql);
    const held = agents.filter((agent) => touched.has(agent.id));
    const decided = this.decide(jobs, held, uses);
    const byId = await placementStore.lockStartable(
      sql,
      decided.starts.slice(0, MOST_STARTS).map((start) => start.job_id),
    );
    const starts = decided.starts.filter((start) => byId.has(start.job_id));
    const made = await this.placed.claim(sql, placedOf(starts, byId, held));

    // Slots that jobs without demands do not get: those held by jobs with demands, and those kept for the one that
    // waits.
    const reserved = new Map<string, number>();
    for (const [id, use] of uses)
      reserved.set(
        id,
        use.placed.reduce((sum, placed) => sum + placed.slots, 0),
      );
    for (const { members } of starts)
      for (const { node, placed } of members) reserved.set(node.id, (reserved.get(node.id) ?? 0) + placed.slots);
    const tell = new Set(starts.flatMap((start) => start.members.map(({ node }) => node.id)));
    const changes = [...touched].flatMap((id) => {
      const before = [...agents, ...changing].find((agent) => agent.id === id) as PlacementNode;
      const hold = decided.holds.get(id);
      const after = {
        id,
        reserved: Math.min(before.slots, (reserved.get(id) ?? 0) + (hold?.slots ?? 0)),
        reserved_for: hold?.job_id ?? null,
      };
      if (after.reserved === before.reserved && after.reserved_for === before.reserved_for) return [];
      tell.add(id);
      return [after];
    });
    await placementStore.reserve(sql, changes);
    return {
      starts: made,
      tell,
      more: starts.length > 0 && (decided.starts.length > starts.length || first.starts.length > starts.length),
    };
  }

  private decide(
    jobs: StoredJob[],
    agents: PlacementNode[],
    uses: Awaited<ReturnType<typeof placementStore.use>>,
  ): ReturnType<typeof plan> {
    const nodes = agents
      .map((agent) => toNode(agent, uses.get(agent.id)))
      .filter((node): node is Node => node !== null);
    const now = Date.now();
    const waiting: Waiting[] = jobs.map((job) => ({
      id: job.id,
      queue: job.queue,
      spec: job.spec,
      waitedMs: now - (job.queued_at ?? job.created_at).getTime(),
    }));
    const promised = new Map(
      agents.flatMap((agent) => (agent.reserved_for ? [[agent.id, agent.reserved_for] as const] : [])),
    );
    return plan(nodes, waiting, { patienceMs: this.options.patienceMs, promised });
  }
}

/** The decisions of placement, in the form in which libs/jobs starts them. */
function placedOf(starts: Start[], jobs: Map<string, StoredJob>, agents: PlacementNode[]): PlacedStart[] {
  const boots = new Map(agents.map((agent) => [agent.id, agent.boot_id]));
  return starts.map(({ job_id, members }) => ({
    job: jobs.get(job_id) as StoredJob,
    nodes: members.map(({ node, placed }) => ({
      agent_id: node.id,
      name: node.name,
      boot_id: boots.get(node.id) ?? '',
      placed,
    })),
  }));
}
