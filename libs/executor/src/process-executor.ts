import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Cause } from '@drover/domain';
import type { Executor, ExecutorEvents, Found } from './executor.js';
import type { ExitRecord, FromSupervisor, LaunchOrder } from './messages.js';
import { TreeScanner } from './proc/scan.js';
import { linkSupervisor, type Link, type LinkOptions } from './supervisor-link.js';
import { readExitRecord } from './supervisor/exit-record.js';

const PING_MS = 1_000;
/** Milliseconds for orphans to be gone after KILL, and for a supervisor to leave beyond the grace. */
const GONE_MS = 5_000;
/** Milliseconds for a supervisor that has hung up to be gone, and between two looks. */
const LEFT_MS = 1_000;
const LOOK_MS = 10;

export interface Known {
  order: Pick<LaunchOrder, 'execution_id' | 'folder' | 'note' | 'user'>;
  pid: number | null;
  spawned_at: string | null;
}

/** Runs commands as processes of this node, through the supervisor. */
export class ProcessExecutor implements Executor {
  readonly kind: Executor['kind'] = 'process';
  private link: Link | undefined;
  private supervisorPid = 0;
  private events: ExecutorEvents | undefined;
  protected closing = false;
  private ping: NodeJS.Timeout | undefined;
  /** Launched or found, end not heard of. */
  protected readonly known = new Map<string, Known>();
  /** Orders that came while there was no supervisor. */
  protected waiting: LaunchOrder[] = [];

  /** @param onTrouble sentences for the operator: the supervisor died, could not be started again, … */
  constructor(
    private readonly options: LinkOptions,
    protected readonly onTrouble: (message: string) => void = () => {},
  ) {}

  async open(events: ExecutorEvents): Promise<Found> {
    this.events = events;
    const found = await this.connect();
    this.ping = setInterval(() => this.link?.send({ t: 'ping' }), PING_MS);
    return found;
  }

  launch(order: LaunchOrder): void {
    if (this.closing) return;
    this.known.set(order.execution_id, { order, pid: null, spawned_at: null });
    if (this.link === undefined) this.waiting.push(order);
    else this.link.send({ t: 'spawn', order });
  }

  end(executionId: string, ending: { cause: Cause; detail: string }, graceS?: number): void {
    const at = this.waiting.findIndex((order) => order.execution_id === executionId);
    if (at >= 0) {
      const [order] = this.waiting.splice(at, 1);
      if (order !== undefined) this.conclude(unstarted(order, ending.cause, ending.detail));
      return;
    }
    this.link?.send({
      t: 'end',
      execution_id: executionId,
      cause: ending.cause,
      detail: ending.detail,
      ...(graceS === undefined ? {} : { grace_s: graceS }),
    });
  }

  forget(executionIds: string[]): void {
    if (executionIds.length > 0) this.link?.send({ t: 'forget', ids: executionIds });
  }

  async close(graceS: number): Promise<void> {
    this.closing = true;
    clearInterval(this.ping);
    const link = this.link;
    if (link === undefined) return;
    const gone = new Promise<void>((resolve) => link.onClose(resolve));
    link.send({ t: 'shutdown', grace_s: graceS });
    await Promise.race([gone, wait(graceS * 1000 + GONE_MS, undefined, { ref: false })]);
    link.destroy();
    // It hangs up before it ends: who waits for us must find neither of us.
    const deadline = Date.now() + LEFT_MS;
    while (isThere(this.supervisorPid) && Date.now() < deadline) await wait(LOOK_MS);
  }

  /** Lets go of the supervisor without ending anything: what a handover and a crash of the daemon do. */
  abandon(): void {
    this.closing = true;
    clearInterval(this.ping);
    this.link?.destroy();
  }

  protected async connect(): Promise<Found> {
    const { link, welcome } = await linkSupervisor(
      this.options,
      (message) => this.handle(message),
      () => void this.lost(),
    );
    this.link = link;
    this.supervisorPid = welcome.pid;
    for (const { execution_id, pid, spawned_at, folder, note, user } of welcome.running) {
      this.known.set(execution_id, {
        order: { execution_id, folder, note, ...(user === undefined ? {} : { user }) },
        pid,
        spawned_at,
      });
    }
    for (const order of this.waiting.splice(0)) link.send({ t: 'spawn', order });
    return { running: welcome.running, ended: welcome.ended };
  }

  private handle(message: FromSupervisor): void {
    if (message.t === 'started') {
      const known = this.known.get(message.execution_id);
      if (known !== undefined) Object.assign(known, { pid: message.pid, spawned_at: message.spawned_at });
      this.events?.started(message);
    } else if (message.t === 'phase') this.events?.phase?.(message);
    else if (message.t === 'exited') this.conclude(message.record);
  }

  protected conclude(record: ExitRecord): void {
    if (this.known.delete(record.execution_id)) this.events?.exited(record);
  }

  /**
   * The supervisor is gone without our asking: what it ran is ended (nobody would learn how it ends), and another one
   * started.
   */
  private async lost(): Promise<void> {
    this.link = undefined;
    if (this.closing) return;
    await this.settleOrphans();
    while (!this.closing) {
      try {
        await this.connect();
        return;
      } catch (error) {
        this.onTrouble((error as Error).message);
        await wait(PING_MS);
      }
    }
  }

  protected async settleOrphans(): Promise<void> {
    const orphans = this.orphans();
    this.onTrouble(`The supervisor is gone; ${orphans.length} executions are ended.`);
    await endTrees(orphans);
    for (const orphan of orphans) {
      const written = await readExitRecord(orphan.order.folder);
      this.conclude(written ?? orphaned(orphan));
    }
  }

  /** Executions the supervisor that is gone had. */
  protected orphans(): Known[] {
    const waiting = new Set(this.waiting.map((order) => order.execution_id));
    return [...this.known.values()].filter(({ order }) => !waiting.has(order.execution_id));
  }
}

/** KILL to every process of these executions until none is left, for a bounded time. */
export async function endTrees(
  executions: readonly { order: Pick<LaunchOrder, 'execution_id' | 'user'>; pid: number | null }[],
): Promise<void> {
  if (executions.length === 0) return;
  const ids = new Set(executions.map(({ order }) => order.execution_id));
  const leaders = new Map<number, string>();
  const owners = new Map<number, string>();
  for (const { order, pid } of executions) {
    if (pid !== null) leaders.set(pid, order.execution_id);
    if (order.user?.exclusive) owners.set(order.user.uid, order.execution_id);
  }
  const scanner = new TreeScanner();
  const deadline = Date.now() + GONE_MS;
  while (Date.now() < deadline) {
    const left = scanner.scan(leaders, owners).filter((proc) => ids.has(proc.execution_id));
    if (left.length === 0) return;
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has gone by itself.
      }
    }
    await wait(20);
  }
}

export function orphaned({ order, pid, spawned_at }: Known): ExitRecord {
  return {
    ...unstarted(order, 'agent_lost', 'The supervisor of the node died.'),
    pid,
    spawned_at,
    stdout_bytes: sizeOf(join(order.folder, 'stdout')),
    stderr_bytes: sizeOf(join(order.folder, 'stderr')),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function unstarted(order: Known['order'], cause: Cause, detail: string): ExitRecord {
  return {
    execution_id: order.execution_id,
    ok: false,
    cause,
    cause_detail: detail,
    exit_code: null,
    signal: null,
    pid: null,
    spawned_at: null,
    exited_at: new Date().toISOString(),
    stdout_bytes: 0,
    stderr_bytes: 0,
    note: order.note,
  };
}

function isThere(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
