import {
  Batcher,
  DEFAULT_PROJECT,
  DroverError,
  inLists,
  invalid,
  isReady,
  isWaiting,
  LongWork,
  mapInPieces,
  NO_CALLERS,
  type Caller,
  type Callers,
  type FieldFault,
  type JobState,
  type Submission,
} from '@drover/domain';
import {
  dependencyStore,
  externalRefStore,
  idempotencyStore,
  isAway,
  isContention,
  deliveryStore,
  jobStore,
  sqlState,
  trailStore,
  type IdempotencyRow,
  type DispatchMark,
  type Sql,
  type Store,
  type StoredJob,
} from '@drover/store';
import type { DirectStarts, ProposedStart } from './direct-starts.js';
import { ticketOf, type Dispatcher } from './dispatcher.js';
import { asSeen, isVisible } from './job-rights.js';
import { type Doorbell, type JobsObserver, type ProjectRoom, type Room, ringFor, topics, unlimited } from './ports.js';
import { faultsOf, LIMITS, toNewJob } from './submission.js';
import { webhooksOf } from './webhooks.js';

/** Jobs written with one statement: making the text of more holds the event loop for longer than others should wait. */
const WRITTEN_AT_ONCE = 500;
/** A batch of more jobs than this is written by itself. */
const BULK_JOBS = 200;
/** Such batches that may wait; each holds up to 10,000 jobs in memory. */
const MAX_BULKS = 16;
const onFull = (): DroverError =>
  new DroverError('unavailable', 'Too many submissions are waiting for the database; try again in a second.');

/** A client's own name for a request, and a digest of what the request said. */
export interface Idempotency {
  key: string;
  bodyHash: string;
}

/**
 * A request that may be repeated. Its content is made only when its key is new: a check against the clock would refuse
 * a repeat.
 */
export interface Deferred<T> {
  owner: string;
  /** Throws `invalid`. */
  make: () => T | Promise<T>;
}

/** One client request: a job, or a batch that is taken whole or not at all. */
interface Request {
  submissions: Submission[];
  /** The caller of the request: the write may be done in the context of another one. */
  caller: Caller | null;
  idempotency?: Idempotency;
}

export interface Accepted {
  /** The jobs made; for a repeat, those that still exist. */
  jobs: StoredJob[];
  /** The ids of all jobs, in the order of the request. */
  ids: string[];
  /** False: the idempotency key was known, these are the jobs of then. */
  created: boolean;
}

/** Says whether these may be submitted by whoever asks; throws if not. Called before anything is stored. */
export type Admission = (submissions: readonly Submission[]) => Promise<void>;

/** The rows that one transaction wrote. */
interface Taken {
  results: (Accepted | Error)[];
  marks: DispatchMark[];
  ids: string[];
  rows: StoredJob[];
  /** Jobs for which a node had told a free slot, and those of them that started. */
  proposed: ProposedStart[];
  started: Set<string>;
}

