import {
  MAX_BATCH,
  type ClaimedExecution,
  type ReportItem,
  type ReportsRequest,
  type ReportsResponse,
} from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import { ApiRefused } from './agent.client.js';
import type { Session } from './session.js';

export type ReportResult = ReportsResponse['results'][number];

/** Text of chunks a request carries at most. Characters. */
const MAX_TEXT = 2 * 1024 * 1024;
/** Lets the start and the end of a very short job travel together. Milliseconds. */
const GATHER_MS = 2;
/**
 * Between the beginnings of two requests at least, while several executions have something to tell: each request costs
 * the record ten statements and a commit, however much it holds. The first word after a silence, and what an execution
 * tells alone, waits for nothing but {@link GATHER_MS}. Milliseconds.
 */
const PACE_MS = 20;
/** The result of a refused item. */
const STALE: ReportResult = { status: 409 };

const textOf = (item: ReportItem): number => (item.kind === 'chunk' ? item.data.length : 0);

/** The fields of a request beside its reports, and a listener for what comes with the answer. */
export interface BesideReports {
  ask(): {
    said: Pick<ReportsRequest, 'free' | 'next'>;
    /** Called once: with the executions that came, or none when the request was given up. */
    settle(started: ClaimedExecution[]): void;
  };
}

const NOTHING_BESIDE: BesideReports = { ask: () => ({ said: {}, settle: () => undefined }) };

interface Entry {
  item: ReportItem;
  resolve: (result: ReportResult) => void;
}

/**
 * All that executions have to tell, in one order, one request at a time: what comes while a request is under way goes
 * into the next one. Nothing is given up while the API is away.
 */
export class ReportBuffer {
  private entries: Entry[] = [];
  /** Text of the chunks in `entries`. Characters. */
  private text = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending = false;
  /** When the next request may begin, by the clock of `performance`. */
  private nextAt = 0;

  constructor(
    private readonly session: Session,
    private readonly logger: Logger,
    private readonly beside: BesideReports = NOTHING_BESIDE,
  ) {}

  /** Resolves with the server's answer to the item; 409 also for one that was dropped. */
  push(item: ReportItem): Promise<ReportResult> {
    return new Promise((resolve) => {
      this.entries.push({ item, resolve });
      this.text += textOf(item);
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
      this.text -= textOf(entry.item);
      entry.resolve(STALE);
      return false;
    });
  }

  private schedule(): void {
    if (this.sending || this.timer !== undefined || this.entries.length === 0) return;
    this.timer = setTimeout(
      () => {
        this.timer = undefined;
        void this.flush();
      },
      Math.max(GATHER_MS, this.nextAt - performance.now()),
    );
  }

  private async flush(): Promise<void> {
    this.sending = true;
    try {
      // More than a request holds goes out without a pause.
      do {
        const batch = this.nextBatch();
        const several = batch.some(({ item }) => item.execution_id !== batch[0]?.item.execution_id);
        this.nextAt = several ? performance.now() + PACE_MS : 0;
        await this.send(batch);
      } while (this.entries.length >= MAX_BATCH || this.text >= MAX_TEXT);
    } catch (error) {
      // Only the end of the worker stops the retries.
      this.logger.debug({ err: error }, 'reports were not sent');
      return;
    } finally {
      this.sending = false;
    }
    this.schedule();
  }

  private nextBatch(): Entry[] {
    let text = 0;
    let count = 0;
    for (const { item } of this.entries) {
      text += textOf(item);
      if (count === MAX_BATCH || (text > MAX_TEXT && count > 0)) break;
      count++;
    }
    return this.entries.slice(0, count);
  }

  private async send(batch: Entry[]): Promise<void> {
    let results: ReportResult[];
    let started: ClaimedExecution[] = [];
    const { said, settle } = this.beside.ask();
    try {
      const items = batch.map((entry) => entry.item);
      const answer = await this.session.persist((client) => client.reports({ items, ...said }));
      results = answer.results;
      started = answer.start ?? [];
    } catch (error) {
      if (!(error instanceof ApiRefused)) throw error;
      results = await this.refused(batch, error);
    } finally {
      settle(started);
    }
    // Some may have been dropped meanwhile; those that are left are still the first.
    const sent = new Set(batch);
    let left = 0;
    for (let entry = this.entries[0]; entry !== undefined && sent.has(entry); entry = this.entries[left]) {
      this.text -= textOf(entry.item);
      left += 1;
    }
    this.entries.splice(0, left);
    batch.forEach((entry, at) => entry.resolve(results[at] ?? { status: 422, message: 'no answer' }));
  }

  /** The API does not understand the request as a whole: find the item it is about, so that the others get through. */
  private async refused(batch: Entry[], error: ApiRefused): Promise<ReportResult[]> {
    if (batch.length === 1) {
      this.logger.error(
        { err: error, kind: batch[0]?.item.kind, execution: batch[0]?.item.execution_id },
        'a report was refused and is dropped',
      );
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
