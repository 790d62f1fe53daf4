import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import {
  auditOf,
  Batcher,
  boundsOf,
  demandWithin,
  DroverError,
  heldWithin,
  isTooOld,
  NO_CALLERS,
  OLDEST_AGENT_PROTOCOL,
  protocolOf,
  UNTOLD_PROTOCOL,
  type Agent,
  type Callers,
  type NodeBounds,
  type NodeFacts,
} from '@drover/domain';
import type { ClaimedExecution, Control, HeartbeatRequest, RegisterRequest } from '@drover/protocol';
import {
  agentStore,
  auditStore,
  executionStore,
  isAway,
  jobStore,
  nodeKeyStore,
  type Store,
  type StoredAgent,
  type StoredExecution,
} from '@drover/store';

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/**
 * Milliseconds after which the answer to a claim has arrived, or never will: a worker repeats a claim for a few
 * seconds.
 */
const CLAIM_ARRIVES_MS = 20_000;

/**
 * An agent that speaks is noted as alive when the last note is older than this: longer than the time between two
 * heartbeats, which note it themselves.
 */
const NOTE_AFTER_MS = 2_500;

/** Heartbeats written with one statement, and those that may wait: of more workers than one process can serve. */
const BEATS = { maxItems: 200, maxWaiting: 20_000, concurrency: 2, anotherFrom: 200 } as const;
/** Open executions of an agent at most: more slots than the settings of a worker allow. */
const MOST_OPEN = 10_000;

/** The port by which agents tell the jobs of lost executions. */
export interface LossHandler {
  loseExecutions(agentIds: string[], detail: string, keep?: (execution: { id: string }) => boolean): Promise<number>;
}

/** Turns opened executions into what an agent is told to run. */
export type Offers = (agent: StoredAgent, executions: StoredExecution[]) => Promise<ClaimedExecution[]>;

/** Says that an execution was opened without a ticket and that its agent has not told of a start. */
const isOffered = (execution: StoredExecution): boolean =>
  execution.state === 'claimed' && (execution.placed !== null || execution.payload['pushed'] === true);

/** Agents: who they are, whether they live, what they are to do. */
export class AgentsService {
  /**
   * Tokens checked lately, so that each report does not cost a look at the record. Cleared by re-registration and by
   * age.
   */
  private readonly known = new Map<string, { agent: StoredAgent; until: number }>();

