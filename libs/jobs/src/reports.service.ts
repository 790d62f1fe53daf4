import {
  backoffSeconds,
  DroverError,
  NO_CALLERS,
  stale,
  transition,
  type Callers,
  type LogChunk,
  type Sample,
} from '@drover/domain';
import { MAX_CHUNK_BYTES, type ReportItem, type ReportsResponse } from '@drover/protocol';
import {
  executionStore,
  jobStore,
  logStore,
  sampleStore,
  usageStore,
  type Sql,
  type Store,
  type StoredExecution,
  type StoredJob,
} from '@drover/store';
import { Changes } from './changes.js';
import type { Dispatcher } from './dispatcher.js';
import { afterMemberEnd, isGang, lockMembers, membersOf } from './gang.js';
import { countOlder, placedBehind, type IncomingChunk } from './incoming-chunk.js';
import { keptDetail } from './kept-detail.js';
import { dropNotice } from './log-quota.js';
import { type Doorbell, type JobsObserver, type ProjectRoom, type Room, ringFor, topics, unlimited } from './ports.js';

type Result = ReportsResponse['results'][number];
const OK: Result = { status: 200 };
const STALE: Result = { status: 409, message: 'the execution no longer holds its job; end its processes' };

/** Before a job whose agent reports it lost, or that is declined again and again, is handed out again. */
const LOST_DELAY_MS = 1_000;

/**
 * A job that agents declined more often than this waits for {@link LOST_DELAY_MS} each time: an agent that asks for it
 * and declines it in a loop would write events and webhooks without end.
 */
const FREE_DECLINES = 3;

/** Phases of an execution at most: those of the lab are a dozen. */
const MOST_PHASES = 100;

/** Told after a commit in which jobs ended. */
export type EndedListener = (jobs: StoredJob[]) => void;
/** Told after a commit that stored samples. */
export type SamplesListener = (samples: Sample[]) => void;

/**
 * Applies what agents say of their executions: the only way an execution moves after its claim. Every item is
 * idempotent.
 */
export class ReportsService {
  private readonly endedListeners: EndedListener[] = [];
  private readonly samplesListeners: SamplesListener[] = [];

  constructor(
    private readonly store: Store,
    private readonly dispatcher: Dispatcher,
    private readonly bell: Doorbell,
    private readonly observer: JobsObserver,
    private readonly callers: Callers = NO_CALLERS,
    private readonly room: ProjectRoom = unlimited,
  ) {}

  onEnded(listener: EndedListener): void {
    this.endedListeners.push(listener);
  }

  onSamples(listener: SamplesListener): void {
    this.samplesListeners.push(listener);
  }

  /** One raw chunk. Throws `stale`, or `gap` with `stored`: where the sender has to go on. */
  async append(agentId: string, chunk: IncomingChunk): Promise<number> {
    const [result] = await this.apply(agentId, [{ kind: 'raw-chunk', ...chunk }]);
    if (result?.status === 409) throw stale(chunk.execution_id, chunk.epoch);
    if (result?.status === 416)
      throw new DroverError('gap', `The stored log ends at ${result.stored}; send from there.`, {
        stored: result.stored,
      });
    if (result?.status === 422) throw new DroverError('invalid', result.message ?? 'the chunk cannot be read');
    return result?.stored ?? 0;
  }

