import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '@drover/config';
import type { Cause } from '@drover/domain';
import {
  ContainerExecutor,
  containerProblem,
  engineSocket,
  type Executor,
  type ExecutorEvents,
  type ExitRecord,
  type Found,
  type KeeperSettings,
  type LaunchOrder,
} from '@drover/executor';

/** Between two looks whether the container engine is there. Milliseconds. */
const LOOK_MS = 5_000;
const NOTHING: Found = { running: [], ended: [] };

/**
 * Containers on this node. The engine may come and go: `problem` says how it stands. The keeper process is started only
 * when there is something to run, or something that an earlier life of this worker left.
 */
export class Containers implements Executor {
  readonly kind = 'container';
  /** A sentence that says why no container can be run. Null: containers can be run. */
  problem: string | null = 'The container engine was not asked yet.';
  private readonly inner: ContainerExecutor;
  private events: ExecutorEvents | undefined;
  private opening: Promise<void> | undefined;
  private opened = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly root: string,
    leaseS: number,
    private readonly hooks: { onTrouble(message: string): void; onChange(problem: string | null): void },
  ) {
    const settings = {
      socket: engineSocket(config.dockerSocket),
      pull: config.containerPull,
      auth_file: config.registryAuthFile,
      network: config.containerNetwork,
      quick_stop: config.containerQuickStop,
      confinement: confinementOf(config),
    };
    this.inner = new ContainerExecutor({ root, leaseS }, settings, (message) => hooks.onTrouble(message));
  }

  async open(events: ExecutorEvents): Promise<Found> {
    this.events = events;
    this.problem = await containerProblem(this.config.dockerSocket);
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    if (this.problem !== null || !this.hasLeftovers()) return NOTHING;
    try {
      return await this.openInner();
    } catch (error) {
      this.problem = (error as Error).message;
      return NOTHING;
    }
  }

  launch(order: LaunchOrder): void {
    if (this.opened) {
      this.inner.launch(order);
      return;
    }
    this.opening ??= this.openLate().finally(() => {
      this.opening = undefined;
    });
    this.opening.then(
      () => this.inner.launch(order),
      (error: Error) => this.events?.exited(unstarted(order, 'agent_lost', error.message)),
    );
  }

  end(executionId: string, ending: { cause: Cause; detail: string }, graceS?: number): void {
    // An order still waiting for the keeper is launched first, then ended.
    if (this.opening !== undefined)
      this.opening.then(
        () => this.inner.end(executionId, ending, graceS),
        () => undefined,
      );
    else if (this.opened) this.inner.end(executionId, ending, graceS);
  }

  forget(executionIds: string[]): void {
    if (this.opened) this.inner.forget(executionIds);
  }

  async close(graceS: number): Promise<void> {
    clearInterval(this.timer);
    await this.opening?.catch(() => undefined);
    if (this.opened) await this.inner.close(graceS);
  }

  /** Opened after this worker has told the API what it holds: what is found now has been given up already. */
  private async openLate(): Promise<void> {
    const { running, ended } = await this.openInner();
    for (const { execution_id } of running)
      this.inner.end(
        execution_id,
        { cause: 'agent_lost', detail: 'The container engine was away when the worker started.' },
        0,
      );
    this.inner.forget(ended.map((record) => record.execution_id));
  }

  private async openInner(): Promise<Found> {
    if (this.events === undefined) throw new Error('The containers of this node are not open.');
    const found = await this.inner.open(this.events);
    this.opened = true;
    return found;
  }

  private hasLeftovers(): boolean {
    const executions = join(this.root, 'executions');
    return (
      existsSync(executions) && readdirSync(executions).some((id) => existsSync(join(executions, id, 'container.json')))
    );
  }

  private async look(): Promise<void> {
    const problem = await containerProblem(this.config.dockerSocket);
    if (problem === this.problem) return;
    this.problem = problem;
    this.hooks.onChange(problem);
  }
}

function confinementOf({ isolation }: Config): KeeperSettings['confinement'] {
  const { containerCapabilities, containerPids, containerUser, containerReadOnly } = isolation;
  return {
    capabilities: containerCapabilities.filter((name) => name !== 'NONE'),
    pids: containerPids,
    user: containerUser,
    read_only: containerReadOnly,
  };
}

function unstarted({ execution_id, note }: LaunchOrder, cause: Cause, cause_detail: string): ExitRecord {
  const nothing = { exit_code: null, signal: null, pid: null, spawned_at: null, stdout_bytes: 0, stderr_bytes: 0 };
  return { execution_id, ok: false, cause, cause_detail, ...nothing, exited_at: new Date().toISOString(), note };
}
