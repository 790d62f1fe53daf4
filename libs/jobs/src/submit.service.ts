import {
  Batcher,
  DEFAULT_PROJECT,
  DroverError,
  invalid,
  LongWork,
  mapInPieces,
  NO_CALLERS,
  type Caller,
  type Callers,
  type FieldFault,
  type Submission,
} from '@drover/domain';
import { isAway, isContention, jobStore, sqlState, type Sql, type Store, type StoredJob } from '@drover/store';
import type { DirectStarts } from './direct-starts.js';
import type { Dispatcher } from './dispatcher.js';
import { isVisible } from './job-rights.js';
import { type Doorbell, type JobsObserver, type ProjectRoom, ringFor, topics, unlimited } from './ports.js';
import { faultsOf, LIMITS } from './submission.js';
import { recallAccepted } from './submit-idempotency.js';
import {
  holderOf,
  mayWait,
  unknownDependencies,
  type Accepted,
  type Idempotency,
  type Request,
} from './submit-requests.js';
import { SubmitWriter, WRITTEN_AT_ONCE, type Taken } from './submit-writer.js';
import { webhooksOf } from './webhooks.js';

/** A batch of more jobs than this is written by itself. */
const BULK_JOBS = 200;
/** Such batches that may wait; each holds up to 10,000 jobs in memory. */
const MAX_BULKS = 16;
const onFull = (): DroverError =>
  new DroverError('unavailable', 'Too many submissions are waiting for the database; try again in a second.');

/**
 * A request that may be repeated. Its content is made only when its key is new: a check against the clock would refuse
 * a repeat.
 */
export interface Deferred<T> {
  owner: string;
  /** Throws `invalid`. */
  make: () => T | Promise<T>;
}

/** Says whether these may be submitted by whoever asks; throws if not. Called before anything is stored. */
export type Admission = (submissions: readonly Submission[]) => Promise<void>;

/** Accepts jobs. When submit() resolves, they are in Postgres. */
export class SubmitService {
  private readonly batcher: Batcher<Request, Accepted>;
  /** Large batches, each by itself, so that no single job waits behind them. */
  private readonly bulk: Batcher<Request, Accepted>;
  private readonly admissions: Admission[] = [];
  private readonly writer: SubmitWriter;

  constructor(
    private readonly store: Store,
    private readonly dispatcher: Dispatcher,
    private readonly bell: Doorbell,
    private readonly observer: JobsObserver,
    /** Told of new cron parents. */
    private readonly onCron: (jobs: StoredJob[]) => void = () => undefined,
    private readonly callers: Callers = NO_CALLERS,
    private readonly room: ProjectRoom = unlimited,
    /** Dialects whose clients choose the ids of their jobs: each project has its own. */
    idsByProject: readonly string[] = [],
    /** Free slots of nodes. Null: all jobs go by ticket. */
    private readonly direct: DirectStarts | null = null,
  ) {
    this.writer = new SubmitWriter(room, idsByProject, direct);
    this.batcher = new Batcher((requests) => this.flush(requests), {
      maxItems: 500,
      maxWaiting: 20_000,
      // Two at once when many wait: while one is at the disk, the other is built. Few go together, with a third of the
      // statements.
      concurrency: 2,
      anotherFrom: 100,
      onFull,
    });
    this.bulk = new Batcher((requests) => this.flush(requests), {
      maxItems: 1,
      maxWaiting: MAX_BULKS,
      concurrency: 2,
      onFull,
    });
  }

  /**
   * Throws `rate_limited` where a project has no room for so many more waiting jobs: for dialects that write something
   * of their own before they submit.
   */
  async demandRoom(project: string, jobs = 1): Promise<void> {
    await this.room.demand(project, 'waiting_jobs', jobs);
  }

  admit(admission: Admission): void {
    this.admissions.push(admission);
  }

  /** Asks what a submit would ask. Throws what the admissions throw, `forbidden` above all. */
  async demandAdmission(submissions: Submission[]): Promise<void> {
    const caller = this.callers.now();
    const owned = submissions.map((submission) => inProject(submission, caller));
    for (const admission of this.admissions) await admission(owned);
  }

