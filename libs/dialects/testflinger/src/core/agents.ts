import { currentCaller } from '@drover/access';
import type { AgentsService } from '@drover/agents';
import { DroverError } from '@drover/domain';
import { type Store, type StoredAgent } from '@drover/store';
import { labAgentStore, type LabAgentRow } from '../record/agent.store.js';
import { labJobStore } from '../record/job.store.js';
import { visibleRefs } from './visible-refs.js';

/** An agent as clients read it: what it posted, and what we know. */
export interface LabAgent {
  name: string;
  updated_at: Date;
  data: Record<string, unknown>;
  streak: { type: 'pass' | 'fail'; count: number } | null;
}

/** How long an agent's row in the core is believed without a look. */
const CACHE_MS = 30_000;
/** Signs of life are written at most so often an agent. */
const SEEN_EVERY_MS = 2_000;
/** The name of an agent that takes a job without saying one. */
export const NAMELESS = 'anonymous';
/** How Drover's own workers present themselves. */
const WORKER_TYPE = 'drover-worker';

/** Lab agents: what they say of themselves in this dialect, and their counterparts in the core. */
export class LabAgents {
  private readonly pullers = new Map<string, { agent: StoredAgent; until: number }>();
  private readonly seenAt = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly core: Pick<AgentsService, 'pullAgent' | 'seen' | 'list'>,
  ) {}

  /**
   * Stores what an agent posted. Throws `conflict` when a worker of Drover has the name, `forbidden` when another agent
   * client has it.
   */
  async post(name: string, data: Record<string, unknown>, lines: string[]): Promise<void> {
    const caller = currentCaller();
    const client = caller?.role === 'agent' ? caller.name : undefined;
    if (client !== undefined) await this.checkName(name, client);
    const queues = data['queues'] as string[] | undefined;
    const state = coreState(data['state']);
    const agent = await this.core.pullAgent(name, {
      ...(client === undefined ? {} : { payload: { client } }),
      ...(queues ? { queues } : {}),
      ...(state ? { state } : {}),
    });
    this.remember(agent);
    await labAgentStore.post(this.store.sql, name, data, lines);
  }

  async get(name: string): Promise<LabAgent | null> {
    const row = await labAgentStore.get(this.store.sql, name);
    return row ? ((await this.withWorkers([row]))[0] ?? null) : null;
  }

  /** The agents that have spoken, by name. */
  async list(): Promise<LabAgent[]> {
    return this.withWorkers(await labAgentStore.list(this.store.sql));
  }

  /** The agents that serve a queue, workers of Drover included. */
  async ofQueue(queue: string): Promise<LabAgent[]> {
    const rows = await labAgentStore.list(this.store.sql, queue);
    const workers = (await this.core.list({ queue, kind: 'worker' })).filter(
      (worker) => !rows.some((row) => row.name === worker.name),
    );
    const all = [...rows, ...workers.map(workerRow)];
    return (await this.withWorkers(all)).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * All agents that a person wants to see, by name: those that have spoken, and every worker of Drover. An agent that
   * fell silent is offline, whatever it said last.
   */
  async everybody(): Promise<LabAgent[]> {
    const rows = await labAgentStore.list(this.store.sql);
    const core = new Map((await this.core.list()).map((agent) => [agent.name, agent]));
    const silentWorkers = [...core.values()].filter(
      (agent) => agent.kind === 'worker' && !rows.some((row) => row.name === agent.name),
    );
    const all = await this.withWorkers([...rows, ...silentWorkers.map(workerRow)]);
    return all.map((agent) => silent(agent, core.get(agent.name))).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Finds one agent of `everybody` by its name. */
  async find(name: string): Promise<LabAgent | null> {
    return (await this.everybody()).find((agent) => agent.name === name) ?? null;
  }

  async provisioned(name: string, entry: { job_id: string; exit_code: number; detail: string }): Promise<void> {
    await labAgentStore.provisioned(this.store.sql, name, entry);
  }

  /** The last lines an agent posted, oldest first, and its last provisionings, newest first. */
  async history(
    name: string,
  ): Promise<{ lines: string[]; provisions: { job_id: string; exit_code: number; detail: string; at: Date }[] }> {
    const [lines, provisions] = await Promise.all([
      labAgentStore.log(this.store.sql, name),
      labAgentStore.provisionLog(this.store.sql, name),
    ]);
    const visible = await visibleRefs(
      this.store.sql,
      provisions.map(({ job_id }) => job_id),
    );
    return { lines, provisions: provisions.map((one) => (visible(one.job_id) ? one : { ...one, job_id: '' })) };
  }

  /** Throws `forbidden` when another agent client has taken this name before. */
  async checkName(name: string, client: string): Promise<void> {
    const [known] = (await this.core.list({ kind: 'pull' })).filter((agent) => agent.name === name);
    const holder = known?.payload['client'];
    if (typeof holder === 'string' && holder !== client)
      throw new DroverError('forbidden', `The agent name ${name} belongs to another client; choose another name.`);
  }

  /**
   * The agent that asks for a job; it is made on first sight. Throws `forbidden` when the name belongs to another agent
   * client.
   */
  async puller(name: string, client?: string): Promise<StoredAgent> {
    const known = this.pullers.get(name);
    if (client !== undefined && (known?.agent.payload['client'] ?? client) !== client)
      throw new DroverError('forbidden', `The agent name ${name} belongs to another client; choose another name.`);
    if (known && known.until > Date.now()) {
      await this.seen(known.agent.id);
      return known.agent;
    }
    if (client !== undefined) await this.checkName(name, client);
    const agent = await this.core.pullAgent(name, client === undefined ? {} : { payload: { client } });
    this.remember(agent);
    return agent;
  }

  /** A sign of life, by the core's id. */
  async seen(id: string): Promise<void> {
    const now = Date.now();
    if (now - (this.seenAt.get(id) ?? 0) < SEEN_EVERY_MS) return;
    if (this.seenAt.size > 10_000) this.seenAt.clear();
    this.seenAt.set(id, now);
    await this.core.seen([id]);
  }

  /** A worker of Drover has taken a job of this dialect: from now on it is an agent that clients list. */
  async workerTook(worker: StoredAgent, ref: string): Promise<void> {
    await labAgentStore.post(this.store.sql, worker.name, { ...workerData(worker), job_id: ref }, []);
  }

  async forgetSilent(seconds: number): Promise<void> {
    await labAgentStore.forgetSilent(this.store.sql, seconds);
  }

  /** Workers never post their state: it is what the core knows. Jobs that the caller must not know of are not named. */
  private async withWorkers(rows: LabAgentRow[]): Promise<LabAgent[]> {
    const names = rows.filter((row) => row.data['provision_type'] === WORKER_TYPE).map((row) => row.name);
    const workers =
      names.length === 0
        ? []
        : (await this.core.list({ kind: 'worker' })).filter((worker) => names.includes(worker.name));
    const held = await labJobStore.heldBy(
      this.store.sql,
      workers.map((worker) => worker.id),
    );
    const agents = rows.map((row): LabAgent => {
      const view = {
        name: row.name,
        updated_at: row.updated_at,
        data: row.data,
        streak: row.streak_type ? { type: row.streak_type, count: row.streak_count } : null,
      };
      if (!names.includes(row.name)) return view;
      const worker = workers.find((one) => one.name === row.name);
      const job = worker && held.get(worker.id);
      const state = worker?.state !== 'online' ? 'offline' : job ? (job.phase ?? 'test') : 'waiting';
      return {
        ...view,
        data: { ...row.data, ...(worker ? { queues: worker.queues } : {}), state, job_id: job?.ref ?? '' },
        updated_at: worker?.last_seen_at ?? row.updated_at,
      };
    });
    const visible = await visibleRefs(
      this.store.sql,
      agents.map(({ data }) => data['job_id']),
    );
    return agents.map((agent) =>
      visible(agent.data['job_id']) ? agent : { ...agent, data: { ...agent.data, job_id: '' } },
    );
  }

  private remember(agent: StoredAgent): void {
    if (this.pullers.size > 10_000) this.pullers.clear();
    this.pullers.set(agent.name, { agent, until: Date.now() + CACHE_MS });
    this.seenAt.set(agent.id, Date.now());
  }
}

/** A worker of Drover that never took a job of this dialect. */
const workerRow = (worker: StoredAgent): LabAgentRow => ({
  name: worker.name,
  data: workerData(worker),
  streak_type: null,
  streak_count: 0,
  updated_at: worker.last_seen_at,
});

function silent(agent: LabAgent, known: StoredAgent | undefined): LabAgent {
  if (known?.kind !== 'pull') return agent;
  // Asking for a job is a word, too.
  const updated_at = known.last_seen_at > agent.updated_at ? known.last_seen_at : agent.updated_at;
  return { ...agent, updated_at, data: known.state === 'offline' ? { ...agent.data, state: 'offline' } : agent.data };
}

function workerData(worker: StoredAgent): Record<string, unknown> {
  return {
    queues: worker.queues,
    provision_type: WORKER_TYPE,
    location: worker.facts?.hostname ?? '',
    comment: 'a worker of Drover',
  };
}

/** An agent that is offline or in maintenance takes no jobs until somebody changes that. */
function coreState(state: unknown): 'online' | 'draining' | 'offline' | null {
  if (typeof state !== 'string') return null;
  if (state === 'offline') return 'offline';
  return state === 'maintenance' || state === 'restart' ? 'draining' : 'online';
}
