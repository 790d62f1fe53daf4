import { setTimeout as sleep } from 'node:timers/promises';
import type { JobsLogger } from './ports.js';

/** How often the shared tick comes. */
export const FREQUENT_MS = 1_000;
/** Work that is due less often has a tick of its own. */
const MOST_MS = 5_000;
/** Work of one tick begins over so much of it, so that it does not fall upon requests all at once. */
const SPREAD = 0.8;

interface Work {
  name: string;
  everyMs: number;
  run: () => Promise<void>;
}

/**
 * Work that is due every second or few goes with one tick of the broker: a tick of its own costs the ticket store ten
 * statements (Postgres) or commands (Redis), which with ten kinds of work was most of what an idle API did.
 */
export class FrequentWork {
  private readonly works: Work[] = [];
  private readonly running = new Set<string>();

  constructor(private readonly log: Pick<JobsLogger, 'warn'>) {}

  /** Whether work of this interval goes with the shared tick: whole seconds, few. */
  static takes(everyMs: number): boolean {
    return everyMs <= MOST_MS && everyMs % FREQUENT_MS === 0;
  }

  add(name: string, everyMs: number, run: () => Promise<void>): void {
    this.works.push({ name, everyMs, run });
  }

  get empty(): boolean {
    return this.works.length === 0;
  }

  /**
   * Everything that is due at this tick, each apart from the others: what fails or takes long holds up nothing but
   * itself. Work that has not ended skips its turn.
   */
  async tick(dueAt: Date, signal?: AbortSignal): Promise<void> {
    const second = Math.floor(dueAt.getTime() / FREQUENT_MS);
    const due = this.works.filter(
      ({ name, everyMs }) => second % (everyMs / FREQUENT_MS) === 0 && !this.running.has(name),
    );
    const apart = (FREQUENT_MS * SPREAD) / Math.max(1, due.length);
    await Promise.all(due.map((work, at) => this.run(work, at * apart, signal)));
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
