import { currentCaller } from '@drover/access';
import { DEFAULT_PROJECT, DroverError, isActive, isDroverError, isWaiting, type Submission } from '@drover/domain';
import {
  asSeen,
  demandControl,
  isUuid,
  isVisible,
  ownedJob,
  ticketId,
  type ClaimsService,
  type ControlService,
  type Dispatcher,
  type QueryService,
  type ReportsService,
  type SubmitService,
} from '@drover/jobs';
import type { ClaimedExecution } from '@drover/protocol';
import { jobStore, type Store, type StoredJob } from '@drover/store';
import { labJobStore, type LabJobFilter, type LabJobRow } from '../record/job.store.js';
import { labResultStore } from '../record/result.store.js';
import { NAMELESS, type LabAgents } from './agents.js';
import type { Archives } from './archives.js';
import { filterOf, isOver, wordOf } from './job-states.js';
import type { LabQueues } from './queues.js';

/** Rows of a list read at once. */
const PAGE = 2_000;
/** A place before that of every job. */
const BEFORE_ALL = '-1';
/** A ticket made so long ago is in the queue, if it ever gets there. */
const TICKET_SETTLED_MS = 15_000;

export interface ListedJob {
  ref: string;
  queue: string;
  state: string;
  created_at: Date;
}

/** Jobs under the ids of this dialect. */
export class LabJobs {
  constructor(
    private readonly store: Store,
    private readonly services: {
      submits: SubmitService;
      claims: ClaimsService;
      control: ControlService;
      reports: ReportsService;
      query: QueryService;
      dispatcher: Dispatcher;
    },
    private readonly agents: LabAgents,
    private readonly queues: LabQueues,
    private readonly archives: Archives,
    private readonly listedJobs: number,
  ) {}

  /** The job a client calls `ref`; null when there is none as far as the caller is concerned. */
  async find(ref: string): Promise<StoredJob | null> {
    return (await this.look(ref)).job;
  }

  /** The same. `hidden`: there is one that the caller must not know of, and nothing kept under this id is for it. */
  async look(ref: string): Promise<{ job: StoredJob | null; hidden: boolean }> {
    const job = await this.any(ref);
    const caller = currentCaller();
    if (!job || isVisible(caller, job)) return { job: job && asSeen(caller, job), hidden: false };
    const isParent = caller?.role === 'agent' && (await labJobStore.holdsChildOf(this.store.sql, caller.name, ref));
    return isParent ? { job, hidden: false } : { job: null, hidden: true };
  }

  /**
   * The job an agent posts something of; null when no job has this id. Throws `not_found` for a job that was not handed
   * out to this agent client, `stale` when another agent or a worker of ours holds it by now. `agentName`: what the
   * agent calls itself, if it says so.
   */
  async ofAgent(ref: string, agentName: string | null): Promise<StoredJob | null> {
    const job = await this.any(ref);
    if (!job) return null;
    const caller = currentCaller();
    if (caller && !caller.mayControl(ownedJob(job)))
      throw new DroverError('not_found', `There is no job ${ref} that was handed out to this agent.`);
    const execution = isActive(job.state) ? await this.services.query.present(job) : null;
    const isWorkers = execution !== null && execution.boot_id !== '';
    // Where agents log in, a job that waits is nobody's before it is handed out (again).
    const isTakenBack = caller?.role === 'agent' && isWaiting(job.state);
    if (isWorkers || isTakenBack || (agentName !== null && agentName !== job.node && !isWaiting(job.state))) {
      throw new DroverError('stale', `Job ${ref} is held by ${job.node ?? 'another agent'} now; end what runs of it.`, {
        node: job.node,
      });
    }
    return job;
  }

  /** Throws `forbidden` for a job that the caller may only look at. */
  checkControl(job: StoredJob): void {
    demandControl(currentCaller(), job);
  }

