import { Ledger } from './ledger.js';

/** Jobs of clients outside Drover that one worker keeps; beyond them new ones are refused. */
const MOST = 1_500;

/** The ledgers of this worker, by job. */
export class Ledgers {
  private readonly byJob = new Map<string, Ledger>();

  constructor(private readonly budget: number) {}

  /** Null: there are too many. */
  of(job: string): Ledger | null {
    const known = this.byJob.get(job);
    if (known) return known;
    if (this.byJob.size >= MOST) return null;
    const ledger = new Ledger(job, this.budget);
    this.byJob.set(job, ledger);
    return ledger;
  }

  get(job: string): Ledger | undefined {
    return this.byJob.get(job);
  }

  all(): IterableIterator<Ledger> {
    return this.byJob.values();
  }

  forget(ledger: Ledger): void {
    if (this.byJob.get(ledger.job) === ledger) this.byJob.delete(ledger.job);
  }
}
