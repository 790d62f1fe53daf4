import type { Cause } from '@drover/domain';
import {
  endTrees,
  readExitRecord,
  type Executor,
  type ExitRecord,
  type Found,
  type RunningRecord,
} from '@drover/executor';
import type { ClaimedExecution, Control } from '@drover/protocol';
import type { Isolation } from './isolation.js';
import { launchOrder, type ExecutionNote, type NodeContext } from './launch-order.js';
import { RunningExecution, type ExecutionContext } from './running-execution.js';
import { WaitingLine } from './waiting-line.js';

/** How long the tree of an execution that is no longer ours may take to leave. Seconds. */
const FENCED_GRACE_S = 2;
/** Cancels of executions whose claim is still on its way are remembered this long. Milliseconds. */
const EARLY_CANCEL_MS = 60_000;

/** Executions that came are remembered, more than can be on their way at any time. */
const KNOWN = 20_000;

interface Held {
  execution: RunningExecution;
  executor: Executor;
  releaseSlot: () => void;
}

/** All executions of this node. The only one that starts and ends any. */
export class Executions {
  private readonly held = new Map<string, Held>();
  /** Executions that came, by a claim or without a ticket. */
  private readonly known = new Set<string>();
  /** Declined executions of which the API has not heard. */
  private declining = 0;
  private readonly earlyCancels = new Map<string, { reason: string; at: number }>();
  private emptied: (() => void)[] = [];
  /** Executions that were fetched before a slot was free for them. */
  readonly ahead = new WaitingLine(
    (claimed, releaseSlot) => this.start(claimed, releaseSlot),
    (claimed) => this.decline(claimed),
  );

  constructor(
    private readonly context: Omit<ExecutionContext, 'onFenced'>,
    private readonly executors: { process: Executor; container?: Executor },
    private readonly node: NodeContext,
    private readonly isolation: Isolation,
  ) {}

  /**
   * Opens the executors. What they found is adopted at once: its output is followed while the API is still being looked
   * for.
   */
  async open(slotOf: (queue: string, slots?: number) => () => void): Promise<void> {
    for (const executor of Object.values(this.executors)) {
      const early: (() => void)[] = [];
      let opened = false;
      const later = (what: () => void): void => void (opened ? what() : early.push(what));
      const found = await executor.open({
        started: ({ execution_id, pid, spawned_at, ...container }) =>
          later(() => this.held.get(execution_id)?.execution.started(pid, spawned_at, container)),
        phase: ({ execution_id, phase }) => later(() => this.held.get(execution_id)?.execution.phase(phase)),
        exited: (record) => later(() => void this.exited(record)),
      });
      await this.adopt(executor, found, slotOf);
      opened = true;
      for (const what of early) what();
    }
  }

  /**
   * Runs what was claimed with a ticket. The same execution may have come without one while the claim was under way: it
   * runs once, in the slot of the ticket if it still waits for another, and not at all if it was declined.
   */
  startClaimed(claimed: ClaimedExecution, releaseSlot: () => void): void {
    const id = claimed.execution_id;
    if (this.ahead.drop(id) || this.isNew(id)) this.start(claimed, releaseSlot);
    else releaseSlot();
  }

  private start(claimed: ClaimedExecution, releaseSlot: () => void): void {
    const id = claimed.execution_id;
    const executor = claimed.spec.container === undefined ? this.executors.process : this.executors.container;
    const note: ExecutionNote = {
      job_id: claimed.job_id,
      epoch: claimed.epoch,
      queue: claimed.queue,
      cwd: '',
      artifacts: [],
      keep_workdir: false,
      gpus: claimed.gpus ?? [],
      slots: claimed.slots ?? 1,
    };
    try {
      if (executor === undefined) throw new Error('This node runs no containers.');
      const place = this.isolation.confine(claimed);
      if (place.user !== undefined) note.user = place.user;
      const order = launchOrder(claimed, place, this.node);
      this.hold(new RunningExecution(id, place.folder, order.note, this.full()), executor, releaseSlot);
      const cancelled = this.takeEarlyCancel(id);
      if (cancelled !== undefined) void this.exited(unstarted(id, note, 'cancelled', cancelled));
      else executor.launch(order);
    } catch (error) {
      const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
      const detail = full
        ? 'The disk of the node is full: the folder of the job could not be made.'
        : (error as Error).message;
      this.hold(
        new RunningExecution(id, this.context.spool.folder(id), note, this.full()),
        this.executors.process,
        releaseSlot,
      );
      void this.exited(unstarted(id, note, full ? 'disk_full' : 'spawn_error', detail));
    }
  }