  /** The connections for requests of agents; questions of clients about agents go through those of clients. */
  private readonly record: Store;
  private readonly beats = new Batcher<{ agent: StoredAgent; beat: HeartbeatRequest }, Control>(
    (told) => this.flushBeats(told),
    { ...BEATS, onFull: () => new DroverError('unavailable', 'Too many heartbeats wait for the database.') },
  );
  /** When agents that spoke to this process were last noted as alive, by the clock of `performance`. */
  private readonly noted = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly losses: LossHandler,
    private readonly offers: Offers = () => Promise.resolve([]),
    private readonly callers: Callers = NO_CALLERS,
  ) {
    this.record = store.agents;
  }

  /**
   * A worker's start. Same name and boot id: it comes back to its executions. Same name, another boot: the earlier
   * process is gone with its jobs, which are queued again at once. `bounds`: those of its own key, if it has one.
   *
   * @throws DroverError `forbidden` when it asks for more than its bounds allow, `unauthenticated` when its key was
   *   revoked meanwhile
   */
  async register(
    request: RegisterRequest,
    bounds: NodeBounds | null = null,
  ): Promise<{
    agent: StoredAgent;
    token: string;
    executions: { execution_id: string; epoch: number; cancel: boolean }[];
  }> {
    if (bounds) demandWithin(bounds, request);
    const before = await agentStore.byName(this.record.sql, request.name);
    if (before && before.kind !== 'worker') {
      throw new DroverError(
        'conflict',
        `The name ${request.name} belongs to an HTTP-pull agent; give this worker another DROVER_NODE_NAME.`,
      );
    }
    if (before && before.boot_id !== request.boot_id) {
      await this.losses.loseExecutions([before.id], `Agent ${request.name} started anew without its earlier jobs.`);
    }
    const secret = randomBytes(32).toString('base64url');
    // The earlier process's reason to take no work says nothing of this one; its heartbeats tell.
    const protocol = request.protocol ?? UNTOLD_PROTOCOL;
    const payload = { blocked_by: null, left: null, revoked: null, bounds, protocol };
    const agent = await this.record.tx(async (sql) => {
      // The key was looked at before; from here on a revocation waits for this registration, and ends it.
      if (bounds && !(await nodeKeyStore.hold(sql, bounds.key_id)))
        throw new DroverError('unauthenticated', 'The key of this node was revoked: enrol the node again.');
      return agentStore.upsert(sql, {
        id: before?.id ?? uuidv7(),
        name: request.name,
        kind: 'worker',
        state: isTooOld({ kind: 'worker', payload }) ? 'draining' : 'online',
        queues: request.queues,
        slots: request.slots,
        slots_free: request.slots,
        facts: bounds ? { ...request.facts, labels: bounds.labels } : request.facts,
        boot_id: request.boot_id,
        token_hash: hashOf(secret),
        payload,
      });
    });
    this.known.clear();
    const open = await executionStore.openOfAgents(this.record.sql, [agent.id]);
    const cancelling = await this.cancelling(open.map((execution) => execution.job_id));
    return {
      agent,
      token: `${agent.id}.${secret}`,
      executions: open.map((execution) => ({
        execution_id: execution.id,
        epoch: execution.epoch,
        cancel: cancelling.has(execution.job_id),
        ...(isOffered(execution) ? { offered: true } : {}),
      })),
    };
  }

  /** The agent a token belongs to. Throws `unauthenticated`. */
  async authenticate(token: string | undefined): Promise<StoredAgent> {
    const [id, secret] = (token ?? '').split('.');
    if (!id || !secret || !/^[0-9a-f-]{36}$/.test(id))
      throw new DroverError(
        'unauthenticated',
        'An agent token is needed: Authorization: Bearer <token of the registration>.',
      );
    const cached = this.known.get(token as string);
    if (cached && cached.until > Date.now()) return cached.agent;
    const agent = await agentStore.byTokenHash(this.record.sql, id, hashOf(secret));
    if (!agent) throw new DroverError('unauthenticated', 'This agent token is not valid any more; register again.');
    if (this.known.size > 10_000) this.known.clear();
    this.known.set(token as string, { agent, until: Date.now() + 10_000 });
    return agent;
  }

  /**
   * Whatever an agent says proves that it lives. Throws `unauthenticated` when it was declared lost, or has left, and
   * wants work: it has to register first, which tells it what is still its own.
   */
  async heard(agent: StoredAgent, wantsWork: boolean): Promise<void> {
    const now = performance.now();
    if (now - (this.noted.get(agent.id) ?? -Infinity) < NOTE_AFTER_MS) return;
    const state = await agentStore.alive(this.record.keyed, agent.id);
    if (state === null) throw notRegistered();
    if (state === 'offline') {
      if (wantsWork)
        throw new DroverError(
          'unauthenticated',
          `Agent ${agent.name} was silent for too long and was given up; register again.`,
        );
      return;
    }
    this.note(agent.id, now);
  }

  /** Knows an agent no more whose registration somebody has ended: its next word is judged by the record. */
  forget(agentId: string): void {
    this.noted.delete(agentId);
    for (const [token, { agent }] of this.known) if (agent.id === agentId) this.known.delete(token);
  }

  private note(agentId: string, now = performance.now()): void {
    if (this.noted.size > 10_000) this.noted.clear();
    this.noted.set(agentId, now);
  }

  /**
   * A heartbeat, and what the agent is to do. Those that come while others are written go together: a thousand workers
   * cost the record a few statements, not some for each of them. Throws `unauthenticated` when it is not registered.
   */
  heartbeat(agent: StoredAgent, beat: HeartbeatRequest): Promise<Control> {
    const bounds = boundsOf(agent);
    return this.beats.add({ agent, beat: bounds ? heldWithin(bounds, beat) : beat });
  }

  /** Writes heartbeats. When one of them spoils the statement, each gets one of its own. */
  private async flushBeats(told: { agent: StoredAgent; beat: HeartbeatRequest }[]): Promise<(Control | Error)[]> {
    try {
      return await this.writeBeats(told);
    } catch (error) {
      if (told.length === 1 || isAway(error)) throw error;
      return Promise.all(
        told.map(async (one) => {
          try {
            return (await this.writeBeats([one]))[0] as Control | Error;
          } catch (single) {
            return single as Error;
          }
        }),
      );
    }
  }

  private async writeBeats(told: { agent: StoredAgent; beat: HeartbeatRequest }[]): Promise<(Control | Error)[]> {
    // The later of two beats of one agent counts.
    const latest = new Map(told.map(({ agent, beat }) => [agent.id, { ...beatOf(beat), id: agent.id }]));
    const agents = new Map(
      (await agentStore.heartbeats(this.record.keyed, [...latest.values()])).map((agent) => [agent.id, agent]),
    );
    const open = await this.openOf([...agents.keys()]);
    const cancelling = await this.cancelling([...open.values()].flat().map((execution) => execution.job_id));
    return Promise.all(
      told.map(async ({ agent: { id }, beat }): Promise<Control | Error> => {
        const agent = agents.get(id);
        if (!agent) return notRegistered();
        this.note(id);
        const running = beat.running.map((execution) => execution.execution_id);
        const own = open.get(id) ?? [];
        if (await this.loseUnknown(agent, own, new Set(running))) return this.controlOf(agent, running);
        return this.control(agent, own, running, { reserved: agent.reserved, cancelling });
      }),
    );
  }

  /**
   * Executions the record gave to this agent and that it does not know: the answer to its claim never reached it. True:
   * there were some.
   */
  private async loseUnknown(agent: StoredAgent, open: StoredExecution[], running: Set<string>): Promise<boolean> {
    const before = Date.now() - CLAIM_ARRIVES_MS;
    const unknown = new Set(
      open
        .filter((execution) => !running.has(execution.id) && execution.claimed_at.getTime() < before)
        .map((execution) => execution.id),
    );
    if (unknown.size === 0) return false;
    await this.losses.loseExecutions(
      [agent.id],
      `Agent ${agent.name} never got the answer to its claim.`,
      (execution) => !unknown.has(execution.id),
    );
    return true;
  }

  /** Everything this agent is to do now. `running`: what it says it runs; those of them the record gave up are `lost`. */
  async controlOf(agent: StoredAgent, running: string[] = []): Promise<Control> {
    const open = (await this.openOf([agent.id])).get(agent.id) ?? [];
    return this.control(agent, open, running, {
      reserved: await agentStore.reserved(this.record.sql, agent.id),
      cancelling: await this.cancelling(open.map((execution) => execution.job_id)),
    });
  }

  private async control(
    agent: StoredAgent,
    open: StoredExecution[],
    running: string[],
    { reserved, cancelling }: { reserved: number; cancelling: Map<string, string> },
  ): Promise<Control> {
    const held = new Set(open.map((execution) => execution.id));
    const known = new Set(running);
    const offered = open.filter((execution) => isOffered(execution) && !known.has(execution.id));
    const start = offered.length > 0 ? await this.offers(agent, offered) : [];
    const reserve = Math.max(0, reserved - open.reduce((sum, execution) => sum + (execution.placed?.slots ?? 0), 0));
    return {
      ...(start.length > 0 ? { start } : {}),
      ...(reserve > 0 ? { reserve } : {}),
      cancel: open.flatMap((execution) => {
        const reason = cancelling.get(execution.job_id) ?? (execution.payload['end_requested'] as string | undefined);
        return reason === undefined ? [] : [{ execution_id: execution.id, reason }];
      }),
      lost: running.filter((id) => !held.has(id)),
      drain: agent.state === 'draining' || isTooOld(agent),
    };
  }

  /** Open executions, by agent. */
  private async openOf(agentIds: string[]): Promise<Map<string, StoredExecution[]>> {
    const open = new Map<string, StoredExecution[]>();
    // All of them: an execution that were left out would be told to its agent as lost.
    const most = agentIds.length * MOST_OPEN;
    for (const execution of await executionStore.openOfAgents(this.record.keyed, agentIds, most)) {
      const own = open.get(execution.agent_id);
      if (own) own.push(execution);
      else open.set(execution.agent_id, [execution]);
    }
    return open;
  }

  /** After a drain. What it still held is lost. */
  async deregister(agent: StoredAgent): Promise<void> {
    await this.losses.loseExecutions([agent.id], `Agent ${agent.name} left.`);
    await agentStore.setState(this.record.sql, agent.id, 'offline');
    this.noted.delete(agent.id);
    this.known.clear();
  }

  async list(filter: { queue?: string; kind?: Agent['kind'] } = {}): Promise<StoredAgent[]> {
    return agentStore.list(this.store.sql, filter);
  }

  async get(name: string): Promise<StoredAgent> {
    const agent = await agentStore.seenByName(this.store.sql, name);
    if (!agent) throw new DroverError('not_found', `There is no agent ${name}.`);
    return agent;
  }

  /** Draining: takes no more jobs, finishes those it has. */
  async setDraining(name: string, draining: boolean): Promise<StoredAgent> {
    const agent = await this.get(name);
    if (agent.state === 'offline') throw new DroverError('conflict', `Agent ${name} is offline; start it first.`);
    if (!draining && isTooOld(agent))
      throw new DroverError(
        'conflict',
        `Worker ${name} speaks version ${protocolOf(agent)} of the agent protocol, and work is given from version ${OLDEST_AGENT_PROTOCOL} on; install a newer Drover on its node.`,
      );
    const state = draining ? 'draining' : 'online';
    const entry = auditOf(this.callers.now(), {
      action: draining ? 'agent.drain' : 'agent.undrain',
      kind: 'agent',
      object_id: name,
      before: { state: agent.state },
      after: { state },
    });
    await this.store.tx(async (sql) => {
      await agentStore.setState(sql, agent.id, state);
      await auditStore.insert(sql, [entry]);
    });
    return { ...agent, state: draining ? 'draining' : 'online' };
  }

  /**
   * An HTTP-pull agent of a dialect: known by name, without a token of ours. Made on first sight.
   *
   * @throws DroverError `conflict` when a worker of Drover has the name
   */
  async pullAgent(
    name: string,
    fields: {
      queues?: string[];
      payload?: Record<string, unknown>;
      facts?: NodeFacts | null;
      state?: Agent['state'];
    } = {},
  ): Promise<StoredAgent> {
    const before = await agentStore.byName(this.record.sql, name);
    if (before && before.kind === 'worker')
      throw new DroverError('conflict', `The name ${name} belongs to a worker of Drover.`);
    return agentStore.upsert(this.record.sql, {
      id: before?.id ?? uuidv7(),
      name,
      kind: 'pull',
      state: fields.state ?? before?.state ?? 'online',
      queues: fields.queues ?? before?.queues ?? [],
      slots: 1,
      slots_free: 1,
      facts: fields.facts ?? before?.facts ?? null,
      boot_id: '',
      token_hash: null,
      payload: fields.payload ?? {},
    });
  }

  /** A sign of life of HTTP-pull agents, by id. */
  async seen(ids: string[]): Promise<void> {
    if (ids.length > 0) await agentStore.seen(this.record.sql, ids);
  }

  private async cancelling(jobIds: string[]): Promise<Map<string, string>> {
    const reasons = await jobStore.cancelReasons(this.record.keyed, jobIds);
    return new Map([...reasons].map(([id, reason]) => [id, reason ?? 'cancelled']));
  }
}

const notRegistered = (): DroverError =>
  new DroverError('unauthenticated', 'This agent is not registered any more; register again.');

/** The part of a heartbeat that the record keeps. */
function beatOf(beat: HeartbeatRequest) {
  const { slots_free, facts, queues, draining, cpu_load, disk, blocked_by, clock_skew_ms } = beat;
  return {
    slots_free,
    ...(facts === undefined ? {} : { facts }),
    ...(queues === undefined ? {} : { queues }),
    ...(draining === undefined ? {} : { draining }),
    ...(cpu_load === undefined ? {} : { cpu_load }),
    ...(disk === undefined ? {} : { disk: { free_bytes: disk.free_bytes, total_bytes: disk.total_bytes } }),
    ...(blocked_by === undefined ? {} : { blocked_by }),
    ...(clock_skew_ms === undefined ? {} : { clock_skew_ms }),
  };
}