  /** A batch of any items, in one transaction. One result an item, in order. */
  async apply(agentId: string, items: (ReportItem | ({ kind: 'raw-chunk' } & IncomingChunk))[]): Promise<Result[]> {
    const now = new Date();
    const ids = [...new Set(items.map((item) => item.execution_id))];
    await Promise.all([this.room.ready(), ...items.map(countOlder)]);
    const outcome = await this.store.keyedTx(async (sql) => {
      // Jobs before executions, both in id order: the order of every writer, so that none waits in a ring.
      const found = await executionStore.jobsOf(sql, ids);
      const jobs = await jobStore.lock(sql, [...new Set(found.values())]);
      const executions = await executionStore.lock(sql, [...found.keys()]);
      // The end of one member of a gang is a matter of all of them.
      if (items.some((item) => item.kind === 'ended'))
        for (const [id, member] of await lockMembers(sql, jobs.values()))
          if (!executions.has(id)) executions.set(id, member);
      const batch = new Batch(agentId, now, jobs, executions, await this.logRoom(sql, items, jobs, executions));
      const results = items.map((item) => batch.item(item));
      await logStore.insert(sql, batch.chunks);
      await sampleStore.insert(sql, batch.samples);
      await usageStore.add(sql, batch.samples);
      await batch.changes.followDependents(sql);
      await batch.changes.write(sql);
      return { results, batch };
    });
    const { batch, results } = outcome;
    if (batch.dropped > 0) this.observer.dropped(batch.dropped);
    batch.changes.announce(this.dispatcher, this.bell);
    if (batch.logsTouched.size > 0) ringFor(this.bell, topics.logs, batch.logsTouched);
    for (const [step, seconds] of batch.steps) this.observer.step(step, Math.max(0, seconds));
    for (const { job, cause } of batch.changes.causes) this.observer.ended(job.queue, job.state, cause);
    this.callers.asSystem(() => {
      if (batch.changes.ended.length > 0) for (const listener of this.endedListeners) listener(batch.changes.ended);
      if (batch.samples.length > 0) for (const listener of this.samplesListeners) listener(batch.samples);
    });
    return results;
  }

  /** Bytes of output each of these projects may still keep. */
  private async logRoom(
    sql: Sql,
    items: readonly { execution_id: string; kind: string; length?: number }[],
    jobs: Map<string, StoredJob>,
    executions: Map<string, StoredExecution>,
  ): Promise<Map<string, Room>> {
    const asked = new Map<string, number>();
    for (const { execution_id, length } of items) {
      const project = jobs.get(executions.get(execution_id)?.job_id ?? '')?.project;
      if (project !== undefined && typeof length === 'number' && length > 0)
        asked.set(project, (asked.get(project) ?? 0) + length);
    }
    const rooms = new Map<string, Room>();
    if (asked.size === 0 || (await this.room.covers('log_bytes', asked))) return rooms;
    for (const project of asked.keys()) rooms.set(project, await this.room.room(sql, project, 'log_bytes'));
    return rooms;
  }
}

/** One transaction's view; items see what the items before them did. */
class Batch {
  readonly changes: Changes;
  readonly chunks: LogChunk[] = [];
  readonly samples: Sample[] = [];
  readonly logsTouched = new Set<string>();
  /** Bytes of output that were not kept. */
  dropped = 0;
  readonly steps: [Parameters<JobsObserver['step']>[0], number][] = [];

  constructor(
    private readonly agentId: string,
    private readonly now: Date,
    private readonly jobs: Map<string, StoredJob>,
    private readonly executions: Map<string, StoredExecution>,
    /** Output that projects may still keep, in bytes; one that is absent has room enough. */
    private readonly logRoom: Map<string, Room>,
  ) {
    this.changes = new Changes(now);
  }

  item(item: ReportItem | ({ kind: 'raw-chunk' } & IncomingChunk)): Result {
    const execution = this.executions.get(item.execution_id);
    const job = execution && this.jobs.get(execution.job_id);
    // Said again: the answer to the first time was lost.
    if (!execution && item.kind === 'declined') return OK;
    if (!execution || !job || execution.agent_id !== this.agentId || execution.epoch !== item.epoch) return STALE;
    // Ended by its own report: a repeat of what was sent before is fine. Ended by anybody else: fenced.
    const over = execution.state === 'ended';
    if (over && execution.cause === 'agent_lost') return STALE;
    switch (item.kind) {
      case 'started':
        return over ? OK : this.started(execution, job, item);
      case 'phase':
        return over ? OK : this.phase(execution, item);
      case 'declined':
        return over ? OK : this.declined(execution, job, item.reason);
      case 'chunk':
        return this.chunk(
          execution,
          job,
          { ...item, at: new Date(item.at), data: Buffer.from(item.data, 'base64') },
          over,
        );
      case 'raw-chunk':
        return this.chunk(execution, job, item, over);
      case 'samples':
        if (!over)
          for (const { at, ...sample } of item.samples)
            this.samples.push({ ...sample, at: new Date(at), execution_id: execution.id, job_id: job.id });
        return OK;
      case 'ended':
        return over ? OK : this.ended(execution, job, item);
    }
  }

