import { v7 as uuidv7 } from 'uuid';
import {
  DEFAULT_PROJECT,
  DroverError,
  isDroverError,
  NO_CALLERS,
  type BulkActionKind,
  type Callers,
  type JobState,
} from '@drover/domain';
import {
  bulkActionStore,
  isAway,
  isSearch,
  jobStore,
  sqlState,
  type JobFilter,
  type Sql,
  type Store,
  type StoredBulkAction,
  type StoredJob,
} from '@drover/store';
import { addSkipped, reasonOf } from './bulk-reasons.js';
import type { ControlService } from './control.service.js';
import type { JobsLogger } from './ports.js';
import type { QueryService } from './query.service.js';
import type { Idempotency } from './submit-requests.js';

/** The jobs and the change that are asked for. */
export interface BulkRequest {
  action: BulkActionKind;
  /** The jobs: those of a filter, or these. */
  filter?: JobFilter;
  ids?: string[];
  /** Why, for a cancel. */
  reason?: string;
  priority?: number;
  tags?: string[];
}

/** The rights with which a bulk action is done, kept until it is; libs/access has the adapter. */
export interface Askers {
  /** The rights of the present request, in JSON. */
  now(): Record<string, unknown>;
  /** Does work with those rights, as they are by now. Throws `forbidden` when they are gone. */
  as<T>(asker: Record<string, unknown>, work: () => Promise<T>): Promise<T>;
}

/** Whoever asks is asked for nothing: for programs and tests without logins. */
const NO_ASKERS: Askers = { now: () => ({}), as: (_asker, work) => work() };

/** Bulk actions of a project that go on at once, at most. */
const MOST_RUNNING = 20;
/** Jobs that are changed before the progress is noted. */
const BATCH = 500;
/** A worker that says nothing for so long is taken for dead; seconds. */
const LEASE_S = 30;
/** After so long the next bulk action has its turn. */
const TURN_MS = 2_000;
const EXAMPLES = 3;

/** The states that a change without a filter for them means. */
const STATES: Readonly<Partial<Record<BulkActionKind, JobState[]>>> = {
  cancel: ['scheduled', 'queued', 'claimed', 'running', 'cancelling'],
  retry: ['failed', 'cancelled', 'expired'],
  priority: ['scheduled', 'queued'],
};

/**
 * Changes of many jobs, asked for at once and worked off by whichever API process comes to it. The progress is in the
 * record: a process that dies leaves a lease that runs out, and no job is changed twice.
 */
export class BulkActionsService {
  private stopped = false;

  constructor(
    private readonly store: Store,
    private readonly query: QueryService,
    private readonly control: ControlService,
    private readonly log: Pick<JobsLogger, 'info' | 'warn'>,
    private readonly callers: Callers = NO_CALLERS,
    private readonly askers: Askers = NO_ASKERS,
  ) {}

