import { isDeepStrictEqual } from 'node:util';
import type { ConnectionOptions, IQueueBackend, Queue } from 'bullmq';
import { checkCron } from './cron-pattern.js';
import { isRefusal, type Outage } from './guard.js';
import { escapeName, INTERNAL_QUEUE, unescapeName } from './names.js';
import type { TicketStore } from './store.js';

export type InternalQueue = Queue<object, void, string, object, void, string, IQueueBackend, ConnectionOptions>;

/** Every run that ended is forgotten. */
export const GONE_AT_THE_END = { removeOnComplete: true, removeOnFail: true } as const;

/** How often each process looks whether its periodic work is still scheduled (the store may have been emptied). */
const WATCH_MS = 3000;
/**
 * A run that nobody has taken for so long is lost: scheduling it again is harmless when it is not. Of ticks: after
 * twice their interval.
 */
const LATE_MS = { tick: 3000, cron: 60_000 };
const DEADLINE_MS = 2000;
const TICK = 'every.';
const CRON = 'cron.';

interface Schedule {
  id: string;
  when: { every: number } | { pattern: string; tz: string };
  name: string;
  data: object;
  lateMs: number;
}

/** The name of the schedule that made a run, when it is a tick. */
export const tickOf = (repeatJobKey: string | undefined): string | undefined =>
  repeatJobKey?.startsWith(TICK) ? repeatJobKey : undefined;

/** The schedules of the internal queue: BullMQ's job schedulers, the same for all processes. */
export class Schedules {
  private readonly ticks = new Map<string, Schedule>();
  private readonly watch: NodeJS.Timeout;
  private last: Promise<void> = Promise.resolve();
  private stopped = false;
  /** Looks so far. */
  private turn = 0;

  constructor(
    private readonly store: TicketStore,
    private readonly queue: InternalQueue,
    private readonly outage: Outage,
  ) {
    this.watch = setInterval(() => void this.putBack(), WATCH_MS);
    this.watch.unref();
    store.onReady(() => void this.putBack());
  }

  /** Comes back without the store too: the watch schedules what is missing once it can. */
  async every(name: string, everyMs: number, data: object): Promise<void> {
    const tick = {
      id: TICK + escapeName(name),
      when: { every: everyMs },
      name,
      data,
      lateMs: 2 * everyMs + LATE_MS.tick,
    };
    this.ticks.set(tick.id, tick);
    await this.ensure(tick).catch((error) => this.outage.failed(error));
  }

  async cron(id: string, pattern: string, timezone: string, name: string, data: object): Promise<void> {
    checkCron(pattern, timezone);
    await this.ensure({ id: CRON + escapeName(id), when: { pattern, tz: timezone }, name, data, lateMs: LATE_MS.cron });
  }

  async removeCron(id: string): Promise<void> {
    await this.store.run('unschedule', () => this.queue.removeJobScheduler(CRON + escapeName(id)), DEADLINE_MS);
  }

  /** Ends a tick that nobody here asked for. */
  async forget(id: string): Promise<void> {
    if (!this.ticks.has(id)) await this.store.run('unschedule', () => this.queue.removeJobScheduler(id), DEADLINE_MS);
  }

  async crons(): Promise<string[]> {
    const flat = await this.store.run(
      'list schedules',
      () => this.store.backend(INTERNAL_QUEUE).getJobSchedulersRange(0, -1, true),
      DEADLINE_MS,
    );
    const ids = flat.filter((_, i) => i % 2 === 0);
    return ids.filter((id) => id.startsWith(CRON)).map((id) => unescapeName(id.slice(CRON.length)));
  }

  /** Runs one at a time: on Postgres each holds a connection for its lock. */
  private ensure(schedule: Schedule): Promise<void> {
    const next = this.last.then(() => this.store.run('schedule', () => this.ensureNow(schedule), DEADLINE_MS));
    this.last = next.catch(() => undefined);
    return next;
  }

  /**
   * Leaves a schedule that is as it should be alone: writing it again could begin a second first run, or skip one that
   * is just due.
   */
  private async ensureNow(schedule: Schedule): Promise<void> {
    if (await this.isRight(schedule)) return;
    await this.store.alone(async () => {
      if (!(await this.isRight(schedule))) await this.upsert(schedule);
    });
  }

  private async isRight({ id, when, name, data, lateMs }: Schedule): Promise<boolean> {
    const present = await this.queue.getJobScheduler(id);
    if (!present || Date.now() - (present.next ?? 0) > lateMs) return false;
    const same =
      'every' in when ? present.every === when.every : present.pattern === when.pattern && present.tz === when.tz;
    return same && present.name === name && isDeepStrictEqual(present.template?.data ?? {}, data);
  }

  private async upsert({ id, when, name, data }: Schedule): Promise<void> {
    try {
      await this.queue.upsertJobScheduler(id, when, { name, data, opts: GONE_AT_THE_END });
    } catch (error) {
      // The run is just being made by whoever took the one before: it is scheduled.
      if (!isRefusal(error)) throw error;
    }
  }

  /**
   * Periodic work outlives the loss of everything in the store, and a schedule that has stopped moving is started
   * again. Each look is at one tick in its turn, and at all of them once one of them is not as it should be.
   */
  private async putBack(): Promise<void> {
    try {
      const ticks = [...this.ticks.values()];
      const one = ticks[this.turn++ % ticks.length];
      const isRight =
        one !== undefined && (await this.store.run('look at a schedule', () => this.isRight(one), DEADLINE_MS));
      for (const tick of isRight ? [] : ticks) {
        if (this.stopped) return;
        await this.ensure(tick);
      }
      if (this.ticks.size > 0) this.outage.over();
    } catch (error) {
      if (!this.stopped) this.outage.failed(error);
    }
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.watch);
  }
}
