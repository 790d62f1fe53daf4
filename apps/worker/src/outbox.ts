import { MAX_BATCH, type ReportItem, type ReportsResponse } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { ApiRefused } from './agent.client.js';
import type { Session } from './session.js';

export type ReportResult = ReportsResponse['results'][number];

/** Text of chunks a request carries at most. Characters. */
const MAX_TEXT = 2 * 1024 * 1024;
/** Lets the start and the end of a very short job travel together. Milliseconds. */
const GATHER_MS = 2;
/** What a refused item resolves to. */
const STALE: ReportResult = { status: 409 };

interface Entry {
  item: ReportItem;
  resolve: (result: ReportResult) => void;
}

/**
 * All that executions have to tell, in one order, one request at a time: what comes while a request is under way goes into the
 * next one. Nothing is given up while the API is away.
 */
export class Outbox {
  private entries: Entry[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending = false;

  constructor(
    private readonly session: Session,
    private readonly logger: Logger,
  ) {}

  /** Resolves with the server's answer to the item; 409 also for one that was dropped. */
  push(item: ReportItem): Promise<ReportResult> {
    return new Promise((resolve) => {
      this.entries.push({ item, resolve });
      this.schedule();
    });
  }

  /** Items not yet answered. */
  get size(): number {
    return this.entries.length;
  }

  /** Forgets what an execution still had to tell. */
  drop(executionId: string): void {
    this.entries = this.entries.filter((entry) => {
      if (entry.item.execution_id !== executionId) return true;
      entry.resolve(STALE);
      return false;
    });
  }

  private schedule(): void {
    if (this.sending || this.timer !== undefined || this.entries.length === 0) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.flush();
    }, GATHER_MS);
  }

  private async flush(): Promise<void> {
    this.sending = true;
    try {
      while (this.entries.length > 0) await this.send(this.nextBatch());
    } catch (error) {
      // Only the end of the worker stops the retries.
      this.logger.debug({ err: error }, 'reports were not sent');
    } finally {
      this.sending = false;
    }
  }

  private nextBatch(): Entry[] {
    let text = 0;
    let count = 0;
    for (const { item } of this.entries) {
      text += item.kind === 'chunk' ? item.data.length : 0;
      if (count === MAX_BATCH || (text > MAX_TEXT && count > 0)) break;
      count++;
    }
    return this.entries.slice(0, count);
  }

  private async send(batch: Entry[]): Promise<void> {
    let results: ReportResult[];
    try {
      results = (await this.session.persist((client) => client.reports({ items: batch.map((entry) => entry.item) }))).results;
    } catch (error) {
      if (!(error instanceof ApiRefused)) throw error;
      results = await this.refused(batch, error);
    }
    // Entries may have been dropped meanwhile.
    const sent = new Set(batch);
    this.entries = this.entries.filter((entry) => !sent.has(entry));
    batch.forEach((entry, at) => entry.resolve(results[at] ?? { status: 422, message: 'no answer' }));
  }

  /** The API does not understand the request as a whole: find the item it is about, so that the others get through. */
  private async refused(batch: Entry[], error: ApiRefused): Promise<ReportResult[]> {
    if (batch.length === 1) {
      this.logger.error({ err: error, kind: batch[0]?.item.kind, execution: batch[0]?.item.execution_id }, 'a report was refused and is dropped');
      return [{ status: 422, message: error.message }];
    }
    const results: ReportResult[] = [];
    for (const { item } of batch) {
      try {
        results.push(...(await this.session.persist((client) => client.reports({ items: [item] }))).results);
      } catch (one) {
        if (!(one instanceof ApiRefused)) throw one;
        results.push(...(await this.refused([{ item, resolve: () => {} }], one)));
      }
    }
    return results;
  }
}
