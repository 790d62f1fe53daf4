import { isLost, type Agent, type JobState } from '@drover/domain';
import {
  runsStore,
  timelineStore,
  type BucketRow,
  type Store,
  type TimelineFilter,
  type TimelineRow,
} from '@drover/store';
import { slotsOf } from './lanes.js';
import { percentileOf } from './percentiles.js';
import type { QueryService } from './query.service.js';

/** An execution as a bar. */
export interface TimelineBar {
  node: string;
  /** The slot it is drawn on, from 1. */
  slot: number;
  from: Date;
  to: Date | null;
  /** When a running one will end, by earlier runs of its queue; null: it has ended, or nothing is known. */
  expected_end: Date | null;
  /** running, succeeded, or the cause of its end. */
  outcome: string;
  /** Null: it belongs to another project. */
  job:
    | (Pick<TimelineRow, 'job_id' | 'id' | 'name' | 'owner' | 'queue' | 'attempt' | 'exit_code'> & { state: JobState })
    | null;
}

/** Executions of a node that were opened in one bucket of time. */
export interface TimelineBucket {
  node: string;
  from: Date;
  to: Date;
  /** How many of them, by how they ended: running, succeeded, or a cause. */
  outcomes: Record<string, number>;
  /** The mean number of slots they took. */
  busy: number;
  /** True: the numbers are reckoned from the newest of the bucket, since it holds more than are looked at. */
  estimated: boolean;
}

/** A time in which a node took no work. Null: it takes none still, or nothing is known of its return. */
export interface NodePeriod {
  node: string;
  from: Date;
  to: Date | null;
}

export interface Timeline {
  from: Date;
  to: Date;
  nodes: { name: string; slots: number }[];
  /** Null: there are too many; `buckets` has them in numbers. */
  bars: TimelineBar[] | null;
  buckets: TimelineBucket[];
  lost: NodePeriod[];
  /** Times in which nodes were told to take no work. */
  drained: NodePeriod[];
  /** Since when nodes are offline that said that they go. */
  offline: NodePeriod[];
}

/** More bars than this are told in numbers. */
const MOST_BARS = 2_000;
/** In a period with more executions no bars are looked for. */
const MOST_LOOKED = 20_000;
const BUCKETS = 60;
/** Queues whose run times are looked at for expected ends. */
const MOST_QUEUES = 10;
const MOST_LOST = 100;
const MOST_DRAINED = 1_000;

