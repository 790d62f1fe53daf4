import {
  auditOf,
  DEFAULT_PROJECT,
  DroverError,
  invalid,
  isActive,
  isTerminal,
  isWaiting,
  jobNotFound,
  jobTerminal,
  NO_CALLERS,
  SYSTEM_ACTOR,
  transition,
  type Actor,
  type AuditEntry,
  type Caller,
  type Callers,
  type Cause,
  type JobUsage,
  type Submission,
  type TrailEntry,
} from '@drover/domain';
import {
  artifactStore,
  sampleStore,
  auditStore,
  executionStore,
  jobStore,
  queueStore,
  trailStore,
  usageStore,
  type Sql,
  type Store,
  type StoredJob,
} from '@drover/store';
import { Changes } from './changes.js';
import { ticketId, type Dispatcher } from './dispatcher.js';
import { GroupedChanges, type Alongside, type Edit } from './grouped-changes.js';
import { beside, prioritising, tagging } from './job-edits.js';
import { demandControl, ownedJob } from './job-rights.js';
import { topics, unlimited, type Doorbell, type JobsObserver, type ProjectRoom, type TicketSink } from './ports.js';
import type { EndedListener } from './reports.service.js';
import { faultsOf } from './submission.js';

const onFull = (): DroverError =>
  new DroverError('unavailable', 'Too many changes of jobs are waiting for the database; try again in a second.');

export interface DeleteOptions {
  /** True: a job that has not ended is deleted too. */
  live?: boolean;
  /** The entry that outlives it. */
  trail?: (job: StoredJob, usage: JobUsage | undefined) => TrailEntry;
}

const cancelling =
  (reason: string): Edit =>
  (job, changes) => {
    if (isTerminal(job.state)) throw jobTerminal(job.id, job.state);
    if (job.state === 'cancelling') return;
    const asked = { cancel_requested_at: new Date(), cancel_reason: reason, cause_detail: reason };
    const next = transition(job.state, { type: 'cancel', observed: job.dispatch === 'observed' });
    if (!next) throw jobTerminal(job.id, job.state);
    changes.move(job, next, asked, { reason });
    changes.tell(job.agent_id);
  };

/** Changes of jobs and queues that people ask for after the submit. */
export class ControlService {
  private readonly endedListeners: EndedListener[] = [];
  private readonly grouped: GroupedChanges;

  constructor(
    private readonly store: Store,
    private readonly dispatcher: Dispatcher,
    private readonly tickets: TicketSink,
    private readonly bell: Doorbell,
    private readonly observer: JobsObserver,
    private readonly onCronEnded: (jobId: string) => void = () => undefined,
    private readonly callers: Callers = NO_CALLERS,
    private readonly room: ProjectRoom = unlimited,
    /** Throws where the caller may not give a job this priority. */
    private readonly mayPrioritise: (job: StoredJob, priority: number) => Promise<void> = () => Promise.resolve(),
  ) {
    this.grouped = new GroupedChanges(store, (changes) => this.announce(changes), onFull);
  }

  onEnded(listener: EndedListener): void {
    this.endedListeners.push(listener);
  }

  /**
   * Cancels. A waiting job ends at once; one held by an agent becomes `cancelling` and ends when its processes are
   * gone; one that nobody runs for us (observed, pulled) ends at once. A second cancel of a `cancelling` job is fine.
   * Throws `not_found`, `terminal`.
   */
  async cancel(id: string, reason = 'cancelled by a client', also?: Alongside['also']): Promise<StoredJob> {
    return this.change(id, 'job.cancel', beside(cancelling(reason), also));
  }

  /**
   * Changes the priority of a job that waits. Throws `not_found`, `terminal`, `conflict` when it runs, `forbidden` for
   * a priority that the client may not give.
   */
  async prioritise(job: StoredJob, priority: number, also?: Alongside['also']): Promise<StoredJob> {
    await this.mayPrioritise(job, priority);
    return this.change(job.id, 'job.prioritise', beside(prioritising(priority), also));
  }

  /** Gives tags to a job, and takes tags from it. Throws `not_found`, `conflict` when there would be too many. */
  async tag(id: string, tags: { add?: string[]; remove?: string[] }, also?: Alongside['also']): Promise<StoredJob> {
    return this.change(id, 'job.tag', beside(tagging(tags), also));
  }

