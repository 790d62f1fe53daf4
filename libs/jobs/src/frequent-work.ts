import { setTimeout as sleep } from 'node:timers/promises';
import type { JobsLogger } from './ports.js';

/** Frequent work comes in rounds of this length. */
const ROUND_MS = 1_000;
/** Rounds that one tick of the broker is good for. */
const ROUNDS = 5;
/** How often the shared tick comes. */
export const FREQUENT_MS = ROUND_MS * ROUNDS;
/** Work that is due less often has a tick of its own. */
const MOST_MS = 5_000;
/** Work of one round begins over so much of it, so that it does not fall upon requests all at once. */
const SPREAD = 0.8;

/** Says of each condition of the record, an expression of SQL without parameters, whether it holds. */
export type Holding = (conditions: readonly string[]) => Promise<boolean[]>;

interface Work {
  name: string;
  everyMs: number;
  run: () => Promise<void>;
  when: string | undefined;
}

/**
 * Work that is due every second or few. A tick of its own would cost the ticket store ten statements (Postgres) or
 * commands (Redis) for each kind of work. So all share one, and who gets it does the work of the next five seconds by
 * its own clock: when that process dies, another one goes on within five seconds.
 *
 * Most of this work has nothing to do most of the time. One statement a round asks the record which has.
 */
export class FrequentWork {
  private readonly works: Work[] = [];
  private readonly running = new Set<string>();
  private readonly rounds = new Set<Promise<void>>();
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private asking = false;

  constructor(
    private readonly log: Pick<JobsLogger, 'warn'>,
    private readonly holding: Holding = async (conditions) => conditions.map(() => true),
  ) {}

  /** Whether work of this interval goes with the shared tick: whole seconds, few. */
  static takes(everyMs: number): boolean {
    return everyMs <= MOST_MS && everyMs % ROUND_MS === 0;
  }

  /** @param when the condition of the record without which there is nothing to do */
  add(name: string, everyMs: number, run: () => Promise<void>, when?: string): void {
    this.works.push({ name, everyMs, run, when });
  }

  get empty(): boolean {
    return this.works.length === 0;
  }

  /** Does the rounds until the next tick of the broker, the first one now. Waits for none of them. */
  lead(dueAt: Date, signal?: AbortSignal): void {
    clearTimeout(this.timer);
    const either = signal ? AbortSignal.any([signal, this.stop.signal]) : this.stop.signal;
    const round = (at: number): void => {
      if (either.aborted) return;
      const done = this.tick(new Date(dueAt.getTime() + at * ROUND_MS), either).finally(() => this.rounds.delete(done));
      this.rounds.add(done);
      if (at + 1 < ROUNDS) this.timer = setTimeout(() => round(at + 1), ROUND_MS).unref();
    };
    round(0);
  }

  /** Asks what is due and does all work once, whatever the answer. @throws what a work throws */
  async once(): Promise<void> {
    await this.withSomethingToDo(this.works);
    for (const { run } of this.works) await run();
  }

  /** Begins nothing more, and waits for what is under way. */
  async close(): Promise<void> {
    this.stop.abort();
    clearTimeout(this.timer);
    await Promise.all(this.rounds);
  }

  /**
   * One round: everything that is due in it, each apart from the others. What fails or takes long holds up nothing but
   * itself. Work that has not ended skips its turn.
   */
  async tick(dueAt: Date, signal?: AbortSignal): Promise<void> {
    const second = Math.floor(dueAt.getTime() / ROUND_MS);
    const due = await this.withSomethingToDo(
      this.works.filter(({ name, everyMs }) => second % (everyMs / ROUND_MS) === 0 && !this.running.has(name)),
    );
    const apart = (ROUND_MS * SPREAD) / Math.max(1, due.length);
    await Promise.all(due.map((work, at) => this.run(work, at * apart, signal)));
  }

  private async withSomethingToDo(works: Work[]): Promise<Work[]> {
    const conditions = [...new Set(works.flatMap(({ when }) => when ?? []))];
    const held = new Set<string>();
    if (conditions.length > 0 && !this.asking) {
      this.asking = true;
      try {
        const answers = await this.holding(conditions);
        for (const [at, condition] of conditions.entries()) if (answers[at]) held.add(condition);
      } catch (error) {
        this.log.warn({ error: String(error) }, 'the record did not say what is due; the next second asks again');
      } finally {
        this.asking = false;
      }
    }
    return works.filter(({ name, when }) => (when === undefined || held.has(when)) && !this.running.has(name));
  }

  private async run({ name, run }: Work, inMs: number, signal?: AbortSignal): Promise<void> {
    this.running.add(name);
    try {
      if (inMs > 0) await sleep(inMs, undefined, { signal });
      if (!signal?.aborted) await run();
    } catch (error) {
      if (!signal?.aborted)
        this.log.warn({ error: String(error), work: name }, 'periodic work failed; its next turn tries again');
    } finally {
      this.running.delete(name);
    }
  }
}