  private async any(ref: string): Promise<StoredJob | null> {
    const id = await labJobStore.resolve(this.store.sql, ref, isUuid(ref));
    return id ? jobStore.get(this.store.sql, id) : null;
  }

  /** The id by which clients call a job. */
  async refOf(jobId: string): Promise<string> {
    return (await this.services.query.externalIds('testflinger', [jobId])).get(jobId) ?? jobId;
  }

  /**
   * Takes a submission and gives its id: the one the client chose, or ours. An id that exists becomes a fresh waiting
   * job again, with nothing left of what was posted under it; `mayRenew` may throw before that. `attached`: a stored
   * archive of attachments is still the right one.
   */
  async submit(
    submission: Submission,
    options: { ref?: string; attached?: boolean; mayRenew?: (job: StoredJob) => void } = {},
  ): Promise<string> {
    const { ref } = options;
    if (ref === undefined) return (await this.services.submits.submit(submission)).job.id;
    const keep = (options.attached ?? false) && (await this.archives.info(ref, 'attachments', null)) !== null;
    const wanted = keep ? { ...submission, held: false } : submission;
    // Before what was posted under this id is forgotten.
    await this.services.submits.demandRoom(submission.project ?? currentCaller()?.home ?? DEFAULT_PROJECT);
    for (let tried = 0; ; tried += 1) {
      const { job: found, hidden } = await this.look(ref);
      if (hidden) throw new DroverError('forbidden', 'This job_id belongs to another client');
      if (found && found.dialect === 'testflinger') {
        await this.renew(found, wanted, ref, keep, options.mayRenew);
        return ref;
      }
      await this.archives.forget(await labResultStore.clear(this.store.sql, ref, keep));
      // The id of a job of another API stays its own; here the same spelling then means the new one.
      const own = isUuid(ref) && !found;
      try {
        await this.services.submits.submit({ ...wanted, ...(own ? { id: ref } : { external_ids: [ref] }) });
        return ref;
      } catch (error) {
        // Somebody else submitted the same id at this moment: then theirs is the one to make fresh.
        if (!isDroverError(error, 'conflict') || tried === 2) throw error;
      }
    }
  }

  private async renew(
    found: StoredJob,
    submission: Submission,
    ref: string,
    keep: boolean,
    mayRenew?: (job: StoredJob) => void,
  ): Promise<void> {
    let blobs: string[] = [];
    await this.services.control.renew(found.id, submission, {
      ...(mayRenew ? { mayRenew } : {}),
      also: async (sql) => {
        blobs = await labResultStore.clear(sql, ref, keep);
      },
    });
    await this.archives.forget(blobs);
  }

  /** Hands the best waiting job of these queues to an agent; null when there is none. */
  async take(
    agentName: string | null,
    queues: string[],
  ): Promise<{ job: StoredJob; execution: ClaimedExecution; ref: string } | null> {
    const agent = await this.agents.puller(agentName ?? NAMELESS, clientOf().client);
    const taken = await this.services.claims.claimNext(agent, queues, {
      dialect: 'testflinger',
      ...(agentName === null ? {} : { agentName }),
      ...clientOf(),
    });
    if (!taken) return null;
    const { job, execution } = taken;
    this.dropTicket(job);
    try {
      const ref = await this.refOf(job.id);
      await Promise.all([
        this.services.reports.apply(agent.id, [
          {
            kind: 'started',
            execution_id: execution.execution_id,
            epoch: execution.epoch,
            pid: null,
            spawned_at: new Date().toISOString(),
          },
        ]),
        this.waited(job),
      ]);
      return { job, execution, ref };
    } catch (error) {
      // Nobody will hear of this job: it must not stay with an agent that does not know it.
      await this.giveBack(job);
      throw error;
    }
  }

  /** Counts how long a job that was just taken had waited. */
  async waited(job: StoredJob): Promise<void> {
    if (job.claimed_at)
      await this.queues.waited(job.queue, (job.claimed_at.getTime() - job.created_at.getTime()) / 1000);
  }