  /**
   * Cancels a job whose owner may no longer have it run. Nobody asks for it: the trail names the system. Throws
   * `not_found`, `terminal`.
   */
  async withdraw(id: string, reason: string): Promise<StoredJob> {
    return this.changeAs(null, SYSTEM_ACTOR, id, 'job.withdraw', cancelling(reason));
  }

  /** Keeps a job, with all that belongs to it, however old it is; or lets it go when it has had its time. */
  pin(id: string, pinned: boolean): Promise<StoredJob> {
    return this.change(id, pinned ? 'job.pin' : 'job.unpin', (job, changes) => {
      if (job.pinned !== pinned) changes.patch(job, { pinned });
    });
  }

  /**
   * Runs an ended job again as its next attempt. Throws `not_found`, `conflict` while it has not ended, `rate_limited`
   * when its project has too many waiting.
   */
  async retry(id: string, also?: Alongside['also']): Promise<StoredJob> {
    await this.demandRoomAgain(id);
    const asked_by = this.callers.now()?.name;
    const retrying: Edit = (job, changes) => {
      const next = transition(job.state, { type: 'retry' });
      if (!next)
        throw new DroverError(
          'conflict',
          `Job ${id} is ${job.state}; only a job that has ended can be retried. Cancel it first, or wait.`,
          { state: job.state },
        );
      if (job.dispatch === 'observed')
        throw new DroverError('conflict', `Job ${id} is observed, not run by Drover; start it where it runs.`);
      changes.move(
        job,
        next,
        {
          cause_detail: null,
          exit_code: null,
          signal: null,
          start_at: null,
          finished_at: null,
          started_at: null,
          cancel_requested_at: null,
          cancel_reason: null,
          pending_dependencies: 0,
          losses: 0,
          expires_at: null,
        },
        asked_by === undefined ? {} : { asked_by },
      );
    };
    return this.change(id, 'job.retry', beside(retrying, also));
  }

  /**
   * Takes a job back from the agent that holds it: its execution ends as `agent_lost`, the job waits again. Nothing
   * happens when the execution no longer holds the job.
   */
  async requeue(id: string, executionId: string, detail: string): Promise<StoredJob> {
    return this.change(id, 'job.requeue', (job, changes) => {
      if (job.execution_id !== executionId || !isActive(job.state)) return;
      changes.execution(executionId, {
        state: 'ended',
        cause: 'agent_lost',
        cause_detail: detail,
        finished_at: new Date(),
      });
      changes.tell(job.agent_id);
      const losses = job.losses + 1;
      const next = transition(job.state, { type: 'agent_lost', losses });
      if (next)
        changes.move(
          job,
          next,
          { losses, start_at: null, started_at: null },
          { execution_id: executionId, lost: job.node },
        );
    });
  }

  /**
   * Makes a job a fresh waiting one of a new submission under the same id, whatever became of it: who still runs it is
   * fenced off, and it goes to the end of its queue. Throws `not_found`, `invalid`, `conflict` for jobs that have a
   * time table, wait for others, or are observed.
   */
  async renew(
    id: string,
    submission: Submission,
    hooks: {
      /** May throw: nothing is changed then. */ mayRenew?: (job: StoredJob) => void;
      /** Runs in the same transaction. */ also?: (sql: Sql) => Promise<void>;
    } = {},
  ): Promise<StoredJob> {
    const faults = faultsOf(submission);
    if (faults.length > 0) throw invalid(faults);
    const project = submission.project ?? this.callers.now()?.home ?? DEFAULT_PROJECT;
    await this.demandRoomAgain(id, project);
    const job = await this.change(id, 'job.renew', (old, changes) => {
      hooks.mayRenew?.(old);
      if (old.cron || old.dispatch === 'observed' || old.pending_dependencies > 0)
        throw new DroverError('conflict', `Job ${id} cannot be submitted again.`);
      const detail = 'The job was submitted again.';
      if (isActive(old.state) && old.execution_id) {
        changes.execution(old.execution_id, {
          state: 'ended',
          cause: 'agent_lost',
          cause_detail: detail,
          finished_at: new Date(),
        });
        changes.tell(old.agent_id);
      }
      if (isWaiting(old.state)) changes.drop(old);
      const next = transition(old.state, { type: 'submitted_again' });
      if (next)
        changes.move(
          old,
          next,
          {
            queue: submission.queue,
            name: submission.name ?? null,
            owner: submission.owner,
            project,
            spec: submission.spec,
            payload: submission.payload ?? {},
            tags: submission.tags ?? [],
            metadata: submission.metadata ?? {},
            priority: submission.priority ?? 0,
            held: submission.held ?? false,
            created_at: new Date(),
            expires_at: submission.expires_at ?? null,
            start_at: null,
            started_at: null,
            claimed_at: null,
            finished_at: null,
            cause_detail: null,
            exit_code: null,
            signal: null,
            node: null,
            execution_id: null,
            losses: 0,
            cancel_requested_at: null,
            cancel_reason: null,
          },
          { resubmitted: true },
        );
      return {
        also: async (sql) => {
          await jobStore.toTheEnd(sql, id);
          await hooks.also?.(sql);
        },
      };
    });
    this.observer.accepted(job.queue, 1);
    return job;
  }