  /** How many jobs a change is about, and the first of them. `exact` false: there are at least so many. */
  async preview(request: BulkRequest): Promise<{ count: number; exact: boolean; examples: StoredJob[] }> {
    if (request.ids) {
      // Thousands of whole jobs would be a lot to read for a number.
      const known = [...(await this.query.names(request.ids)).keys()];
      const order = new Map(request.ids.map((id, at) => [id, at]));
      const first = known.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, EXAMPLES);
      return { count: known.length, exact: true, examples: await this.query.getMany(first) };
    }
    const filter = narrowed(request);
    const [counted, { jobs }] = await Promise.all([
      this.query.countUpTo(filter),
      this.query.list(filter, { limit: EXAMPLES }),
    ]);
    return { ...counted, examples: jobs };
  }

  /**
   * Notes a change; it begins within a second. Only jobs that there are by now are changed. Throws
   * `idempotency_mismatch`, `rate_limited`.
   */
  async ask(request: BulkRequest, key?: Idempotency): Promise<{ action: StoredBulkAction; created: boolean }> {
    const caller = this.callers.now();
    const [owner, project] = [caller?.name ?? 'system', caller?.home ?? DEFAULT_PROJECT];
    const known = key && (await this.known(owner, project, key));
    if (known) return { action: known, created: false };
    if ((await bulkActionStore.running(this.store.sql, project)) >= MOST_RUNNING)
      throw new DroverError(
        'rate_limited',
        `The project ${project} has ${MOST_RUNNING} bulk actions that go on; wait for one of them, or cancel it.`,
        { retry_after_s: 5 },
      );
    const { count, exact } = await this.preview(request);
    const { action, ids, reason, priority, tags } = request;
    const made = await bulkActionStore.insert(this.store.sql, {
      id: uuidv7(),
      project,
      owner,
      asker: this.askers.now(),
      action,
      options: {
        ...(reason === undefined ? {} : { reason }),
        ...(priority === undefined ? {} : { priority }),
        ...(tags === undefined ? {} : { tags }),
      },
      filter: ids ? null : { ...narrowed(request), ...(caller?.scope == null ? {} : { project: caller.scope }) },
      ids: ids ? [...new Set(ids)] : null,
      matched: count,
      matched_exact: exact,
      key: key?.key ?? null,
      body_hash: key?.bodyHash ?? null,
    });
    if (made) return { action: made, created: true };
    const other = key && (await this.known(owner, project, key));
    if (other) return { action: other, created: false };
    throw new DroverError('conflict', 'The bulk action could not be noted; ask again.');
  }

  /** Throws `not_found`, also for those of other projects. */
  async get(id: string): Promise<StoredBulkAction> {
    const action = await bulkActionStore.get(this.store.sql, id);
    const scope = this.callers.now()?.scope ?? null;
    if (action && (scope === null || scope === action.project)) return action;
    throw new DroverError('not_found', `There is no bulk action ${id}.`);
  }

  /** Newest first. `next`: the cursor of the next page; null: this was the last. */
  async list(limit: number, cursor?: string): Promise<{ actions: StoredBulkAction[]; next: string | null }> {
    const scope = this.callers.now()?.scope ?? null;
    const rows = await bulkActionStore.list(this.store.sql, scope, limit + 1, cursor);
    const actions = rows.slice(0, limit);
    return { actions, next: rows.length > limit ? (actions.at(-1)?.seq ?? null) : null };
  }

  /** Stops it behind its present batch; what is done stays done. Throws `not_found`, `forbidden`, `conflict`. */
  async cancel(id: string): Promise<StoredBulkAction> {
    const action = await this.get(id);
    const caller = this.callers.now();
    if (caller && caller.scope !== null && caller.name !== action.owner)
      throw new DroverError('forbidden', `Only ${action.owner}, who asked for it, or an operator may cancel it.`);
    const ended = await bulkActionStore.end(this.store.sql, id, 'cancelled');
    if (!ended) throw new DroverError('conflict', `The bulk action has ended already (${action.state}).`);
    return ended;
  }

  /** Works off whatever is there, in turns. */
  async work(): Promise<void> {
    while (!this.stopped) {
      const lease = uuidv7();
      const action = await bulkActionStore.take(this.store.sql, lease, LEASE_S);
      if (!action) return;
      await this.turn(action, lease);
    }
  }

  /** Ends behind the present batch; another process goes on. */
  stop(): void {
    this.stopped = true;
  }

  private async turn(taken: StoredBulkAction, lease: string): Promise<void> {
    const end = performance.now() + TURN_MS;
    const held = { id: taken.id, lease };
    try {
      await this.askers.as(taken.asker, async () => {
        let action: StoredBulkAction | null = taken;
        while (action?.state === 'running' && !this.stopped && performance.now() < end) {
          const { jobs, missing, place, over } = await this.next(action);
          const already = await bulkActionStore.steps(this.store.sql, action.id);
          const skipped = action.skipped;
          for (const id of missing)
            addSkipped(skipped, 'The job does not exist, or it belongs to another project.', id);
          const results = await this.each(
            action,
            jobs.filter((job) => !already.has(job.id)),
            skipped,
          );
          const done = results + already.size;
          const passed = jobs.length + missing.length - jobs.filter((job) => already.has(job.id)).length - results;
          action = await bulkActionStore.note(this.store.sql, held, { place, done, passed, skipped }, LEASE_S);
          if (action && over) await bulkActionStore.end(this.store.sql, action.id, 'done');
          if (over) return;
        }
      });
      await bulkActionStore.letGo(this.store.sql, taken.id, lease);
    } catch (error) {
      // The record is away: the lease runs out, and the batch is done again by whoever comes first.
      if (isAway(error)) throw error;
      this.log.warn({ error: String(error), action_id: taken.id }, 'a bulk action ended early');
      const why = isDroverError(error) ? error.message : 'An error of the server ended it; its log says more.';
      await bulkActionStore.end(this.store.sql, taken.id, 'failed', why);
    }
  }

  /** The next jobs, oldest first; `missing`: ids of none. */
  private async next(
    action: StoredBulkAction,
  ): Promise<{ jobs: StoredJob[]; missing: string[]; place: string; over: boolean }> {
    const { sql } = this.store;
    if (action.ids) {
      const from = Number(action.place);
      const ids = action.ids.slice(from, from + BATCH);
      const jobs = await this.query.getMany(ids);
      const found = new Set(jobs.map((job) => job.id));
      const place = from + ids.length;
      const missing = ids.filter((id) => !found.has(id));
      return { jobs, missing, place: String(place), over: place >= action.ids.length };
    }
    const filter = revived(action.filter ?? {});
    const { least } = await jobStore.bounds(sql, filter);
    const page = {
      limit: BATCH,
      order: 'oldest' as const,
      cursor: action.place,
      most: action.upto,
      ...(least === undefined ? {} : { least }),
    };
    const { jobs, end } = isSearch(filter)
      ? await jobStore.search(sql, filter, page)
      : { jobs: await jobStore.list(sql, filter, page), end: null };
    const isFull = jobs.length === BATCH;
    const place = isFull ? jobs.at(-1)?.seq : (end ?? action.upto);
    return { jobs, missing: [], place: place ?? action.upto, over: !isFull && end === null };
  }

  /** Changes these jobs together; returns how many were changed. */
  private async each(
    action: StoredBulkAction,
    jobs: StoredJob[],
    skipped: StoredBulkAction['skipped'],
  ): Promise<number> {
    const also = (sql: Sql, id: string): Promise<void> => bulkActionStore.step(sql, action.id, id);
    const results = await Promise.allSettled(jobs.map((job) => this.change(action, job, (sql) => also(sql, job.id))));
    let done = 0;
    for (const [at, result] of results.entries()) {
      if (result.status === 'fulfilled') done += 1;
      else if (sqlState(result.reason) === '23505') done += 1;
      else if (isAway(result.reason)) throw result.reason;
      else addSkipped(skipped, reasonOf(result.reason), (jobs[at] as StoredJob).id);
    }
    return done;
  }

  private async change(action: StoredBulkAction, job: StoredJob, also: (sql: Sql) => Promise<void>): Promise<void> {
    const { reason, priority, tags } = action.options as { reason?: string; priority?: number; tags?: string[] };
    switch (action.action) {
      case 'cancel':
        return void (await this.control.cancel(job.id, reason, also));
      case 'retry':
        return void (await this.control.retry(job.id, also));
      case 'priority':
        return void (await this.control.prioritise(job, priority ?? 0, also));
      case 'tag':
        return void (await this.control.tag(job.id, { add: tags ?? [] }, also));
      case 'untag':
        return void (await this.control.tag(job.id, { remove: tags ?? [] }, also));
    }
  }

  private async known(
    owner: string,
    project: string,
    { key, bodyHash }: Idempotency,
  ): Promise<StoredBulkAction | null> {
    const found = await bulkActionStore.byKey(this.store.sql, owner, project, key);
    if (found && found.body_hash !== bodyHash)
      throw new DroverError(
        'idempotency_mismatch',
        'This Idempotency-Key was used for another bulk action; give a new key, or the body of then.',
      );
    return found;
  }
}

/** The filter of a change: without states, those that the change is for. */
function narrowed({ action, filter = {} }: BulkRequest): JobFilter {
  const states = filter.states ?? STATES[action];
  return states === undefined ? filter : { ...filter, states };
}

/** A filter from JSON, where times are texts. */
function revived(filter: JobFilter): JobFilter {
  const dates = (period: JobFilter['created']): JobFilter['created'] =>
    period && Object.fromEntries(Object.entries(period).map(([side, time]) => [side, new Date(time)]));
  const { created, started, finished, ...rest } = filter;
  return {
    ...rest,
    ...(created ? { created: dates(created) } : {}),
    ...(started ? { started: dates(started) } : {}),
    ...(finished ? { finished: dates(finished) } : {}),
  };
}