  /**
   * Runs what the API opened for this node by itself. It is told again until it has heard of the start, also by answers
   * that were on their way when the execution had already ended: what was started once is not started again.
   * `takeSlots` gives null where there is no slot: the execution waits for one if it was fetched ahead, else it is
   * declined.
   */
  startOffered(claimed: ClaimedExecution, takeSlots: () => (() => void) | null, fetchedAhead = false): void {
    const id = claimed.execution_id;
    if (!this.isNew(id)) return;
    const releaseSlot = takeSlots();
    if (releaseSlot !== null) this.start(claimed, releaseSlot);
    else if (fetchedAhead) this.ahead.add(claimed, takeSlots);
    else this.decline(claimed);
  }

  /** Whether an execution came for the first time. From then on it is known. */
  private isNew(id: string): boolean {
    if (this.held.has(id) || this.known.has(id)) return false;
    this.remember(id);
    return true;
  }

  private remember(id: string): void {
    this.known.add(id);
    const [oldest] = this.known;
    if (this.known.size > KNOWN && oldest !== undefined) this.known.delete(oldest);
  }

  /** The job goes to its queue again. */
  private decline({ execution_id, epoch }: ClaimedExecution): void {
    const reason = 'The node had no free slot any more.';
    this.declining += 1;
    void this.context.reports.push({ kind: 'declined', execution_id, epoch, reason }).then(() => {
      this.declining -= 1;
      this.look();
    });
  }

  /** Follows what a heartbeat's answer or the push channel says. */
  apply(control: Control): void {
    for (const { execution_id, reason } of control.cancel) this.cancel(execution_id, reason);
    for (const id of control.lost) this.fence(id);
  }

  cancel(id: string, reason: string): void {
    const held = this.held.get(id);
    if (held === undefined) {
      const oldest = Date.now() - EARLY_CANCEL_MS;
      for (const [other, { at }] of this.earlyCancels) if (at < oldest) this.earlyCancels.delete(other);
      this.earlyCancels.set(id, { reason, at: Date.now() });
    } else if (!held.execution.exited) {
      held.executor.end(id, { cause: 'cancelled', detail: reason });
    }
  }

  /** The record gave it to somebody else, or ended it: its processes go, nothing more of it is sent. */
  fence(id: string): void {
    this.ahead.drop(id);
    const held = this.held.get(id);
    if (held === undefined || held.execution.fenced) return;
    held.execution.fence();
    this.context.logger.warn(
      { execution: id, epoch: held.execution.note.epoch },
      'the execution is no longer ours; its processes are ended',
    );
    // An exited one is waiting for its report, which the fence has answered.
    if (!held.execution.exited)
      held.executor.end(id, { cause: 'agent_lost', detail: 'The record gave the execution up.' }, FENCED_GRACE_S);
  }

  endAll(cause: Cause, detail: string, graceS?: number): void {
    for (const [id, { execution, executor }] of this.held)
      if (!execution.exited) executor.end(id, { cause, detail }, graceS);
  }

  /**
   * The record's view after the first registration of this daemon: what it does not hold for us is ended, what it holds
   * and nobody runs any more is reported lost (with the exit that is on disk, if there is one), and folders of nobody
   * go.
   */
  async reconcile(
    recorded: readonly { execution_id: string; epoch: number; cancel: boolean; offered?: boolean }[],
    first: boolean,
  ): Promise<void> {
    const byId = new Map(recorded.map((one) => [one.execution_id, one]));
    for (const [id, { execution }] of this.held) {
      const one = byId.get(id);
      if (one === undefined || one.epoch !== execution.note.epoch) this.fence(id);
      else if (one.cancel) this.cancel(id, 'cancelled while the worker was away');
    }
    for (const { execution_id: id, epoch } of [...this.ahead.list()])
      // It may have been claimed after this view was taken: then the next beat offers it again.
      if (byId.get(id)?.epoch !== epoch && this.ahead.drop(id)) this.known.delete(id);
    if (!first) return;
    const spooled = new Set(await this.context.spool.list());
    // One that is offered and has a folder was started, though the API has not heard of it: it is not started again.
    const missing = recorded.filter(
      ({ execution_id: id, offered }) => !this.held.has(id) && (!offered || spooled.has(id)),
    );
    const forgotten = [...spooled].filter((id) => !this.held.has(id) && !byId.has(id));
    // A supervisor that was killed could not take its jobs along.
    await endTrees(
      [...missing.map((one) => one.execution_id), ...forgotten].map((execution_id) => ({
        order: { execution_id },
        pid: null,
      })),
    );
    for (const { execution_id: id, epoch } of missing) await this.conclude(id, epoch);
    for (const id of forgotten) await this.context.spool.remove(id);
  }

  /** Executions whose end the API does not have yet. */
  get list(): { execution_id: string; epoch: number }[] {
    return [...this.held.values()]
      .filter(({ execution }) => !execution.fenced)
      .map(({ execution }) => ({ execution_id: execution.id, epoch: execution.note.epoch }));
  }

  /** The executions whose processes run. */
  *live(): Generator<RunningExecution> {
    for (const { execution } of this.held.values()) if (!execution.exited && execution.pid !== null) yield execution;
  }