  /**
   * A job that has ended and that the caller may change needs room to wait again. Anything else is judged by the change
   * itself.
   */
  private async demandRoomAgain(id: string, project?: string): Promise<void> {
    const job = await jobStore.get(this.store.sql, id);
    if (!job || isWaiting(job.state) || !(this.callers.now()?.mayControl(ownedJob(job)) ?? true)) return;
    await this.room.demand(project ?? job.project, 'waiting_jobs', 1);
  }

  /** Makes a held job ready (its attachments have come). Idempotent. */
  async release(id: string): Promise<StoredJob> {
    return this.change(id, 'job.release', (job, changes) => {
      if (!job.held || isTerminal(job.state)) return;
      changes.patch(job, { held: false });
      changes.mark(job);
      changes.event(job, 'job.released', {});
    });
  }

  /**
   * Ends a job whose end is known from elsewhere: observed jobs, pulled jobs whose agent posted its result. Throws
   * `terminal`.
   */
  async end(
    id: string,
    result: {
      ok: boolean;
      cause: Cause | null;
      cause_detail?: string | null;
      exit_code?: number | null;
      signal?: string | null;
      finished_at?: Date;
      cancelled?: boolean;
    },
  ): Promise<StoredJob> {
    return this.change(id, 'job.end', (job, changes) => {
      const { ok, cause, cancelled = false } = result;
      const next = transition(job.state, { type: 'end_known', ok, cause, cancelled });
      if (!next) throw jobTerminal(id, job.state);
      const outcome = {
        cause_detail: result.cause_detail ?? job.cancel_reason,
        exit_code: result.exit_code ?? null,
        signal: result.signal ?? null,
      };
      changes.move(
        job,
        next,
        { ...outcome, finished_at: result.finished_at ?? new Date() },
        { exit_code: outcome.exit_code },
      );
      if (job.execution_id) {
        changes.execution(job.execution_id, {
          state: 'ended',
          cause: next.cause,
          ...outcome,
          exited_at: result.finished_at ?? new Date(),
          finished_at: new Date(),
          log_complete: true,
        });
        changes.tell(job.agent_id);
      }
    });
  }

  /**
   * Any other change of one job under its row lock: `edit` may throw (nothing is written then), patch, and move along
   * states it computed itself with `transition`. For dialects' own fields (payload, metadata) and observed jobs. What
   * it gives back is written in the same transaction.
   */
  change(id: string, action: string, edit: Edit): Promise<StoredJob> {
    // Asked here: in the group, somebody else may be asking.
    const caller = this.callers.now();
    return this.changeAs(caller, caller, id, action, edit);
  }

  private changeAs(
    caller: Caller | null,
    actor: Actor | null,
    id: string,
    action: string,
    edit: Edit,
  ): Promise<StoredJob> {
    return this.grouped.change(id, (job, changes) => {
      demandControl(caller, job);
      const before = shown(job);
      const alongside = edit(job, changes);
      const audit = auditOf(actor, {
        action,
        kind: 'job',
        object_id: id,
        project: job.project,
        ...differences(before, shown(job)),
      });
      return { ...alongside, audit };
    });
  }

  /** After the commit. */
  private announce(changes: Changes): void {
    changes.announce(this.dispatcher, this.bell);
    for (const ended of changes.ended) {
      this.observer.ended(ended.queue, ended.state, ended.cause);
      if (ended.cron) this.onCronEnded(ended.id);
    }
    if (changes.ended.length > 0)
      this.callers.asSystem(() => this.endedListeners.forEach((listener) => listener(changes.ended)));
  }