  /** The answer that handed a job out did not reach anybody: it waits again. */
  async giveBack(job: StoredJob): Promise<void> {
    if (job.execution_id)
      await this.services.control.requeue(
        job.id,
        job.execution_id,
        'The answer that handed the job out did not reach its agent.',
      );
  }

  /** How many waiting jobs of its queue go before it; null when it does not wait. */
  async position(ref: string): Promise<number | null> {
    const job = await this.find(ref);
    return job && isWaiting(job.state) ? this.services.query.ahead(job) : null;
  }

  /** Throws `not_found`, `terminal`. */
  async cancel(ref: string, reason: string): Promise<void> {
    const job = await this.find(ref);
    if (!job) throw new DroverError('not_found', `There is no job ${ref}.`);
    if (isOver(job.state)) throw new DroverError('terminal', 'The job is already completed or cancelled');
    await this.services.control.cancel(job.id, reason);
  }

  /**
   * Lists the newest jobs of a filter (as many as the setting says) and every older one that is not over, oldest first.
   * It reads a page at a time: as long as the answer may be, little of it is in memory.
   */
  async *list(filter: {
    queue?: string;
    tags?: string[];
    match?: 'any' | 'all';
    states?: string[];
  }): AsyncGenerator<ListedJob[]> {
    const any = filterOf(filter.states ?? []);
    const where: LabJobFilter = {
      ...(filter.queue === undefined ? {} : { queue: filter.queue }),
      ...(filter.tags && filter.tags.length > 0 ? { tags: { values: filter.tags, match: filter.match ?? 'any' } } : {}),
      ...(any ? { any } : {}),
      ...scopeOf(),
    };
    const newest = await labJobStore.oldestOfNewest(this.store.sql, where, this.listedJobs);
    if (newest === null) {
      yield* this.pages(where, BEFORE_ALL);
      return;
    }
    yield* this.pages({ ...where, openBefore: newest }, BEFORE_ALL);
    yield* this.pages(where, (BigInt(newest) - 1n).toString());
  }

  private async *pages(where: LabJobFilter, start: string): AsyncGenerator<ListedJob[]> {
    let after = start;
    for (;;) {
      const rows = await labJobStore.page(this.store.sql, where, after, PAGE);
      if (rows.length > 0) yield rows.map(listed);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      after = last.seq;
    }
  }

  /** The newest of a queue, latest first. */
  async newest(queue: string, limit: number): Promise<ListedJob[]> {
    return (await labJobStore.page(this.store.sql, { queue, ...scopeOf() }, null, limit)).map(listed);
  }

  /**
   * A pulled job's ticket is of no use to anybody, and in a queue that no worker serves it would lie there for ever. It
   * may still be on its way into the queue when the job is pulled, hence the second look.
   */
  private dropTicket(job: StoredJob): void {
    if (job.dispatch !== 'ticket') return;
    const ticket = { queue: job.queue, ticket_id: ticketId(job) };
    this.services.dispatcher.drop([ticket]);
    if (Date.now() - (job.queued_at ?? job.created_at).getTime() < TICKET_SETTLED_MS)
      setTimeout(() => this.services.dispatcher.drop([ticket]), TICKET_SETTLED_MS).unref();
  }
}

/** The client that logged in as an agent; none where nobody logs in. */
function clientOf(): { client?: string } {
  const caller = currentCaller();
  return caller?.role === 'agent' ? { client: caller.name } : {};
}

/** The project to which the caller's lists are held; none for the system and for operators. */
function scopeOf(): { project?: string } {
  const scope = currentCaller()?.scope ?? null;
  return scope === null ? {} : { project: scope };
}

const listed = (row: LabJobRow): ListedJob => ({
  ref: row.ref,
  queue: row.queue,
  state: wordOf(row.state, row.phase),
  created_at: row.created_at,
});
