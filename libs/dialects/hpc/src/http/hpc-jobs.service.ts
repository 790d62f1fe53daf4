import { Inject, Injectable } from '@nestjs/common';
import { currentPrincipal } from '@drover/access';
import { type BlobStore, BLOBS } from '@drover/blobs';
import {
  hpcRefusal,
  hpcState,
  isHpcTerminal,
  mergedJob,
  cpusOf,
  OBSERVED_STATE,
  payloadOf,
  v1JobNotFound,
  V1JobsService,
  type HpcState,
  type V1Payload,
} from '@drover/dialects/v1-jobs';
import { DroverError, isTerminal, jobTerminal, transition, type JobUsage, type TrailEntry } from '@drover/domain';
import { ControlService, SubmitService, type Changes, type StoredJob } from '@drover/jobs';
import { type Logger, LOGGER } from '@drover/telemetry';
import type { Author } from './audit-headers.js';
import type { Usage } from './body-fields.js';
import { HpcCounters } from './hpc-counters.js';

const MB = 1024 * 1024;
/** Queue of observed jobs: nobody serves it, it only groups them. */
const OBSERVED_QUEUE = 'hpc';

/** A job that runs elsewhere. */
export interface NewObserved {
  id: string;
  user: string;
  nodes: string[];
  started_at: Date;
  observed: NonNullable<V1Payload['observed']>;
}

/** Where a PATCH or an event takes a job. */
export interface Update {
  state?: HpcState;
  usage?: Usage;
  ended_at?: Date;
  exit_code?: number;
}

const entry = (
  author: Author,
  change_type: TrailEntry['change_type'],
  job: StoredJob,
  id: string,
  usage: JobUsage | undefined,
): TrailEntry => ({
  ...author,
  job_id: job.id,
  external_id: id,
  change_type,
  changed_at: new Date(),
  snapshot: mergedJob(job, id, usage),
});