/** Tells where and when executions ran. */
export class TimelineService {
  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
    /** The only project whose jobs may be named; null: any. */
    private readonly scope: () => string | null = () => null,
  ) {}

  async look(filter: TimelineFilter): Promise<Timeline> {
    const { sql } = this.store;
    const [size, agents] = await Promise.all([
      timelineStore.size(sql, filter, MOST_LOOKED + 1),
      this.query.agents({ kind: 'worker' }),
    ]);
    const rows = size > MOST_LOOKED ? [] : await timelineStore.bars(sql, filter, MOST_BARS + 1);
    const project = this.scope();
    // Jobs of other projects are not to be told by the queue they are in.
    const shown = filter.queue === null || project === null ? rows : rows.filter((row) => row.project === project);
    const many = size > MOST_LOOKED || rows.length > MOST_BARS;
    const buckets = many ? await this.buckets(filter) : [];
    const bars = many ? null : await this.bars(shown);
    const names = new Set([...(bars ?? []), ...buckets].map(({ node }) => node));
    const slots = new Map(agents.map((agent) => [agent.name, agent.slots]));
    for (const agent of agents)
      if (agent.state !== 'offline' && (filter.node === null || filter.node === agent.name)) names.add(agent.name);
    const meant = agents.filter((agent) => filter.node === null || filter.node === agent.name);
    const away = meant.filter((agent) => agent.state === 'offline' && agent.last_seen_at < filter.to);
    const drains = await timelineStore.drains(
      sql,
      meant.map(({ name }) => name),
      filter.to,
    );
    return {
      from: filter.from,
      to: filter.to,
      nodes: [...names].sort().map((name) => ({ name, slots: slots.get(name) ?? 0 })),
      bars,
      buckets,
      lost: [...(await this.lost(rows)), ...away.filter(isLost).map(sinceSeen)],
      drained: drainedIn(drains, meant, filter.from),
      offline: away.filter((agent) => !isLost(agent) && names.has(agent.name)).map(sinceSeen),
    };
  }

  private async bars(rows: TimelineRow[]): Promise<TimelineBar[]> {
    const project = this.scope();
    const slots = slotsOf(
      rows.map(({ node, claimed_at, finished_at }) => ({ node, from: claimed_at, to: finished_at })),
    );
    const running = rows.filter((row) => row.finished_at === null);
    const expected = await this.lengths([...new Set(running.map(({ queue }) => queue))].slice(0, MOST_QUEUES));
    return rows.map((row, at) => {
      const { id, job_id, name, owner, queue, attempt, exit_code, node, claimed_at, spawned_at, finished_at } = row;
      const isShown = project === null || row.project === project;
      return {
        node,
        slot: slots[at] ?? 1,
        from: claimed_at,
        to: finished_at,
        expected_end: finished_at ? null : endOf(spawned_at ?? claimed_at, expected.get(queue) ?? []),
        outcome: finished_at === null ? 'running' : (row.cause ?? 'succeeded'),
        job: isShown ? { id, job_id, name, owner, queue, attempt, exit_code, state: row.job_state } : null,
      };
    });
  }

  /** How long the last runs of these queues took, in seconds. */
  private async lengths(queues: string[]): Promise<Map<string, number[]>> {
    const all = await Promise.all(
      queues.map(async (queue): Promise<[string, number[]]> => {
        const runs = await runsStore.ofQueue(this.store.sql, queue, this.scope());
        return [
          queue,
          runs.flatMap(({ spawned_at, exited_at }) =>
            spawned_at && exited_at ? [(exited_at.getTime() - spawned_at.getTime()) / 1_000] : [],
          ),
        ];
      }),
    );
    return new Map(all);
  }

  private async buckets(filter: TimelineFilter): Promise<TimelineBucket[]> {
    const { from, to } = filter;
    const seconds = (to.getTime() - from.getTime()) / 1_000 / BUCKETS;
    const rows = await timelineStore.buckets(this.store.sql, filter, { seconds, n: BUCKETS, project: this.scope() });
    const buckets = new Map<string, TimelineBucket>();
    for (const row of rows) {
      const begin = new Date(from.getTime() + row.bucket * seconds * 1_000);
      const end = new Date(begin.getTime() + seconds * 1_000);
      const key = `${row.bucket} ${row.node}`;
      const bucket = buckets.get(key) ?? {
        node: row.node,
        from: begin,
        to: end,
        outcomes: {},
        busy: 0,
        estimated: row.more,
      };
      const times = row.more ? factorOf(row, end, seconds) : 1;
      bucket.outcomes[row.outcome] = Math.round(row.n * times);
      bucket.busy = Number((bucket.busy + (row.busy_s * times) / seconds).toFixed(2));
      buckets.set(key, bucket);
    }
    return [...buckets.values()];
  }

  /** The times from the loss of a node to its next execution, by executions that ended with it. */
  private async lost(rows: TimelineRow[]): Promise<NodePeriod[]> {
    const ends = new Map<string, { node: string; at: Date }>();
    for (const { cause, node, finished_at: at } of rows)
      if (cause === 'agent_lost' && at) ends.set(`${node} ${Math.floor(at.getTime() / 60_000)}`, { node, at });
    const found = [...ends.values()].slice(0, MOST_LOST);
    const next = await timelineStore.nextOnNodes(this.store.sql, found);
    return found.map(({ node, at }, index) => ({ node, from: at, to: next[index] ?? null }));
  }
}

const sinceSeen = ({ name, last_seen_at: from }: Agent): NodePeriod => ({ node: name, from, to: null });

/**
 * The times after `from` in which nodes were drained. One that was never undrained lasts while its node is draining;
 * else it ended when the node came anew, or went.
 */
function drainedIn(
  drains: readonly { node: string; drains: boolean; at: Date }[],
  agents: readonly Pick<Agent, 'name' | 'state' | 'registered_at' | 'last_seen_at'>[],
  from: Date,
): NodePeriod[] {
  const periods: NodePeriod[] = [];
  const open = new Map<string, NodePeriod>();
  for (const { node, drains: begins, at } of drains) {
    const period = open.get(node);
    if (!begins && period) {
      period.to = at;
      open.delete(node);
    } else if (begins && !period) {
      const next: NodePeriod = { node, from: at, to: null };
      periods.push(next);
      open.set(node, next);
    }
  }
  for (const { name, state, registered_at: began, last_seen_at: seen } of agents) {
    const period = open.get(name);
    if (period && state !== 'draining')
      period.to = began > period.from ? began : seen > period.from ? seen : period.from;
  }
  return periods.filter(({ to }) => to === null || to > from).slice(-MOST_DRAINED);
}

/** How many times as many there are as were looked at. */
function factorOf({ first_at }: BucketRow, end: Date, seconds: number): number {
  const looked = Math.max(0.001, (end.getTime() - first_at.getTime()) / 1_000);
  return Math.max(1, seconds / looked);
}

/** The median end of those runs that took longer than this one has by now; null: there is none. */
function endOf(since: Date, lengths: number[], now = Date.now()): Date | null {
  const elapsed = (now - since.getTime()) / 1_000;
  const median = percentileOf(
    lengths.filter((length) => length > elapsed),
    0.5,
  );
  return median === null ? null : new Date(since.getTime() + median * 1_000);
}
