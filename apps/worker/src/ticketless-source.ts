import type { TicketSource } from '@drover/queue';

/**
 * The source of a node that gets no login to the ticket store: it brings no ticket. Jobs come with the answers to
 * heartbeats and reports, which ask for those of all queues of the node as long as it is not paused.
 */
export class TicketlessSource implements TicketSource {
  private queues: string[] = [];
  private open = true;

  async serve(queues: string[]): Promise<void> {
    this.queues = queues;
  }

  start(): void {
    // Nothing is fetched here.
  }

  backlog(): string[] {
    return this.open ? this.queues : [];
  }

  async pause(): Promise<void> {
    this.open = false;
  }

  resume(): void {
    this.open = true;
  }

  async close(): Promise<void> {
    this.open = false;
  }
}