  private started(execution: StoredExecution, job: StoredJob, item: Extract<ReportItem, { kind: 'started' }>): Result {
    if (execution.state !== 'claimed') return OK;
    const spawnedAt = clampTime(item.spawned_at, execution.claimed_at, this.now);
    this.changes.execution(execution.id, {
      state: 'running',
      pid: item.pid,
      spawned_at: spawnedAt,
      ...(item.container_id ? { container_id: item.container_id } : {}),
      ...(item.preamble_bytes ? { payload: { ...execution.payload, preamble_bytes: item.preamble_bytes } } : {}),
    });
    Object.assign(execution, { state: 'running', spawned_at: spawnedAt });
    this.steps.push(['claimed_to_spawned', (spawnedAt.getTime() - execution.claimed_at.getTime()) / 1000]);
    const next = transition(job.state, { type: 'started' });
    // `cancelling` stays; the end is what counts.
    if (next)
      this.changes.move(job, next, { started_at: spawnedAt }, { execution_id: execution.id, node: execution.node });
    else if (job.started_at === null) this.changes.patch(job, { started_at: spawnedAt });
    return OK;
  }

  /** An agent had no slot for what it was told to start: that execution never was. What runs already cannot be declined. */
  private declined(execution: StoredExecution, job: StoredJob, reason: string): Result {
    const hasOutput = execution.stdout_bytes + execution.stderr_bytes + execution.log_dropped > 0;
    if (execution.state !== 'claimed' || execution.payload['pushed'] !== true || hasOutput)
      return { status: 422, message: 'only an execution that was pushed and has not started can be declined' };
    this.executions.delete(execution.id);
    this.changes.neverBegun(execution.id);
    if (job.execution_id !== execution.id) return OK;
    const next = transition(job.state, { type: 'declined' });
    const cancelled = next?.state === 'cancelled' ? { cause_detail: job.cancel_reason } : {};
    // Each claim ends with an attempt, with a loss, or declined.
    const declines = execution.epoch - (job.attempt - 1) - job.losses;
    const rests = next?.state === 'queued' && declines > FREE_DECLINES;
    const later = rests ? { start_at: new Date(this.now.getTime() + LOST_DELAY_MS) } : {};
    const fields = { execution_id: null, ...cancelled, ...later };
    if (next) this.changes.move(job, next, fields, { declined: execution.node, detail: reason });
    else this.changes.patch(job, { execution_id: null });
    return OK;
  }

  private phase(execution: StoredExecution, item: Extract<ReportItem, { kind: 'phase' }>): Result {
    const before = execution.payload['phases'] as Record<string, number | null> | undefined;
    const phases = { ...before, [item.phase]: item.exit_code ?? null };
    if (Object.keys(phases).length > MOST_PHASES)
      return { status: 422, message: `an execution has at most ${MOST_PHASES} phases` };
    const payload = { ...execution.payload, phases };
    this.changes.execution(execution.id, { phase: item.phase, payload });
    Object.assign(execution, { phase: item.phase, payload });
    return OK;
  }

