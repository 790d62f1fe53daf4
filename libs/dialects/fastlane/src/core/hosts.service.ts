import { hostname } from 'node:os';
import { currentCaller } from '@drover/access';
import { auditOf, type Agent } from '@drover/domain';
import type { ClaimVeto, Explainer, QueryService } from '@drover/jobs';
import { auditStore, type Store } from '@drover/store';
import { taskExecutionStore } from '../record/task-execution.store.js';
import { taskStore } from '../record/task.store.js';
import type { TaskPayload, TaskSettings } from './plan.js';

/** Milliseconds after which blocks and circuits are read again. */
const FRESH_MS = 1_000;
const VETO_DELAY_MS = 1_000;
/** Docker's port: what a node is shown with when no farm names another. */
const DEFAULT_PORT = 2375;

const OTHER_FARM = 'it is for the nodes of another farm';

/** A node as the farm shows it. */
export interface HostView {
  host: string;
  port: number;
  available: boolean;
  blacklisted: boolean;
  circuit: 'closed' | 'open' | 'half-open';
  error: string | null;
}

interface Known {
  at: number;
  blocked: Set<string>;
  circuits: Map<string, 'open' | 'half-open'>;
}

type Named = Pick<Agent, 'name' | 'facts'>;

/** Nodes seen as hosts of farms: which are blocked, which have lost too much, and which may run what. */
export class HostsService {
  private known: Promise<Known> | undefined;
  private knownAt = 0;
  private readonly restricted: boolean;

  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
    private readonly settings: TaskSettings & { breakerFails: number; breakerResetS: number },
  ) {
    this.restricted = settings.farms.some((farm) => farm.hosts.length > 0);
  }

  async block(host: string): Promise<void> {
    await this.store.tx(async (sql) => {
      await taskStore.blockHost(sql, host);
      await auditStore.insert(sql, [
        auditOf(currentCaller(), { action: 'host.block', kind: 'agent', object_id: host }),
      ]);
    });
    this.known = undefined;
  }

  async unblock(host: string): Promise<void> {
    await this.store.tx(async (sql) => {
      await taskStore.unblockHost(sql, host);
      await auditStore.insert(sql, [
        auditOf(currentCaller(), { action: 'host.unblock', kind: 'agent', object_id: host }),
      ]);
    });
    this.known = undefined;
  }

  /** Keeps executions of tasks from nodes that are blocked, have an open circuit, or are of another farm. */
  readonly veto: ClaimVeto = async (agent, jobIds) => {
    const shut = shutBy(agent, await this.state());
    if (shut === null && !this.restricted) return new Map();
    const ours = await taskExecutionStore.among(this.store.sql, jobIds);
    const kept = ours.filter(
      ({ hosts }) => shut !== null || (hosts !== null && !hosts.some((host) => names(agent, host))),
    );
    return new Map(kept.map(({ id }) => [id, { reason: shut ?? OTHER_FARM, delay_ms: VETO_DELAY_MS }]));
  };

  /** Why none of the nodes that are there takes an execution. */
  readonly explain: Explainer = async (job, agents) => {
    const payload = job.payload['fastlane'] as TaskPayload | undefined;
    if (job.dialect !== 'fastlane' || payload === undefined) return [];
    const known = await this.state();
    const workers = agents.filter((agent) => agent.kind === 'worker');
    const why = workers.map(
      (agent) =>
        shutBy(agent, known) ?? (payload.hosts?.some((host) => names(agent, host)) === false ? OTHER_FARM : null),
    );
    if (workers.length === 0 || why.includes(null)) return [];
    const told = workers
      .slice(0, 5)
      .map((agent, at) => `${agent.name} (${why[at]})`)
      .join(', ');
    return [
      {
        code: 'no_node_of_farm',
        message: `No node of its farm takes it: ${told}.`,
        remedy:
          'Take a node off the list (DELETE /docker-executor/blacklist), start one of the farm, or change DOCKER_HOSTS.',
      },
    ];
  };

  async list(): Promise<HostView[]> {
    const [agents, { blocked, circuits }] = await Promise.all([
      this.query.agents({ queue: this.settings.queue, kind: 'worker' }),
      this.state(),
    ]);
    const farmHosts = this.settings.farms.flatMap((farm) => farm.hosts);
    const views = agents.map((agent): HostView => {
      const isBlocked = [...blocked].some((host) => names(agent, host));
      const problem = isBlocked ? 'server is blacklisted' : this.problemOf(agent);
      const port = Number(
        farmHosts
          .find((host) => names(agent, host))
          ?.split(':')
          .at(-1) ?? DEFAULT_PORT,
      );
      const circuit = circuits.get(agent.name) ?? (problem === null || isBlocked ? 'closed' : 'open');
      return {
        host: agent.name,
        port,
        available: problem === null && circuit !== 'open',
        blacklisted: isBlocked,
        circuit,
        error: problem,
      };
    });
    const nobody = [...new Set([...farmHosts, ...blocked])].filter(
      (host) => !agents.some((agent) => names(agent, host)),
    );
    for (const entry of nobody) {
      const isBlocked = blocked.has(entry);
      const [host, port] = splitHost(entry);
      if (host === 'localhost' && !isBlocked && agents.length > 0) continue;
      views.push({
        host,
        port,
        available: false,
        blacklisted: isBlocked,
        circuit: isBlocked ? 'closed' : 'open',
        error: isBlocked ? 'server is blacklisted' : 'no node of this name serves the queue',
      });
    }
    return views;
  }

  private problemOf(agent: Agent): string | null {
    if (agent.state !== 'online') return `the node is ${agent.state}`;
    if (this.settings.executor === 'process' || agent.facts?.executors.includes('container')) return null;
    return agent.facts?.container_problem ?? 'there is no container engine';
  }

  private state(): Promise<Known> {
    if (this.known === undefined || Date.now() - this.knownAt > FRESH_MS) {
      this.knownAt = Date.now();
      this.known = this.load();
      this.known.catch(() => {
        this.known = undefined;
      });
    }
    return this.known;
  }

  private async load(): Promise<Known> {
    const { breakerFails, breakerResetS } = this.settings;
    const [blocked, losses] = await Promise.all([
      taskStore.blockedHosts(this.store.sql),
      taskExecutionStore.losses(this.store.sql, 2 * breakerResetS),
    ]);
    const circuits = losses
      .filter(({ n }) => n >= breakerFails)
      .map(
        ({ node, last_at }) =>
          [node, Date.now() - last_at.getTime() < breakerResetS * 1000 ? 'open' : 'half-open'] as const,
      );
    return { at: Date.now(), blocked: new Set(blocked), circuits: new Map(circuits) };
  }
}

/** Why a node gets nothing at all; null: it does. */
function shutBy(agent: Named, { blocked, circuits }: Known): string | null {
  if ([...blocked].some((host) => names(agent, host))) return 'its node is blocked';
  return circuits.get(agent.name) === 'open' ? "its node's circuit is open" : null;
}

/** `name:port`, also with an IPv6 address in brackets. */
function splitHost(entry: string): [string, number] {
  const at = entry.lastIndexOf(':');
  return at < 0 ? [entry, DEFAULT_PORT] : [entry.slice(0, at), Number(entry.slice(at + 1))];
}

/** Whether a host entry means a node: by its name or its host name; `localhost` is the machine of this API. */
function names(agent: Named, entry: string): boolean {
  const host = (/:\d+$/.test(entry) ? splitHost(entry)[0] : entry).toLowerCase();
  const own = [agent.name, agent.facts?.hostname ?? ''].map((name) => name.toLowerCase());
  if (host === 'localhost' || host === '127.0.0.1') return own.includes(hostname().toLowerCase());
  return own.includes(host);
}