  /** The job has an execution here whose end the API does not have yet. */
  runs(jobId: string): boolean {
    for (const { execution } of this.held.values()) if (execution.note.job_id === jobId) return true;
    return false;
  }

  get size(): number {
    return this.held.size;
  }

  /** Resolves when nothing is held any more, and the API has heard of all that was declined. */
  async idle(): Promise<void> {
    while (this.held.size + this.declining > 0) await new Promise<void>((resolve) => this.emptied.push(resolve));
  }

  private async adopt(
    executor: Executor,
    found: Found,
    slotOf: (queue: string, slots?: number) => () => void,
  ): Promise<void> {
    const all: (RunningRecord | ExitRecord)[] = [...found.running, ...found.ended];
    for (const { execution_id: id, note } of all) {
      const resume = await this.context.spool.readProgress(id);
      const known = note as ExecutionNote;
      this.isolation.hold(known.user);
      const execution = new RunningExecution(
        id,
        this.context.spool.folder(id),
        known,
        this.full(),
        resume ?? NOTHING_SENT,
        true,
      );
      this.hold(execution, executor, slotOf(known.queue, known.slots));
    }
    for (const { execution_id, pid, spawned_at, ...container } of found.running) {
      if (spawned_at !== null) this.held.get(execution_id)?.execution.started(pid, spawned_at, container);
    }
    for (const record of found.ended) void this.exited(record);
    if (all.length > 0)
      this.context.logger.info(
        { running: found.running.length, ended: found.ended.length },
        'executions of a former life of this worker were found',
      );
  }

  /** The record holds it for us, but nothing runs it. */
  private async conclude(id: string, epoch: number): Promise<void> {
    const folder = this.context.spool.folder(id);
    const written = await readExitRecord(folder);
    const note: ExecutionNote = {
      job_id: '',
      queue: '',
      cwd: '',
      artifacts: [],
      keep_workdir: false,
      gpus: [],
      slots: 1,
      ...written?.note,
      epoch,
    };
    this.hold(
      new RunningExecution(
        id,
        folder,
        note,
        this.full(),
        (await this.context.spool.readProgress(id)) ?? NOTHING_SENT,
        true,
      ),
      this.executors.process,
      () => {},
    );
    void this.exited(
      written ??
        unstarted(
          id,
          note,
          'agent_lost',
          'The node lost the processes of the job: it or the supervisor was restarted.',
        ),
    );
  }

  private hold(execution: RunningExecution, executor: Executor, releaseSlot: () => void): void {
    this.remember(execution.id);
    this.held.set(execution.id, { execution, executor, releaseSlot });
  }

  private async exited(record: ExitRecord): Promise<void> {
    const held = this.held.get(record.execution_id);
    if (held === undefined || held.execution.exited) return;
    const { execution, executor } = held;
    // The processes are gone: the next job need not wait for our report.
    held.releaseSlot();
    if (!this.ahead.ended()) this.context.onFreeSlot?.();
    await execution.ended(record);
    execution.close();
    executor.forget([record.execution_id]);
    this.held.delete(record.execution_id);
    const { spool } = this.context;
    const { id, note } = execution;
    // A folder serves again only if it was ours alone from beginning to end.
    if (note.user !== undefined && note.keep_workdir) spool.shut(id);
    const recycled =
      note.user === undefined &&
      note.isolated !== true &&
      executor.kind === 'process' &&
      record.pid !== null &&
      record.cause !== 'agent_lost' &&
      execution.undisturbed;
    await (recycled && !note.keep_workdir ? spool.recycle(id) : spool.remove(id, note.keep_workdir)).catch(
      (error: unknown) => {
        this.context.logger.warn(
          { err: error, execution: record.execution_id },
          'the folder of an execution could not be removed',
        );
      },
    );
    this.isolation.release(note.user);
    this.look();
  }

  /** Wakes those who wait for the end of all. */
  private look(): void {
    if (this.held.size + this.declining === 0) for (const resolve of this.emptied.splice(0)) resolve();
  }

  private full(): ExecutionContext {
    return { ...this.context, onFenced: (execution) => this.fence(execution.id) };
  }

  private takeEarlyCancel(id: string): string | undefined {
    const early = this.earlyCancels.get(id);
    this.earlyCancels.delete(id);
    return early?.reason;
  }
}

const NOTHING_SENT = { stdout: 0, stderr: 0, sequence: 0, first_byte_at: null };

function unstarted(execution_id: string, note: ExecutionNote, cause: Cause, cause_detail: string): ExitRecord {
  return {
    execution_id,
    ok: false,
    cause,
    cause_detail,
    exit_code: null,
    signal: null,
    pid: null,
    spawned_at: null,
    exited_at: new Date().toISOString(),
    stdout_bytes: 0,
    stderr_bytes: 0,
    note,
  };
}
