import type { InternalHandler, InternalJobs } from '@drover/queue';
import { FREQUENT_MS, FrequentWork, type Holding } from './frequent-work.js';
import type { JobsLogger } from './ports.js';

const CONCURRENCY = 8;

/** Undoes what a starter began. */
export type Undo = () => Promise<void> | void;
/** Begins something of this process, such as a subscription or a timer. */
export type Starter = () => Promise<Undo | void>;

/**
 * The work that the broker does without being asked. Modules register here what they have to do; it begins with
 * `start`, once all of them have done so.
 */
export class PeriodicWork {
  private readonly frequent: FrequentWork;
  private readonly handlers: Record<string, InternalHandler> = {};
  private readonly ticks: { name: string; everyMs: number }[] = [];
  private readonly starters: Starter[] = [];
  private undos: Undo[] = [];
  private isStarted = false;

  constructor(
    private readonly internal: Pick<InternalJobs, 'handle' | 'every' | 'close'>,
    log: Pick<JobsLogger, 'warn'>,
    holding?: Holding,
  ) {
    this.frequent = new FrequentWork(log, holding);
  }

  /**
   * Registers work that is due again and again. However many replicas there are, one of them does it at each tick.
   *
   * @param when of work that is due every few seconds: the condition of the record without which there is nothing to
   *   do, an expression of SQL without parameters
   */
  every(name: string, everyMs: number, work: () => Promise<void>, when?: string): void {
    this.demandTime(name);
    if (FrequentWork.takes(everyMs)) return this.frequent.add(name, everyMs, work, when);
    this.ticks.push({ name, everyMs });
    this.handlers[name] = work;
  }

  /** Registers the handler of internal jobs of this name. */
  handle(name: string, handler: InternalHandler): void {
    this.demandTime(name);
    this.handlers[name] = handler;
  }

  /** Registers something that each replica begins by itself. What the starter returns is called when the process stops. */
  whenStarted(starter: Starter): void {
    this.demandTime('a starter');
    this.starters.push(starter);
  }

  /** Begins everything that was registered. */
  async start(): Promise<void> {
    this.isStarted = true;
    if (!this.frequent.empty) {
      this.ticks.unshift({ name: 'frequent', everyMs: FREQUENT_MS });
      this.handlers['frequent'] = async (_data, { due_at }) => this.frequent.lead(due_at);
    }
    this.internal.handle(this.handlers, { concurrency: CONCURRENCY });
    for (const { name, everyMs } of this.ticks) await this.internal.every(name, everyMs);
    // Jobs that came due while no process was there do not wait for the first tick.
    if (!this.frequent.empty) this.frequent.lead(new Date());
    for (const starter of this.starters) {
      const undo = await starter();
      if (undo) this.undos.push(undo);
    }
  }

  /** Does everything that is due again and again once, one after the other, with or without something to do. */
  async once(): Promise<void> {
    await this.frequent.once();
    const run = { id: 'once', attempt: 1, due_at: new Date(), signal: new AbortController().signal };
    for (const { name } of this.ticks) if (name !== 'frequent') await this.handlers[name]?.({}, run);
  }

  /** Ends what the starters began, the last one first. Ticks go on until `close`. */
  async stop(): Promise<void> {
    const undos = this.undos.reverse();
    this.undos = [];
    for (const undo of undos) await undo();
  }

  /** Takes no more ticks and internal jobs, and waits for those under way. */
  async close(): Promise<void> {
    await Promise.all([this.internal.close(), this.frequent.close()]);
  }

  private demandTime(name: string): void {
    if (this.isStarted) throw new Error(`Periodic work "${name}" was registered after the work had begun.`);
  }
}