  /**
   * One job. With an idempotency key the same key and body give the same job again; another body is
   * `idempotency_mismatch`. A known key is answered before anything else is asked: the clock, quotas and rights of now
   * say nothing of a job that was accepted then. `admitted`: no admission is asked, for what is to be shown as ended at
   * once. Refused whole with `invalid` (faults name the fields), `conflict` (the id or an external id is taken).
   */
  async submit(
    asked: Submission | Deferred<Submission>,
    idempotency?: Idempotency,
    options: { admitted?: boolean } = {},
  ): Promise<{ job: StoredJob; created: boolean }> {
    const known = idempotency && (await this.recall(asked, idempotency));
    if (known) return { job: known.jobs[0] as StoredJob, created: false };
    const submission = 'make' in asked ? await asked.make() : asked;
    const faults = faultsOf(submission);
    if (faults.length > 0) throw invalid(faults);
    const caller = this.callers.now();
    const submissions = [inProject(submission, caller)];
    if (!options.admitted) await this.demandAdmission(submissions);
    await this.checkDependencies(submissions, caller);
    const began = performance.now();
    const accepted = await this.batcher.add(
      idempotency ? { submissions, caller, idempotency } : { submissions, caller },
    );
    this.observer.step('accept_to_queued', (performance.now() - began) / 1000);
    return { job: accepted.jobs[0] as StoredJob, created: accepted.created };
  }

  /** All or nothing. Fault fields begin with `jobs.<index>.`. */
  async submitBatch(submissions: Submission[]): Promise<StoredJob[]> {
    return (await this.submitAll({ owner: submissions[0]?.owner ?? '', make: () => submissions })).jobs;
  }

  /** The same with an idempotency key, which means what it means for one job. All jobs have this owner. */
  async submitAll(asked: Deferred<Submission[]>, idempotency?: Idempotency): Promise<Accepted> {
    const known = idempotency && (await this.recall(asked, idempotency));
    if (known) return known;
    const submissions = await asked.make();
    const faults: FieldFault[] = [];
    const pieces = new LongWork();
    for (const [index, submission] of submissions.entries()) {
      if (pieces.isDue()) await pieces.turn();
      for (const fault of faultsOf(submission)) faults.push({ ...fault, field: `jobs.${index}.${fault.field}` });
      if (faults.length >= 20) break;
    }
    if (submissions.length > LIMITS.batch_jobs)
      faults.push({ field: 'jobs', message: `holds more than ${LIMITS.batch_jobs} jobs; send several batches` });
    if (faults.length > 0) throw invalid(faults);
    const caller = this.callers.now();
    const owned = await mapInPieces(submissions, (submission) => inProject(submission, caller));
    for (const admission of this.admissions) await admission(owned);
    await this.checkDependencies(owned, caller);
    const line = owned.length > BULK_JOBS ? this.bulk : this.batcher;
    return line.add(idempotency ? { submissions: owned, caller, idempotency } : { submissions: owned, caller });
  }

  /**
   * A job may wait only for jobs that whoever submits it may see; any other is one that does not exist. Throws
   * `invalid`.
   */
  private async checkDependencies(submissions: readonly Submission[], caller: Caller | null): Promise<void> {
    if (caller === null || caller.scope === null) return;
    const ids = [...new Set(submissions.flatMap((submission) => submission.depends_on ?? []))];
    const hidden = (await jobStore.getMany(this.store.sql, ids))
      .filter((job) => !isVisible(caller, job))
      .map((job) => job.id);
    if (hidden.length > 0) throw invalid(unknownDependencies(hidden));
  }

  /** The job that was accepted under this key, or null. Throws `idempotency_mismatch`. */
  private async recall(asked: Submission | Deferred<unknown>, idempotency: Idempotency): Promise<Accepted | null> {
    const caller = this.callers.now();
    const project = ('make' in asked ? undefined : asked.project) ?? caller?.home ?? DEFAULT_PROJECT;
    const known = await recallAccepted(this.store.sql, { owner: asked.owner, project }, idempotency, caller);
    if (known instanceof Error) throw known;
    return known;
  }

