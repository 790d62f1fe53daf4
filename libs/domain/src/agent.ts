/** The equipment of a node, as its agent found it. */
export interface NodeFacts {
  hostname: string;
  /** Version of the agent program. */
  version: string;
  os: string;
  cpus: number;
  memory_mb: number;
  gpus: { index: number; name: string; uuid: string }[];
  labels: Record<string, string>;
  /** Most jobs of a queue at once, for queues that have such a limit. */
  queue_slots?: Record<string, number>;
  /** process, container. A job with an image needs container. */
  executors: string[];
  /** Why container is not there, one sentence. */
  container_problem?: string;
  /** Why processes are not limited by a cgroup of their own, and what holds their limits instead, one sentence. */
  cgroup_problem?: string;
  /** How far jobs that are processes are kept from the node: none, user, namespace. */
  isolation?: string;
  /** Where the worker serves its own /metrics, `host:port`. Absent: nowhere, or an older worker. */
  metrics_address?: string;
}

export const AGENT_STATES = ['online', 'draining', 'offline'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** Why an online worker takes no work at the moment. */
export const AGENT_BLOCKS = ['disk_full'] as const;
export type AgentBlock = (typeof AGENT_BLOCKS)[number];

/** worker: our daemon. pull: an HTTP-pull agent of a dialect. */
export const AGENT_KINDS = ['worker', 'pull'] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

export interface Agent {
  id: string;
  name: string;
  kind: AgentKind;
  state: AgentState;
  queues: string[];
  slots: number;
  slots_free: number;
  facts: NodeFacts | null;
  /** New at each start of the agent's process tree. */
  boot_id: string;
  payload: Record<string, unknown>;
  registered_at: Date;
  last_seen_at: Date;
}

/**
 * How long an HTTP-pull agent may be silent before it counts as offline, seconds. Idle ones ask for a job every few
 * seconds; one that runs a job is silent for as long as a provisioning takes.
 */
export const PULL_SILENCE_S = { idle: 120, busy: 3_600 } as const;

/**
 * The reason to take no work that its last heartbeat gave; null: it takes work. The payload of an HTTP-pull agent is
 * its client's, and says nothing of this.
 */
export function blockOf(agent: Pick<Agent, 'kind' | 'payload'>): AgentBlock | null {
  const said = agent.payload['blocked_by'];
  return agent.kind === 'worker' ? (AGENT_BLOCKS.find((block) => block === said) ?? null) : null;
}

/** Whether a worker is offline although it did not say that it goes. */
export const isLost = (agent: Pick<Agent, 'kind' | 'state' | 'payload'>): boolean =>
  agent.kind === 'worker' && agent.state === 'offline' && agent.payload['left'] !== true;

/** A clock that is off by more than this is worth a word. Milliseconds. */
const CLOCK_SKEW_TOLD_MS = 2_000;

/** How far the clock of a worker's node is ahead of the API's, milliseconds, by its last heartbeat; null: not known. */
export function clockSkewOf(agent: Pick<Agent, 'kind' | 'payload'>): number | null {
  const said = agent.payload['clock_skew_ms'];
  return agent.kind === 'worker' && typeof said === 'number' ? said : null;
}

/** The load of a worker's node by its last heartbeat; null: not known, or it is offline. */
export function loadOf({ kind, state, payload }: Pick<Agent, 'kind' | 'state' | 'payload'>): number | null {
  const said = payload['cpu_load'];
  return kind === 'worker' && state !== 'offline' && typeof said === 'number' ? said : null;
}

/** The disk of a worker's data folder by its last heartbeat; null: not known. */
export function diskOf({
  kind,
  payload,
}: Pick<Agent, 'kind' | 'payload'>): { free_bytes: number; total_bytes: number } | null {
  const { free_bytes: free, total_bytes: total } = (payload['disk'] ?? {}) as Record<string, unknown>;
  return kind === 'worker' && typeof free === 'number' && typeof total === 'number'
    ? { free_bytes: free, total_bytes: total }
    : null;
}

/** One sentence about the clocks of these nodes that are off, or null. */
export function clocksOff(agents: readonly Pick<Agent, 'name' | 'kind' | 'payload'>[]): string | null {
  const off = agents.flatMap((agent) => {
    const skew = clockSkewOf(agent) ?? 0;
    return Math.abs(skew) > CLOCK_SKEW_TOLD_MS
      ? [`${agent.name} by ${Math.round(Math.abs(skew) / 1000)} s (${skew > 0 ? 'ahead' : 'behind'})`]
      : [];
  });
  if (off.length === 0) return null;
  return `The clock of ${off.length === 1 ? 'a node is' : `${off.length} nodes is`} off: ${off.slice(0, 5).join(', ')}${off.length > 5 ? ', …' : ''}.`;
}