/** Changes of jobs through the observability API: observed ones in every way, our own ones as far as that is sound. */
@Injectable()
export class HpcJobsService {
  constructor(
    private readonly jobs: V1JobsService,
    private readonly submits: SubmitService,
    private readonly control: ControlService,
    private readonly counters: HpcCounters,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Throws `conflict` when the id is taken, by whatever job. */
  async create(wanted: NewObserved, author: Author): Promise<StoredJob> {
    if (await this.jobs.lookUp(wanted.id)) throw taken();
    const now = new Date();
    const payload: V1Payload = { nodes: wanted.nodes, observed: wanted.observed };
    try {
      const { job } = await this.submits.submit({
        queue: OBSERVED_QUEUE,
        owner: wanted.user,
        ...reporter(),
        dialect: 'hpc',
        dispatch: 'observed',
        spec: { command: null },
        payload: payload as Record<string, unknown>,
        external_ids: [wanted.id],
        started_at: wanted.started_at,
        trail: {
          ...author,
          external_id: wanted.id,
          change_type: 'create',
          changed_at: now,
          snapshot: snapshotOf(wanted),
        },
      });
      this.counters.created();
      return job;
    } catch (error) {
      if (error instanceof DroverError && error.code === 'conflict') throw taken();
      throw error;
    }
  }

  /**
   * Under the job's row lock: of two changes at once the second sees what the first did. Throws `not_found`,
   * `terminal`, `conflict`.
   */
  async update(id: string, update: Update, author: Author): Promise<StoredJob> {
    const found = await this.jobs.find(id);
    return this.control
      .change(found.id, 'job.update', (job, changes) => {
        if (isTerminal(job.state)) throw jobTerminal(id, job.state);
        if (update.state !== undefined) {
          if (job.dispatch === 'observed') moveObserved(job, changes, update.state, update);
          else moveOwn(job, changes, update.state);
        }
        return {
          ...(update.usage ? { usage: usageOf(job, update.usage) } : {}),
          trail: (usage) => entry(author, 'update', job, id, usage),
        };
      })
      .catch((error: unknown) => {
        throw error instanceof DroverError && error.code === 'not_found' ? v1JobNotFound() : error;
      });
  }

  /** Always allowed. A job of ours that has not ended is cancelled first; its agent, fenced off, ends its processes. */
  async delete(id: string, author: Author): Promise<void> {
    const job = await this.jobs.find(id);
    if (!isTerminal(job.state)) {
      await this.control.cancel(job.id, 'deleted').catch((error: unknown) => {
        if (!(error instanceof DroverError)) throw error;
      });
    }
    const blobs = await this.control
      .delete(job.id, { live: true, trail: (deleted, usage) => entry(author, 'delete', deleted, id, usage) })
      .catch((error: unknown) => {
        throw error instanceof DroverError && error.code === 'not_found' ? v1JobNotFound() : error;
      });
    for (const key of blobs) {
      await this.blobs
        .delete(key)
        .catch((error: unknown) =>
          this.log.warn({ error: String(error), key }, 'an artifact of a deleted job stays behind'),
        );
    }
  }
}

/** With logins, whoever reports a job may go on doing so, whosever job it is. */
function reporter(): { reported_by?: string } {
  const permissions = currentPrincipal()?.permissions;
  return permissions ? { reported_by: permissions.client_id } : {};
}

const taken = (): Error => hpcRefusal('conflict', 'Job with this ID already exists');

function snapshotOf(wanted: NewObserved): Record<string, unknown> {
  const { id, user, nodes, started_at, observed } = wanted;
  return {
    id,
    user,
    nodes,
    node_count: nodes.length,
    state: 'running',
    start_time: started_at.toISOString(),
    cpu_usage: 0,
    memory_usage_mb: 0,
    ...observed,
  };
}

/** Any of the five words may follow on pending or running. */
function moveObserved(job: StoredJob, changes: Changes, word: HpcState, update: Update): void {
  const now = new Date();
  const payload = payloadOf(job);
  if (update.exit_code !== undefined) {
    changes.patch(job, {
      exit_code: update.exit_code,
      payload: {
        ...payload,
        observed: { ...payload.observed, scheduler: { ...payload.observed?.scheduler, exit_code: update.exit_code } },
      } as Record<string, unknown>,
    });
  }
  const next = transition(job.state, { type: 'observed', state: OBSERVED_STATE[word] });
  if (!next) return;
  if (isHpcTerminal(word)) {
    const finished = update.ended_at ?? now;
    // An end before the start is a clock that is wrong, not a job that ran backwards.
    const finished_at = job.started_at && finished < job.started_at ? job.started_at : finished;
    changes.move(job, next, { finished_at });
    return;
  }
  if (word === 'running') {
    // The first time it leaves pending is its start.
    const first = payloadOf(job).started_again !== true;
    changes.move(job, next, {
      started_at: first ? now : (job.started_at ?? now),
      payload: { ...payloadOf(job), started_again: true } as Record<string, unknown>,
    });
    return;
  }
  changes.move(job, next);
}

/** Refuses to move a job of our own workers by hand. It can be cancelled, and told the state it already has. */
function moveOwn(job: StoredJob, changes: Changes, word: HpcState): void {
  if (word === hpcState(job.state)) return;
  if (word !== 'cancelled')
    throw hpcRefusal(
      'conflict',
      `Job is run by Drover: its state follows its processes; only "cancelled" can be asked for, not "${word}"`,
    );
  if (job.state === 'cancelling') return;
  const next = transition(job.state, { type: 'cancel' });
  if (!next) throw jobTerminal(job.id, job.state);
  const reason = 'cancelled through the observability API';
  changes.move(job, next, { cancel_requested_at: new Date(), cancel_reason: reason, cause_detail: reason }, { reason });
  changes.tell(job.agent_id);
}

/** Per cent of the allocation as the core counts: 100 is one core. */
function usageOf(job: StoredJob, usage: Usage): { cpu_percent?: number; memory_bytes?: number; gpu_percent?: number } {
  return {
    ...(usage.cpu_usage === undefined ? {} : { cpu_percent: usage.cpu_usage * cpusOf(job) }),
    ...(usage.memory_usage_mb === undefined ? {} : { memory_bytes: usage.memory_usage_mb * MB }),
    ...(usage.gpu_usage === undefined ? {} : { gpu_percent: usage.gpu_usage }),
  };
}