  /** A batch of requests in one transaction; when one of them spoils it, each gets a transaction of its own. */
  private async flush(requests: Request[]): Promise<(Accepted | Error)[]> {
    try {
      return await this.commit(requests);
    } catch (error) {
      // One by one they would wait for the same database, each anew.
      if (isAway(error) && !isContention(error)) throw mapDatabaseError(error);
      if (requests.length === 1) return [await this.outcomeOf(requests[0] as Request, error)];
      const results: (Accepted | Error)[] = [];
      for (const request of requests) {
        results.push(
          ...(await this.commit([request]).catch(async (single: unknown) => [await this.outcomeOf(request, single)])),
        );
      }
      return results;
    }
  }

  /**
   * A request whose transaction failed. When its jobs' own ids were taken by its twin, which came to another replica at
   * the same moment, the twin's jobs are its answer.
   */
  private async outcomeOf(request: Request, error: unknown): Promise<Accepted | Error> {
    const mapped = mapDatabaseError(error);
    if (!request.idempotency || !(mapped instanceof DroverError) || mapped.code !== 'conflict') return mapped;
    return (await recallAccepted(this.store.sql, holderOf(request), request.idempotency, request.caller)) ?? mapped;
  }

  private async commit(requests: Request[]): Promise<(Accepted | Error)[]> {
    const now = new Date();
    // Nothing but jobs, and few of them: one statement, which is a transaction by itself.
    const covered = await this.room.covers('waiting_jobs', mayWait(requests.flatMap((request) => request.submissions)));
    const plain =
      covered && requests.every((request) => !request.idempotency && request.submissions.every(touchesOnlyItself));
    const takeIn = (sql: Sql): Promise<Taken> => this.writer.write(sql, requests, now, covered);
    const few = requests.reduce((sum, request) => sum + request.submissions.length, 0) <= WRITTEN_AT_ONCE;
    const outcome = await (!plain
      ? this.store.tx(takeIn)
      : few
        ? takeIn(this.store.keyed)
        : this.store.keyedTx(takeIn));
    this.dispatcher.ring(outcome.marks);
    if (outcome.proposed.length > 0) void this.direct?.settle(outcome.proposed, outcome.started);
    ringFor(this.bell, topics.jobs, outcome.ids);
    if (outcome.rows.some((row) => webhooksOf(row, row.state).length > 0)) this.bell.publish(topics.deliveries);
    if (outcome.rows.some((row) => row.dispatch === 'placed' && row.state === 'queued'))
      this.bell.publish(topics.placement);
    const perQueue = new Map<string, number>();
    for (const row of outcome.rows) perQueue.set(row.queue, (perQueue.get(row.queue) ?? 0) + 1);
    for (const [queue, n] of perQueue) this.observer.accepted(queue, n);
    const crons = outcome.results.flatMap((result) =>
      result instanceof Error || !result.created ? [] : result.jobs.filter((job) => job.cron),
    );
    if (crons.length > 0) this.onCron(crons);
    return outcome.results;
  }
}

const inProject = (submission: Submission, caller: Caller | null): Submission =>
  submission.project !== undefined || caller === null ? submission : { ...submission, project: caller.home };

/** A job whose acceptance touches nothing but itself, its mark and its first event. */
const touchesOnlyItself = (submission: Submission): boolean =>
  (submission.depends_on?.length ?? 0) === 0 &&
  (submission.external_ids?.length ?? 0) === 0 &&
  submission.trail === undefined &&
  (submission.spec.webhooks?.length ?? 0) === 0;

function mapDatabaseError(error: unknown): Error {
  if (error instanceof DroverError) return error;
  if (sqlState(error) === '23505') return new DroverError('conflict', 'A job with this id already exists.');
  return error instanceof Error ? error : new Error(String(error));
}
