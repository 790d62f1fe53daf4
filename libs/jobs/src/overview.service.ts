import { blockOf, isLost, type Agent, type AgentBlock } from '@drover/domain';
import { overviewStore, type OpenExecution, type Store } from '@drover/store';
import { LastHour, type FailureGroup, type QueueHour } from './last-hour.js';
import type { QueryService, QueueView } from './query.service.js';
import { SlotPlaces } from './slot-places.js';

/** A queue with its last hour. */
export type QueueOverview = Omit<QueueView, 'payload' | 'oldest_queued_s'> & QueueHour;

/** A job in a slot. */
interface SlotJob {
  /** The number of the slot on its node, from 1. */
  slot: number;
  /** Null: it belongs to another project. */
  job: Pick<OpenExecution, 'job_id' | 'name' | 'command' | 'owner' | 'queue' | 'state'> | null;
  execution_id: string | null;
  since: Date;
  /** Indexes of the GPUs that it holds. */
  gpus: number[];
  /** Slots that it takes: more than one for a job that asks for several CPUs. */
  slots: number;
}

export interface NodeOverview {
  name: string;
  kind: Agent['kind'];
  state: Agent['state'];
  /** True: it is offline, and has not said that it goes. */
  lost: boolean;
  blocked_by: AgentBlock | null;
  /** Null while it is online. */
  last_seen_at: Date | null;
  queues: string[];
  slots: number;
  gpus: number;
  jobs: SlotJob[];
}

/** The first look at a broker. */
export interface Overview {
  at: Date;
  queues: QueueOverview[];
  nodes: NodeOverview[];
  /** Failures of the last hour by their reason. */
  failures: FailureGroup[];
}

/** Nodes that went so long ago are not shown, nor missed; milliseconds. */
const FORGOTTEN_MS = 7 * 86_400_000;
/** Projects whose last hour is remembered. */
const MOST_SCOPES = 200;

const NO_HOUR: QueueHour = { started: 0, failed: 0, wait_p50_s: null, wait_p95_s: null };

/** Queues, nodes and failures in one look, cheap enough for one each second. */
export class OverviewService {
  private readonly hours = new Map<string | null, LastHour>();
  private readonly places = new SlotPlaces();

  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
  ) {}

  /** The overview for members of a project (null: for those who see all projects). The caller has to be one of them. */
  async look(project: string | null): Promise<Overview> {
    const hour = this.hourOf(project);
    const [queues, agents, open] = await Promise.all([
      this.query.queues(),
      this.query.agents(),
      overviewStore.open(this.store.sql),
      hour.refresh(),
    ]);
    const now = Date.now();
    const recent = hour.queues();
    const seen = agents.filter(
      (agent) => agent.state !== 'offline' || now - agent.last_seen_at.getTime() < FORGOTTEN_MS,
    );
    const byAgent = grouped(open);
    this.places.keep(new Set(byAgent.keys()));
    return {
      at: new Date(now),
      queues: queues.map((queue) => queueOf(queue, recent.get(queue.name) ?? NO_HOUR)),
      nodes: seen.map((agent) => this.nodeOf(agent, byAgent.get(agent.id) ?? [], project)),
      failures: hour.reasons(),
    };
  }

  private hourOf(project: string | null): LastHour {
    const known = this.hours.get(project);
    const hour = known ?? new LastHour(this.store, project);
    // The one that was used longest ago comes first.
    this.hours.delete(project);
    this.hours.set(project, hour);
    if (this.hours.size > MOST_SCOPES) this.hours.delete(this.hours.keys().next().value ?? null);
    return hour;
  }

  private nodeOf(agent: Agent, open: OpenExecution[], project: string | null): NodeOverview {
    const places = this.places.place(
      agent.id,
      open.map(({ id }) => id),
    );
    return {
      name: agent.name,
      kind: agent.kind,
      state: agent.state,
      lost: isLost(agent),
      blocked_by: blockOf(agent),
      last_seen_at: agent.state === 'offline' ? agent.last_seen_at : null,
      queues: agent.queues,
      slots: agent.slots,
      gpus: agent.facts?.gpus.length ?? 0,
      jobs: open.map((one) => slotJob(one, places.get(one.id) ?? 0, project)).sort((a, b) => a.slot - b.slot),
    };
  }
}

function slotJob(one: OpenExecution, slot: number, project: string | null): SlotJob {
  const { id, job_id, name, command, owner, queue, state, claimed_at, spawned_at, placed } = one;
  const isShown = project === null || one.project === project;
  return {
    slot,
    job: isShown ? { job_id, name, command, owner, queue, state } : null,
    execution_id: isShown ? id : null,
    since: spawned_at ?? claimed_at,
    gpus: placed?.gpus ?? [],
    slots: placed?.slots ?? 1,
  };
}

function queueOf(queue: QueueView, hour: QueueHour): QueueOverview {
  const { payload: _, oldest_queued_s: __, ...shown } = queue;
  return { ...shown, ...hour };
}

function grouped(open: OpenExecution[]): Map<string, OpenExecution[]> {
  const groups = new Map<string, OpenExecution[]>();
  for (const one of open) {
    const group = groups.get(one.agent_id);
    if (group) group.push(one);
    else groups.set(one.agent_id, [one]);
  }
  return groups;
}
