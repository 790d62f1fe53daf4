import { setTimeout as wait } from 'node:timers/promises';
import {
  MAX_BATCH,
  type ClaimedExecution,
  type ClaimResult,
  type ClaimsResponse,
  type FreeSlots,
} from '@drover/protocol';
import type { HeldTicket } from '@drover/queue';
import type { Logger } from '@drover/telemetry';
import { ApiRefused, type AgentClient } from './agent.client.js';
import type { Session } from './session.js';

/** Before a claim without an answer is tried again: the API may have made it, and then only we can run the job. */
const AGAIN_MS = [100, 400, 1_500];

interface Waiting {
  ticket: HeldTicket;
  releaseSlot: () => void;
}

/** Turns tickets into executions. What comes while a request is under way goes into the next one. */
export class Claims {
  private waiting: Waiting[] = [];
  private asking = false;

  constructor(
    private readonly session: Session,
    private readonly start: (execution: ClaimedExecution, releaseSlot: () => void) => void,
    /** The free slots that a claim tells beside. */
    private readonly free: () => FreeSlots | undefined,
    private readonly logger: Logger,
  ) {}

  /** A ticket with a slot held for it. */
  add(ticket: HeldTicket, releaseSlot: () => void): void {
    this.waiting.push({ ticket, releaseSlot });
    if (this.asking) return;
    this.asking = true;
    setImmediate(() => void this.run());
  }

  private async run(): Promise<void> {
    try {
      while (this.waiting.length > 0) await this.claim(this.waiting.splice(0, MAX_BATCH));
    } finally {
      this.asking = false;
    }
  }

  private async claim(batch: Waiting[]): Promise<void> {
    let results: ClaimResult[];
    try {
      results = await this.ask(batch);
    } catch (error) {
      this.logger.debug({ err: error, tickets: batch.length }, 'claims were not answered; the tickets go back');
      for (const { ticket, releaseSlot } of batch) {
        void ticket.giveBack();
        releaseSlot();
      }
      return;
    }
    const byTicket = new Map(results.map((result) => [result.ticket_id, result]));
    for (const { ticket, releaseSlot } of batch) this.apply(ticket, releaseSlot, byTicket.get(ticket.ticket_id));
  }

  private async ask(batch: Waiting[]): Promise<ClaimResult[]> {
    const tickets = batch.map(({ ticket: { ticket_id, job_id } }) => ({ ticket_id, job_id }));
    const claim = (client: AgentClient): Promise<ClaimsResponse> => {
      const free = this.free();
      return client.claims({ tickets, ...(free === undefined ? {} : { free }) });
    };
    for (const pause of AGAIN_MS) {
      try {
        return (await this.session.call(claim)).results;
      } catch (error) {
        if (error instanceof ApiRefused) throw error;
        await wait(pause);
      }
    }
    return (await this.session.call(claim)).results;
  }

  private apply(ticket: HeldTicket, releaseSlot: () => void, result: ClaimResult | undefined): void {
    switch (result?.outcome) {
      case 'claimed':
        this.start(result.execution, releaseSlot);
        void ticket.done();
        break;
      case 'refused':
        releaseSlot();
        void ticket.done();
        this.logger.debug({ ticket: ticket.ticket_id, reason: result.reason }, 'claim refused');
        break;
      case 'later':
        releaseSlot();
        void ticket.giveBack(result.delay_ms);
        break;
      case undefined:
        releaseSlot();
        void ticket.giveBack();
        break;
    }
  }
}