  /**
   * Deletes a job with its executions, logs, samples and artifacts' rows. One that has not ended is refused
   * (`conflict`), unless it is observed or `live` is given: then its agent, fenced off, ends its processes. Returns
   * blob keys to delete.
   */
  async delete(id: string, options: DeleteOptions = {}): Promise<string[]> {
    const caller = this.callers.now();
    const { job, blobs } = await this.store.tx(async (sql) => {
      const locked = (await jobStore.lock(sql, [id])).get(id);
      if (!locked) throw jobNotFound(id);
      demandControl(caller, locked);
      if (!isTerminal(locked.state) && locked.dispatch !== 'observed' && !options.live) {
        throw new DroverError(
          'conflict',
          `Job ${id} is ${locked.state}; cancel it and wait for its end before deleting it.`,
          { state: locked.state },
        );
      }
      const blobs = await artifactStore.blobsOf(sql, id);
      if (options.trail)
        await trailStore.insert(sql, [options.trail(locked, (await usageStore.ofJobs(sql, [id])).get(id))]);
      await sampleStore.deleteOfJob(sql, id);
      await jobStore.delete(sql, [id]);
      await auditStore.insert(sql, [
        auditOf(caller, {
          action: 'job.delete',
          kind: 'job',
          object_id: id,
          project: locked.project,
          before: shown(locked),
        }),
      ]);
      return { job: locked, blobs };
    });
    if (isWaiting(job.state) && job.dispatch === 'ticket')
      this.dispatcher.drop([{ queue: job.queue, ticket_id: ticketId(job) }]);
    if (job.agent_id && isActive(job.state)) this.bell.publish(topics.agent(job.agent_id));
    return blobs;
  }

  /**
   * Notes the phase of an execution, as its agent says it: the phase it is in (null: as before) and the exit codes of
   * phases that have ended.
   */
  async setPhase(executionId: string, phase: string | null, exitCodes: Record<string, number> = {}): Promise<void> {
    const caller = this.callers.now();
    const changes = await this.store.tx(async (sql) => {
      const found = await executionStore.get(sql, executionId);
      const job = found && (await jobStore.lock(sql, [found.job_id])).get(found.job_id);
      if (job) demandControl(caller, job);
      const execution = job && (await executionStore.lock(sql, [executionId])).get(executionId);
      if (!job || !execution || execution.state === 'ended') return null;
      const made = new Changes();
      const phases = { ...(execution.payload['phases'] as Record<string, number> | undefined), ...exitCodes };
      made.execution(executionId, { phase: phase ?? execution.phase, payload: { ...execution.payload, phases } });
      if (phase !== null && phase !== execution.phase)
        made.event(job, 'execution.phase', { execution_id: executionId, phase });
      await made.write(sql);
      return made;
    });
    changes?.announce(this.dispatcher, this.bell);
  }

  /** Nothing of this queue starts until resume; what runs goes on. `reason`: for people, why. */
  async pause(queue: string, reason: string | null = null): Promise<void> {
    await this.setPaused(queue, true, reason);
    await this.tickets.pause(queue);
  }

  async resume(queue: string): Promise<void> {
    await this.setPaused(queue, false);
    await this.tickets.resume(queue);
  }

  private async setPaused(queue: string, paused: boolean, reason: string | null = null): Promise<void> {
    const caller = this.callers.now();
    const entry = auditOf(caller, {
      action: paused ? 'queue.pause' : 'queue.resume',
      kind: 'queue',
      object_id: queue,
      before: { paused: !paused },
      after: { paused, ...(reason === null ? {} : { reason }) },
    });
    await this.store.tx(async (sql) => {
      await queueStore.setPaused(sql, queue, paused, { by: caller?.name ?? SYSTEM_ACTOR.name, reason });
      await auditStore.insert(sql, [entry]);
    });
  }
}

/** The part of a job the audit trail shows: nothing that may be secret or large. */
const shown = (job: StoredJob): Record<string, unknown> => ({
  state: job.state,
  cause: job.cause,
  queue: job.queue,
  name: job.name,
  owner: job.owner,
  priority: job.priority,
  attempt: job.attempt,
  start_at: job.start_at?.toISOString() ?? null,
  expires_at: job.expires_at?.toISOString() ?? null,
  tags: job.tags,
  held: job.held,
  pinned: job.pinned,
  cancel_reason: job.cancel_reason,
});

/** Only what a change has made different. */
function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Pick<AuditEntry, 'before' | 'after'> {
  const keys = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const only = (values: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(keys.map((key) => [key, values[key]]));
  return { before: only(before), after: only(after) };
}

export type { Alongside };
