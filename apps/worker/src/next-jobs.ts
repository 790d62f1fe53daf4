import { MAX_BATCH, type FreeSlots, type NextJobs, type ReportsRequest } from '@drover/protocol';
import type { Slots } from './slots.js';

/** Queues named in one request at most, as the protocol says. */
const MOST_QUEUES = 32;
/**
 * How long a slot that has come free waits for the next request of reports. Milliseconds. Reports go out within 20 ms
 * while several executions have something to tell, and a request under way takes about as long.
 */
const PATIENCE_MS = 60;

/** The queues of this node: where jobs probably wait, and how many more of their jobs it may run. */
export interface Lines {
  /** Names of queues whose tickets did not run out at the last look, with the slots their own limits leave. */
  backlog(): [name: string, most: number][];
  /** Free slots of the queues with limits of their own. */
  freeOfQueues(): Record<string, number>;
  /** How many jobs to fetch beyond those for free slots, see `WaitingLine`. */
  ahead(): number;
  /** How many jobs of a queue were fetched ahead and wait here. */
  waiting(queue: string): number;
}

/**
 * Asks for the next jobs together with the reports that go out anyway: a job that ends and the one that follows it cost
 * one request instead of three. While jobs wait, a slot that comes free is kept from the tickets until the answer is
 * here. While jobs are short, more are asked for than slots are free. Queues take turns: the one that was served last
 * is asked for last.
 */
export class NextJobsAsker {
  /** Slots kept for the next request: until when, by the clock of `performance`. */
  private kept: number[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly servedAt = new Map<string, number>();
  private serves = 1;
  /** The API starts jobs without tickets. */
  enabled = false;

  constructor(
    private readonly slots: Slots,
    private readonly lines: Lines,
  ) {}

  /** A slot has come free. Call in the same turn, before a ticket can take it. */
  freed(): void {
    if (!this.enabled || !this.slots.open || this.lines.backlog().length === 0) return;
    this.slots.promised += 1;
    this.kept.push(performance.now() + PATIENCE_MS);
    this.timer ??= setTimeout(() => this.expire(), PATIENCE_MS);
  }

  /** The fields of a request beside its reports. `settle` is to be called with the jobs that the answer brought. */
  ask(): { said: Pick<ReportsRequest, 'free' | 'next'>; settle: (started: { queue: string }[]) => void } {
    if (!this.enabled) return { said: {}, settle: () => undefined };
    const free = this.free();
    const kept = this.kept.length;
    const slots = this.slots.open ? Math.min(kept + this.lines.ahead(), MAX_BATCH) : 0;
    const backlog = slots > 0 ? this.backlog() : [];
    if (backlog.length === 0) return { said: { free }, settle: () => undefined };
    this.kept = [];
    return {
      said: { free, next: this.turn(backlog, slots) },
      settle: (started) => {
        this.serves += 1;
        for (const { queue } of started) this.servedAt.set(queue, this.serves);
        this.slots.promised -= kept;
      },
    };
  }

  /** The field of a heartbeat by which a node without tickets asks for jobs. */
  idle(): { next?: NextJobs } {
    const slots = Math.min(this.slots.openFor, MAX_BATCH);
    const backlog = slots > 0 ? this.backlog() : [];
    if (backlog.length === 0) return {};
    this.serves += 1;
    return { next: this.turn(backlog, slots) };
  }

  /** The queues whose turn it is. */
  private turn(backlog: [name: string, most: number][], slots: number): NextJobs {
    const queues = backlog
      .toSorted(([a], [b]) => (this.servedAt.get(a) ?? 0) - (this.servedAt.get(b) ?? 0))
      .slice(0, MOST_QUEUES)
      .map(([name, most]): [string, number] => [name, Math.min(most, slots)]);
    for (const [name] of queues) this.servedAt.set(name, this.serves);
    return { slots, queues };
  }

  /** The queues to ask for, each with what its own limit leaves beside its jobs that wait here. */
  private backlog(): [name: string, most: number][] {
    return this.lines
      .backlog()
      .map(([name, most]): [string, number] => [name, most - this.lines.waiting(name)])
      .filter(([, most]) => most > 0);
  }

  /** The slots for which this node could start a job at once. */
  free(): FreeSlots {
    const ofQueues = this.lines.freeOfQueues();
    return { slots: this.slots.openFor, ...(Object.keys(ofQueues).length > 0 ? { of_queues: ofQueues } : {}) };
  }

  /** No request came in time: the slots go to the tickets. */
  private expire(): void {
    this.timer = undefined;
    const now = performance.now();
    const due = this.kept.filter((until) => until <= now + 1).length;
    this.kept.splice(0, due);
    this.slots.promised -= due;
    const [next] = this.kept;
    if (next !== undefined) this.timer = setTimeout(() => this.expire(), Math.max(1, next - now));
  }
}