/** Accepts jobs. When submit() resolves, they are in Postgres. */
export class SubmitService {
  private readonly batcher: Batcher<Request, Accepted>;
  /** Large batches, each by itself, so that no single job waits behind them. */
  private readonly bulk: Batcher<Request, Accepted>;
  private readonly admissions: Admission[] = [];

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
    private readonly idsByProject: readonly string[] = [],
    /** Free slots of nodes. Null: all jobs go by ticket. */
    private readonly direct: DirectStarts | null = null,
  ) {
    this.batcher = new Batcher((requests) => this.flush(requests), {
      maxItems: 500,
      maxWaiting: 20_000,
      // Two at once when many wait: while one is at the disk, the other is built. Few go together, with a third of the statements.
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
    const known = await this.known(this.store.sql, { owner: asked.owner, project }, idempotency, caller);
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
    return (await this.known(this.store.sql, holderOf(request), request.idempotency, request.caller)) ?? mapped;
  }

  private async commit(requests: Request[]): Promise<(Accepted | Error)[]> {
    const now = new Date();
    // Nothing but jobs, and few of them: one statement, which is a transaction by itself.
    const covered = await this.room.covers('waiting_jobs', mayWait(requests.flatMap((request) => request.submissions)));
    const plain =
      covered && requests.every((request) => !request.idempotency && request.submissions.every(touchesOnlyItself));
    const takeIn = (sql: Sql): Promise<Taken> => this.takeIn(sql, requests, now, covered);
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

  /** Writes a batch of requests. `covered`: their projects have room for all of them. */
  private async takeIn(sql: Sql, requests: Request[], now: Date, covered: boolean): Promise<Taken> {
    const dependencyIds = [...new Set(requests.flatMap((r) => r.submissions.flatMap((s) => s.depends_on ?? [])))];
    const dependencies: Map<string, JobState> =
      dependencyIds.length > 0 ? await dependencyStore.statesForShare(sql, dependencyIds) : new Map();

    const results: (Accepted | Error)[] = [];
    let rowsOf: { request: Request; rows: StoredJob[]; index: number }[] = [];
    const keysSeen = new Map<string, number>();
    const repeats: { index: number; of: number }[] = [];
    for (const [index, request] of requests.entries()) {
      const unknown = request.submissions
        .flatMap((s) => s.depends_on ?? [])
        .filter((id) => !dependencies.has(id) && !request.submissions.some((s) => s.id === id));
      if (unknown.length > 0) {
        results[index] = invalid(unknownDependencies(unknown));
        continue;
      }
      if (request.idempotency) {
        const { owner, project } = holderOf(request);
        const key = JSON.stringify([owner, project, request.idempotency.key]);
        const first = keysSeen.get(key);
        if (first !== undefined) {
          repeats.push({ index, of: first });
          continue;
        }
        keysSeen.set(key, index);
        const known = await this.known(sql, { owner, project }, request.idempotency, request.caller);
        if (known) {
          results[index] = known;
          continue;
        }
      }
      // Jobs of one batch may wait for each other when the client chose their ids.
      const states = new Map(dependencies);
      for (const submission of request.submissions)
        if (submission.id && !states.has(submission.id)) states.set(submission.id, 'scheduled');
      rowsOf.push({
        request,
        rows: await mapInPieces(request.submissions, (submission) => toNewJob(submission, states, now)),
        index,
      });
    }

    if (!covered) {
      const refused = await this.withoutRoom(sql, rowsOf);
      for (const [index, error] of refused) results[index] = error;
      rowsOf = rowsOf.filter(({ index }) => !refused.has(index));
    }
    const rows = rowsOf.flatMap((entry) => entry.rows);
    const askers = new Map(
      rowsOf.flatMap(({ request, rows: made }) =>
        request.caller ? made.map((row) => [row.id, request.caller as Caller] as const) : [],
      ),
    );
    const marks: DispatchMark[] = [];
    const proposed: ProposedStart[] = [];
    const started = new Set<string>();
    await inLists(rows, WRITTEN_AT_ONCE, async (some) => {
      const own = some.filter(wantsTicket).map((row) => ticketOf({ ...row, dispatch_seq: 1 }));
      const ticketIds = new Map(own.map((mark) => [mark.job_id, mark.ticket_id]));
      const starts = this.direct?.propose(some, now) ?? [];
      for (const start of starts) proposed.push(start);
      if (starts.length === 0) await jobStore.accept(sql, some, ticketIds, askers);
      else
        for (const id of await jobStore.acceptAndStart(sql, some, ticketIds, askers, starts.map(startOf)))
          started.add(id);
      for (const mark of own) if (!started.has(mark.job_id)) marks.push(mark);
      await deliveryStore.insert(
        sql,
        some.flatMap((row) => webhooksOf(row, row.state)),
      );
    });

    const keys: IdempotencyRow[] = rowsOf.flatMap(({ request: { idempotency }, rows: made }) => {
      const [first] = made;
      if (!idempotency || !first) return [];
      return [
        {
          owner: first.owner,
          project: first.project,
          key: idempotency.key,
          body_hash: idempotency.bodyHash,
          job_id: first.id,
          job_ids: made.length > 1 ? made.map((row) => row.id) : null,
        },
      ];
    });
    const won = await idempotencyStore.insert(sql, keys);
    // Somebody else won a key between our look and our insert: the whole flush starts over and finds their job.
    if (won.size < keys.length) throw new KeyRace();

    const refs = rowsOf.flatMap(({ request, rows: made }) =>
      request.submissions.flatMap((submission, i) => {
        const { id, project } = made[i] as StoredJob;
        return (submission.external_ids ?? []).map((external_id) => ({
          dialect: submission.dialect,
          external_id,
          job_id: id,
          project: this.idsByProject.includes(submission.dialect) ? project : null,
        }));
      }),
    );
    await inLists(refs, WRITTEN_AT_ONCE, (some) => externalRefStore.insert(sql, some));
    const trail = rowsOf.flatMap(({ request, rows: made }) =>
      request.submissions.flatMap((submission, i) =>
        submission.trail ? [{ ...submission.trail, job_id: (made[i] as StoredJob).id }] : [],
      ),
    );
    await inLists(trail, WRITTEN_AT_ONCE, (some) => trailStore.insert(sql, some));
    // After all jobs: those of a batch may wait for each other.
    const waits = rows.flatMap((row) =>
      row.state === 'scheduled'
        ? row.depends_on
            .filter((id) => dependencies.get(id) !== 'succeeded')
            .map((depends_on) => ({ job_id: row.id, depends_on }))
        : [],
    );
    await inLists(waits, WRITTEN_AT_ONCE, (some) => dependencyStore.insert(sql, some));
    for (const { rows: made, index } of rowsOf)
      results[index] = { jobs: made, ids: made.map((row) => row.id), created: true };
    for (const { index, of } of repeats) {
      const first = results[of];
      results[index] =
        first === undefined || first instanceof Error
          ? (first ?? new Error('lost'))
          : sameBody(requests[index] as Request, requests[of] as Request, first);
    }
    return { results, marks, ids: rows.map((row) => row.id), rows, proposed, started };
  }

  /**
   * Requests, by index, that do not fit into the quotas of their projects any more: those that came first fit first,
   * each whole.
   */
  private async withoutRoom(sql: Sql, entries: { rows: StoredJob[]; index: number }[]): Promise<Map<number, Error>> {
    const rooms = await this.room.lockedRooms(
      sql,
      entries.flatMap(({ rows }) => rows.map((row) => row.project)),
      'waiting_jobs',
    );
    const refused = new Map<number, Error>();
    for (const { rows, index } of entries) {
      const asked = mayWait(rows.filter((row) => isWaiting(row.state)));
      const full = [...asked].find(([project, n]) => n > (rooms.get(project)?.free ?? Infinity));
      if (full) {
        const [project, n] = full;
        refused.set(index, this.room.refusal(project, 'waiting_jobs', rooms.get(project) as Room, n));
        continue;
      }
      for (const [project, n] of asked) {
        const room = rooms.get(project);
        if (room) Object.assign(room, { free: room.free - n, used: room.used + n });
      }
    }
    return refused;
  }

  /** The job that was accepted under this key, as the caller may see it. */
  private async known(
    sql: Sql,
    holder: KeyHolder,
    { key, bodyHash }: Idempotency,
    caller: Caller | null,
  ): Promise<Accepted | Error | null> {
    const found = await idempotencyStore.find(sql, holder, key);
    if (!found) return null;
    if (found.body_hash !== bodyHash) return mismatch(key);
    const ids = found.job_ids ?? [found.job_id];
    const jobs = await jobStore.getMany(sql, ids);
    if (jobs.length === 0) return null;
    const seen = jobs.filter((job) => isVisible(caller, job)).map((job) => asSeen(caller, job));
    return seen.length > 0 ? { jobs: seen, ids, created: false } : taken(key);
  }
}

const inProject = (submission: Submission, caller: Caller | null): Submission =>
  submission.project !== undefined || caller === null ? submission : { ...submission, project: caller.home };

/** How many jobs of each project these are; what runs elsewhere already does not wait here. */
function mayWait(jobs: readonly Pick<Submission, 'project' | 'dispatch'>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { project = DEFAULT_PROJECT, dispatch } of jobs)
    if (dispatch !== 'observed') counts.set(project, (counts.get(project) ?? 0) + 1);
  return counts;
}

const unknownDependencies = (ids: string[]): FieldFault[] =>
  ids.slice(0, 20).map((id) => ({ field: 'depends_on', message: `names job ${id}, which does not exist`, value: id }));

/** The owner and the project that an idempotency key belongs to. */
type KeyHolder = Pick<IdempotencyRow, 'owner' | 'project'>;

const holderOf = ({ submissions: [first], caller }: Request): KeyHolder => ({
  owner: first?.owner ?? '',
  project: first?.project ?? caller?.home ?? DEFAULT_PROJECT,
});

/** A job whose acceptance touches nothing but itself, its mark and its first event. */
const touchesOnlyItself = (submission: Submission): boolean =>
  (submission.depends_on?.length ?? 0) === 0 &&
  (submission.external_ids?.length ?? 0) === 0 &&
  submission.trail === undefined &&
  (submission.spec.webhooks?.length ?? 0) === 0;

/** Internal: makes a flush start over. Postgres's own code for "try again", which `Store.tx` obeys. */
class KeyRace extends Error {
  readonly code = '40001';
}

const mismatch = (key: string): DroverError =>
  new DroverError(
    'idempotency_mismatch',
    `Idempotency-Key ${JSON.stringify(key)} was used with another body; send the same body, or another key.`,
  );

const taken = (key: string): DroverError =>
  new DroverError(
    'conflict',
    `Idempotency-Key ${JSON.stringify(key)} was used for a job that this client may not see; send another key.`,
  );

function sameBody(repeat: Request, first: Request, accepted: Accepted): Accepted | Error {
  return repeat.idempotency?.bodyHash === first.idempotency?.bodyHash
    ? { ...accepted, created: false }
    : mismatch(repeat.idempotency?.key ?? '');
}

const startOf = ({ job, agent, execution_id }: ProposedStart) => ({
  job_id: job.id,
  execution_id,
  agent_id: agent.id,
});

const wantsTicket = (row: StoredJob): boolean => row.dispatch === 'ticket' && isReady(row);

function mapDatabaseError(error: unknown): Error {
  if (error instanceof DroverError) return error;
  if (sqlState(error) === '23505') return new DroverError('conflict', 'A job with this id already exists.');
  return error instanceof Error ? error : new Error(String(error));
}
