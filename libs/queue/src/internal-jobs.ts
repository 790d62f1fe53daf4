import { randomUUID } from 'node:crypto';
import { Queue, WaitingError, Worker, type IQueueBackend, type Job, type JobsOptions } from 'bullmq';
import { DroverError } from '@drover/domain';
import { asError, Outage } from './guard.js';
import { escapeName, INTERNAL_QUEUE } from './names.js';
import { openStore } from './open-store.js';
import type { InternalHandler, InternalJobs, QueueOptions } from './ports.js';
import { GONE_AT_THE_END, Schedules, tickOf, type InternalQueue } from './schedules.js';
import { EVENTS_KEPT, MAX_STALLS, type TicketStore } from './store.js';

/** A run whose process died begins again elsewhere within 15 + 5 s. */
const LOCK_MS = 15_000;
const STALLED_CHECK_MS = 5000;
const CLOSE_DEADLINE_MS = 5000;
/** Nobody waits at a screen for these. */
const DEADLINE_MS = 2000;

/** Opens the internal queue. Comes back, connected or not, within two seconds. */
export async function createInternalJobs(options: QueueOptions): Promise<InternalJobs> {
  return new BullInternalJobs(await openStore(options), options.onError ?? (() => undefined));
}

class BullInternalJobs implements InternalJobs {
  private readonly queue: InternalQueue;
  private readonly schedules: Schedules;
  private readonly running = new Set<string>();
  private readonly outage: Outage;
  private readonly stop = new AbortController();
  private closing: Promise<void> | undefined;
  private worker: Worker<object, void, string, IQueueBackend> | undefined;

  constructor(
    private readonly store: TicketStore,
    private readonly onError: (error: Error) => void,
  ) {
    this.outage = new Outage(onError);
    this.queue = new Queue(INTERNAL_QUEUE, { connection: {}, streams: { events: { maxLen: EVENTS_KEPT } } }, () =>
      store.backend(INTERNAL_QUEUE),
    );
    this.queue.on('error', () => undefined);
    this.schedules = new Schedules(store, this.queue, this.outage);
  }

  every(name: string, everyMs: number, data: object = {}): Promise<void> {
    return this.schedules.every(name, everyMs, data);
  }

  cron(id: string, pattern: string, timezone: string, name: string, data: object): Promise<void> {
    return this.schedules.cron(id, pattern, timezone, name, data);
  }

  removeCron(id: string): Promise<void> {
    return this.schedules.removeCron(id);
  }

  crons(): Promise<string[]> {
    return this.schedules.crons();
  }

  async add(
    name: string,
    data: object,
    opts: {
      id?: string;
      delayMs?: number;
      attempts?: number;
      backoff?: { type: 'exponential' | 'fixed'; delayMs: number };
    } = {},
  ): Promise<void> {
    const bull: JobsOptions = {
      ...GONE_AT_THE_END,
      // Never one of BullMQ's own: on Postgres it makes a sequence for them, which the API's login may not.
      jobId: jobId(opts.id ?? randomUUID()),
      ...(opts.delayMs ? { delay: opts.delayMs } : {}),
      attempts: opts.attempts ?? 1,
      ...(opts.backoff ? { backoff: { type: opts.backoff.type, delay: opts.backoff.delayMs } } : {}),
    };
    await this.store.run('add', () => this.queue.add(name, data, bull), DEADLINE_MS);
  }

  async remove(id: string): Promise<void> {
    await this.store.run('remove', () => this.store.backend(INTERNAL_QUEUE).remove(jobId(id), false), DEADLINE_MS);
  }

  handle(handlers: Record<string, InternalHandler>, opts: { concurrency?: number } = {}): void {
    if (this.worker) throw new Error('The internal jobs have their handlers already.');
    this.worker = new Worker<object, void, string, IQueueBackend>(
      INTERNAL_QUEUE,
      (job, token, signal) => this.process(handlers, job, token, signal),
      {
        connection: {},
        concurrency: opts.concurrency ?? 10,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: MAX_STALLS,
        drainDelay: 1,
        runRetryDelay: 1000,
      },
      () => this.store.workerBackend(INTERNAL_QUEUE),
    );
    this.worker.on('error', (error) => {
      if (!this.stop.signal.aborted) this.outage.failed(error);
    });
    this.worker.on('active', () => this.outage.over());
    this.worker.on('failed', (job, error) => {
      if (job && job.attemptsMade < (job.opts.attempts ?? 1)) return;
      this.onError(new Error(`The internal job ${job?.name ?? '?'} failed: ${error.message}`, { cause: error }));
    });
  }

  private async process(
    handlers: Record<string, InternalHandler>,
    job: Job<object, void>,
    token?: string,
    signal?: AbortSignal,
  ): Promise<void> {
    const handler = handlers[job.name];
    // A tick of another version of Drover: it is nothing to report each second, and whoever still wants it schedules it
    // again.
    const unknown = handler ? undefined : tickOf(job.repeatJobKey);
    if (unknown !== undefined) return this.schedules.forget(unknown);
    if (!handler) throw new DroverError('not_found', `There is no handler of internal jobs called ${job.name}.`);
    // A tick that takes longer than its interval skips the next ones instead of running beside itself.
    const tick = tickOf(job.repeatJobKey);
    if (tick !== undefined && this.running.has(tick)) return;
    if (tick !== undefined) this.running.add(tick);
    try {
      await handler(job.data, {
        id: job.id ?? '',
        attempt: job.attemptsMade + 1,
        due_at: dueAt(job),
        signal: signal ? AbortSignal.any([signal, this.stop.signal]) : this.stop.signal,
      });
    } catch (error) {
      if (!this.stop.signal.aborted || job.repeatJobKey) throw error;
      // Cut off by our own end, not failed: another process begins it anew, without the loss of an attempt.
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      if (tick !== undefined) this.running.delete(tick);
    }
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    this.schedules.stop();
    // close() of a Worker waits for its jobs without an end of its own; what is cut off is run again by another
    // process.
    const closing = this.worker?.close().catch((error) => this.outage.failed(asError(error)));
    this.stop.abort();
    await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, CLOSE_DEADLINE_MS).unref())]);
    await this.worker
      ?.getBackend()
      .close(true)
      .catch(() => undefined);
    await this.store.close();
  }
}

/** BullMQ takes an id that is a whole number for one of its own. */
const jobId = (id: string): string => `id-${escapeName(id)}`;

/** A tick's id is `repeat:<schedule>:<milliseconds>`; `delay` of a job is 0 once it is due, that of its options stays. */
function dueAt(job: Job<object, void>): Date {
  const tick = job.repeatJobKey ? Number(job.id?.slice(job.id.lastIndexOf(':') + 1)) : NaN;
  return new Date(Number.isFinite(tick) ? tick : job.timestamp + (job.opts.delay ?? 0));
}