  private chunk(execution: StoredExecution, job: StoredJob, item: Omit<IncomingChunk, 'epoch'>, over: boolean): Result {
    const [field, skew] =
      item.stream === 'stdout'
        ? (['stdout_bytes', 'stdout_skew'] as const)
        : (['stderr_bytes', 'stderr_skew'] as const);
    // The length the sender has sent: the stored length, and how far its offsets are ahead since output was dropped.
    const stored = execution[field] + execution[skew];
    if (
      item.length <= 0 ||
      item.length > MAX_CHUNK_BYTES ||
      item.data.length === 0 ||
      Number.isNaN(item.at.getTime())
    ) {
      return { status: 422, message: `a chunk holds 1 to ${MAX_CHUNK_BYTES} bytes, one gzip member and a time` };
    }
    if (item.offset + item.length <= stored) return { status: 200, stored };
    if (over) return STALE;
    // A member cannot be cut: one that only partly is known means that the sender has other borders; it starts at ours.
    if (item.offset !== stored) return { status: 416, stored };
    const room = this.logRoom.get(job.project);
    if (execution.log_dropped > 0 || (room && room.free < item.length)) return this.drop(execution, job, item, room);
    if (room) room.free -= item.length;
    this.keep(execution, { ...item, offset: execution[field] }, item);
    execution[field] += item.length;
    const firstByte = execution.first_byte_at ?? clampTime(item.at, execution.claimed_at, this.now);
    if (execution.first_byte_at === null && execution.spawned_at) {
      this.steps.push(['spawned_to_first_byte', (firstByte.getTime() - execution.spawned_at.getTime()) / 1000]);
    }
    execution.first_byte_at = firstByte;
    this.changes.execution(execution.id, {
      [field]: execution[field],
      first_byte_at: firstByte,
      log_tally: execution.log_tally,
    });
    this.logsTouched.add(execution.id);
    return { status: 200, stored: stored + item.length };
  }

  /** Takes a piece of output with its place among the lines. The order of acceptance is the order of delivery. */
  private keep(
    execution: StoredExecution,
    chunk: Omit<IncomingChunk, 'epoch'>,
    { lines, open }: { lines?: number; open?: boolean },
  ): void {
    const { stream, offset, length, at, data } = chunk;
    const { sequence, place, tally } = placedBehind(execution, {
      stream,
      length,
      sequence: chunk.sequence,
      lines,
      open,
    });
    execution.log_tally = tally;
    this.chunks.push({ execution_id: execution.id, stream, offset, length, sequence, at, data, place });
  }

  /**
   * The project may keep no more output: the sender goes on as if it were kept, the log says once a stream that it ends
   * here.
   */
  private drop(
    execution: StoredExecution,
    job: StoredJob,
    item: Omit<IncomingChunk, 'epoch'>,
    room: Room | undefined,
  ): Result {
    const [field, skew] =
      item.stream === 'stdout'
        ? (['stdout_bytes', 'stdout_skew'] as const)
        : (['stderr_bytes', 'stderr_skew'] as const);
    const stored = execution[field] + execution[skew] + item.length;
    if (execution[skew] === 0) {
      const notice = dropNotice(job.project, room);
      const piece = { ...item, offset: execution[field], length: notice.length, data: notice.member };
      this.keep(execution, piece, notice);
      execution[field] += notice.length;
    }
    execution[skew] = stored - execution[field];
    execution.log_dropped += item.length;
    this.dropped += item.length;
    this.changes.execution(execution.id, {
      [field]: execution[field],
      [skew]: execution[skew],
      log_dropped: execution.log_dropped,
      log_tally: execution.log_tally,
    });
    this.logsTouched.add(execution.id);
    return { status: 200, stored };
  }

