import { randomUUID } from 'node:crypto';
import { Outage, within } from './guard.js';
import { HeldTickets } from './held-tickets.js';
import { Lane } from './lane.js';
import { bullQueue } from './names.js';
import { openStore } from './open-store.js';
import type { QueueOptions, SourceHooks, TicketSource } from './ports.js';
import type { TicketStore } from './store.js';

/** Fetches under way over all queues; the present limit moves between 1 and this, see {@link BullTicketSource.settled}. */
const MOST_FETCHES = 16;
const FETCH_DEADLINE_MS = 2000;

/** Opens the consumer side. Comes back, connected or not, within two seconds. */
export async function createTicketSource(options: QueueOptions): Promise<TicketSource> {
  // Its lanes notice an outage themselves and tell the hooks: once.
  return new BullTicketSource(
    await openStore({ ...options, onError: undefined }),
    options.onError ?? (() => undefined),
  );
}

/**
 * Fetches tickets of several queues while slots are free. BullMQ's Worker is not used: it keeps a job "active" for as
 * long as its processor runs and knows nothing of slots shared between queues. Its scripts are, through BullMQ's
 * backend port.
 *
 * Queues take turns. A queue that is empty waits for its doorbell (see Lane) without taking a turn. How many slots are
 * free is known only one at a time, so the number of fetches under way is found out: each one that finds a slot lets it
 * grow, one that finds none sets it back to 1 and gives its ticket back, and so does having had to wait for a slot.
 */
class BullTicketSource implements TicketSource {
  private readonly id = randomUUID();
  private readonly lanes = new Map<string, Lane>();
  private readonly held: HeldTickets;
  private readonly outage: Outage;
  private hooks: SourceHooks | undefined;
  private stop = new AbortController();
  private running = false;
  private closed = false;
  private slotFree = false;
  private askingForSlot = false;
  private fetching = 0;
  private limit = 1;
  private tokens = 0;
  private readonly refusals = new Set<Promise<void>>();
  private idle: (() => void)[] = [];

  constructor(
    private readonly store: TicketStore,
    onError: (error: Error) => void,
  ) {
    this.outage = new Outage((error) => (this.hooks ? this.hooks.onError(error) : onError(error)));
    this.held = new HeldTickets(store, (error) => this.outage.failed(error));
    store.onReady(() => {
      for (const lane of this.lanes.values()) lane.poke(false);
    });
  }

  async serve(queues: string[]): Promise<void> {
    const wanted = new Set(queues);
    for (const [queue, lane] of this.lanes) {
      if (wanted.has(queue)) continue;
      this.lanes.delete(queue);
      await lane.close();
      await within(FETCH_DEADLINE_MS, 'A fetch', lane.quiet()).catch((error) => this.outage.failed(error));
    }
    for (const queue of wanted) {
      if (this.lanes.has(queue)) continue;
      const lane = new Lane(queue, bullQueue(queue), this.store, {
        ready: () => this.turn(),
        failed: (error) => this.outage.failed(error),
      });
      this.lanes.set(queue, lane);
      if (this.running) await lane.resume();
    }
  }

  start(hooks: SourceHooks): void {
    this.hooks = hooks;
    this.resume();
  }

  backlog(): string[] {
    const queues: string[] = [];
    for (const [queue, lane] of this.lanes) if (lane.ready) queues.push(queue);
    return queues;
  }

  resume(): void {
    if (this.running || this.closed || !this.hooks) return;
    this.running = true;
    this.stop = new AbortController();
    this.slotFree = false;
    for (const lane of this.lanes.values()) void lane.resume();
    this.turn();
  }

  async pause(): Promise<void> {
    this.running = false;
    this.stop.abort();
    await Promise.all([...this.lanes.values()].map((lane) => lane.pause()));
    if (this.fetching > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    await Promise.all(this.refusals);
  }

  async close(deadlineMs: number): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const end = Date.now() + deadlineMs;
    const left = () => Math.max(end - Date.now(), 1);
    const orderly = async () => {
      await this.pause();
      await this.held.giveBackAll();
    };
    await within(left(), 'The ticket source', orderly()).catch(() => undefined);
    this.held.close();
    await within(
      left(),
      'The ticket source',
      Promise.all([this.store.close(), ...[...this.lanes.values()].map((lane) => lane.close())]),
    ).catch(() => undefined);
  }

  /** Starts what may be started. Called after every change of anything it looks at. */
  private turn(): void {
    while (this.running && this.fetching < this.limit) {
      const lane = this.next();
      if (!lane) break;
      // One slot was seen free; whether another one is has to be asked again.
      if (!lane.must) this.slotFree = false;
      void this.fetch(lane);
    }
    if (this.running && !this.slotFree && this.fetching < this.limit && [...this.lanes.values()].some(wants))
      void this.askForSlot();
  }

  /** The next queue in turn that wants to fetch, taken to the end of the line. */
  private next(): Lane | undefined {
    for (const [queue, lane] of this.lanes) {
      if (!wants(lane) || !(lane.must || this.slotFree)) continue;
      this.lanes.delete(queue);
      this.lanes.set(queue, lane);
      return lane;
    }
    return undefined;
  }

  private async askForSlot(): Promise<void> {
    if (this.askingForSlot) return;
    this.askingForSlot = true;
    const { signal } = this.stop;
    let waited = false;
    const mark = setImmediate(() => {
      waited = true;
    });
    try {
      await this.hooks!.slotFree(signal);
      this.slotFree = true;
      // All slots were taken: the one that came free is the only one, so one fetch is all there is room for.
      if (waited) this.limit = 1;
    } catch (error) {
      if (!signal.aborted) this.outage.failed(error);
    } finally {
      clearImmediate(mark);
      this.askingForSlot = false;
    }
    if (this.slotFree || signal.aborted) this.turn();
  }

  private async fetch(lane: Lane): Promise<void> {
    const token = `${this.id}:${this.tokens++}`;
    const began = lane.begin();
    this.fetching += 1;
    try {
      const [data, id, , nextDue] = await this.store.run(
        'fetch',
        () => this.store.backend(lane.bullName).moveToActive(token),
        FETCH_DEADLINE_MS,
      );
      this.outage.over();
      lane.fetched(began, Boolean(data), Number(nextDue) || 0);
      if (data) this.settled(lane, String(id), jobIdOf(data), token);
    } catch (error) {
      lane.fetchFailed(error);
    } finally {
      this.fetching -= 1;
      if (this.fetching === 0) for (const resolve of this.idle.splice(0)) resolve();
      this.turn();
    }
  }

  private settled(lane: Lane, id: string, jobId: string, token: string): void {
    if (this.running && this.lanes.get(lane.queue) === lane && this.hooks!.tryAcquire()) {
      this.limit = Math.min(this.limit + 1 / (2 * this.limit), MOST_FETCHES);
      this.hooks!.onTicket(this.held.hold(lane.queue, lane.bullName, id, jobId, token));
      return;
    }
    this.limit = 1;
    this.slotFree = false;
    const refusal = this.held.refuse(lane.bullName, id, token).finally(() => this.refusals.delete(refusal));
    this.refusals.add(refusal);
  }
}

const wants = (lane: Lane): boolean => (lane.ready || lane.must) && lane.fetching < lane.burst;

/** The data of a ticket as BullMQ's backends hand it out: JSON text in a job's fields. */
function jobIdOf(job: { data: unknown }): string {
  const data = (typeof job.data === 'string' ? JSON.parse(job.data) : job.data) as { job_id?: string };
  return data.job_id ?? '';
}
