import type { MinimalJob } from 'bullmq';
import { isRefusal, within } from './guard.js';
import type { HeldTicket } from './ports.js';
import { LOCK_MS, type TicketStore } from './store.js';

/** After this a ticket nobody settled is no longer kept alive, and goes to another worker. */
const LONGEST_HOLD_MS = 60_000;
const RENEW_EVERY_MS = LOCK_MS / 3;
const SETTLE_DEADLINE_MS = 2000;

interface Holding {
  bullName: string;
  id: string;
  token: string;
  since: number;
  renewed: number;
  settling?: Promise<void>;
}

/** The tickets in hand of one source: settles them, and renews the locks of those that are held for longer than usual. */
export class HeldTickets {
  private readonly held = new Set<Holding>();
  private readonly timer: NodeJS.Timeout;
  private closed = false;

  constructor(
    private readonly store: TicketStore,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.renew(), RENEW_EVERY_MS);
    this.timer.unref();
  }

  hold(queue: string, bullName: string, id: string, jobId: string, token: string): HeldTicket {
    const now = Date.now();
    const holding: Holding = { bullName, id, token, since: now, renewed: now };
    this.held.add(holding);
    return {
      ticket_id: id,
      job_id: jobId,
      queue,
      done: () => this.settle(holding, 'done', () => this.complete(holding)),
      giveBack: (delayMs = 0) => this.settle(holding, 'give back', () => this.putBack(holding, delayMs)),
    };
  }

  /** A ticket that came although no slot was free. */
  async refuse(bullName: string, id: string, token: string): Promise<void> {
    const now = Date.now();
    const holding: Holding = { bullName, id, token, since: now, renewed: now };
    await this.settle(holding, 'give back', () => this.putBack(holding, 0));
  }

  /** Gives back whatever is in hand. */
  async giveBackAll(): Promise<void> {
    await Promise.all(
      [...this.held].map((holding) => this.settle(holding, 'give back', () => this.putBack(holding, 0))),
    );
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
  }

  private async complete({ bullName, id, token }: Holding): Promise<void> {
    // BullMQ's backends read only the id of the job, and options that a ticket does not have.
    const job = { id, opts: {} } as MinimalJob;
    await this.store.backend(bullName).moveToCompleted(job, null, true, token, false);
  }

  private async putBack({ bullName, id, token }: Holding, delayMs: number): Promise<void> {
    if (delayMs > 0)
      await this.store.backend(bullName).moveToDelayed(id, this.store.clock(), delayMs, token, { skipAttempt: true });
    else await this.store.putBack(bullName, id, token);
  }

  private settle(holding: Holding, what: string, operation: () => Promise<void>): Promise<void> {
    holding.settling ??= this.settleOnce(what, operation).finally(() => this.held.delete(holding));
    return holding.settling;
  }

  private async settleOnce(what: string, operation: () => Promise<void>): Promise<void> {
    try {
      await this.store.run(what, operation, SETTLE_DEADLINE_MS);
    } catch (error) {
      // Its lock runs out and it is delivered again; the claim of a job that is already claimed is refused.
      if (!isRefusal(error) && !this.closed) this.failed(error);
    }
  }

  private async renew(): Promise<void> {
    const now = Date.now();
    const due = new Map<string, Holding[]>();
    for (const holding of this.held) {
      if (now - holding.since > LONGEST_HOLD_MS) this.held.delete(holding);
      else if (now - holding.renewed >= RENEW_EVERY_MS && !holding.settling)
        due.set(holding.bullName, [...(due.get(holding.bullName) ?? []), holding]);
    }
    for (const [bullName, holdings] of due) {
      for (const holding of holdings) holding.renewed = now;
      const [ids, tokens] = [holdings.map((h) => h.id), holdings.map((h) => h.token)];
      await within(SETTLE_DEADLINE_MS, 'renew', this.store.backend(bullName).extendLocks(ids, tokens, LOCK_MS)).catch(
        (error) => this.failed(error),
      );
    }
  }
}