  private ended(execution: StoredExecution, job: StoredJob, said: Extract<ReportItem, { kind: 'ended' }>): Result {
    const item = { ...said, cause_detail: keptDetail(said.cause_detail) };
    const exitedAt = clampTime(item.exited_at, execution.claimed_at, this.now);
    const complete =
      execution.log_dropped === 0 &&
      execution.stdout_bytes === item.stdout.bytes &&
      execution.stderr_bytes === item.stderr.bytes;
    const result = {
      cause: item.ok ? null : item.cause,
      cause_detail: item.cause_detail,
      exit_code: item.exit_code,
      signal: item.signal,
    };
    this.changes.execution(execution.id, {
      state: 'ended',
      ...result,
      exited_at: exitedAt,
      finished_at: this.now,
      stdout_sha256: item.stdout.sha256,
      stderr_sha256: item.stderr.sha256,
      log_complete: complete,
    });
    Object.assign(execution, { state: 'ended', ...result, exited_at: exitedAt });
    this.logsTouched.add(execution.id);
    this.steps.push(['exit_to_result', (this.now.getTime() - exitedAt.getTime()) / 1000]);
    if (execution.spawned_at) this.steps.push(['run', (exitedAt.getTime() - execution.spawned_at.getTime()) / 1000]);
    if (isGang(job)) {
      const members = membersOf(job, this.executions.values());
      if (!members.includes(execution)) return OK;
      const outcome = afterMemberEnd(members, execution, this.changes);
      if (!outcome) return OK;
      return outcome.lost ? this.lost(execution, job, outcome.cause_detail) : this.jobEnded(execution, job, outcome);
    }
    // The execution ended, but another one may hold the job by now (it cannot: the epoch was checked), or nobody does.
    if (job.execution_id !== execution.id) return OK;
    // Not the job's doing: the node lost its processes, or its container engine was away. As with a silent agent, it
    // runs elsewhere.
    if (item.cause === 'agent_lost') return this.lost(execution, job, item.cause_detail);
    return this.jobEnded(execution, job, item);
  }

  private jobEnded(
    execution: StoredExecution,
    job: StoredJob,
    item: Pick<Extract<ReportItem, { kind: 'ended' }>, 'ok' | 'cause' | 'cause_detail' | 'exit_code' | 'signal'>,
  ): Result {
    const retry = job.spec.retry;
    const retriesLeft =
      retry !== undefined && job.attempt <= retry.max && item.cause !== 'cancelled' && job.cancel_requested_at === null;
    const next = transition(job.state, { type: 'ended', ok: item.ok, cause: item.cause, retriesLeft });
    if (!next) return OK;
    const retryAt = next.newAttempt
      ? new Date(this.now.getTime() + backoffSeconds(retry ?? {}, job.attempt) * 1000)
      : null;
    const fields = {
      exit_code: item.exit_code,
      signal: item.signal,
      cause_detail: next.state === 'cancelled' ? (job.cancel_reason ?? item.cause_detail) : item.cause_detail,
      ...(retryAt ? { start_at: retryAt } : { finished_at: this.now }),
    };
    this.changes.move(job, next, fields, {
      execution_id: execution.id,
      exit_code: item.exit_code,
      ...(item.signal ? { signal: item.signal } : {}),
      ...(retryAt ? { ended_with: item.cause, next_start_at: retryAt } : {}),
    });
    return OK;
  }

  private lost(execution: StoredExecution, job: StoredJob, detail: string | null): Result {
    const losses = job.losses + 1;
    const next = transition(job.state, { type: 'agent_lost', losses });
    if (!next) return OK;
    const givenUp =
      next.state === 'failed'
        ? { cause_detail: `${detail ?? 'The agent lost it.'} That was loss ${losses}; the job is not tried again.` }
        : {};
    // Not at once: what is broken there may need a moment, and every loss counts.
    const again = next.state === 'queued' ? { start_at: new Date(this.now.getTime() + LOST_DELAY_MS) } : {};
    this.changes.move(
      job,
      next,
      { losses, started_at: null, ...again, ...givenUp },
      { execution_id: execution.id, lost: execution.node, detail },
    );
    return OK;
  }
}

/** An agent's clock may be wrong; what it says is kept between the claim and now. */
function clampTime(value: string | Date, from: Date, to: Date): Date {
  const time = new Date(value).getTime();
  if (Number.isNaN(time)) return to;
  return new Date(Math.min(Math.max(time, from.getTime()), to.getTime()));
}
