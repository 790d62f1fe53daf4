import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchOrder, RunningRecord, ExitRecord } from '../messages.js';
import type { Ending, Verdict } from '../supervisor/classify.js';
import type { SupervisedTable, TableEvents } from '../supervisor/execution-table.js';
import { writeExitRecord } from '../supervisor/exit-record.js';
import { UnreportedEnds } from '../supervisor/unreported-ends.js';
import { limitFault, writerOnFullDisk } from './limits.js';
import { readContainerRecord, type ContainerRecord } from './record.js';
import { ContainerRun, EXECUTION_LABEL, type RunSettings } from './run.js';

/** Between two looks at limits. Milliseconds. */
const LOOK_MS = 200;
const DISK_EVERY = 5;
/** Between two looks for containers that nobody wants any more. */
const SWEEP_MS = 30_000;
const SPOOL_LABEL = 'drover.spool';

/** All executions in containers of one spool. */
export class ContainerTable implements SupervisedTable {
  readonly unreported = new UnreportedEnds();
  private readonly running = new Map<string, ContainerRun>();
  private readonly labels: Record<string, string>;
  private readonly timers: NodeJS.Timeout[];
  private looks = 0;

  constructor(
    private readonly root: string,
    private readonly settings: Omit<RunSettings, 'labels'>,
    private readonly events: TableEvents,
    private readonly onTrouble: (message: string) => void,
  ) {
    this.labels = { [SPOOL_LABEL]: createHash('sha256').update(root).digest('hex').slice(0, 32) };
    this.timers = [setInterval(() => this.look(), LOOK_MS), setInterval(() => void this.sweep(), SWEEP_MS)];
  }

  /** Goes on with what an earlier keeper of this spool left, and removes containers nobody knows. @throws EngineError */
  async recover(): Promise<void> {
    const found = await this.containers();
    for (const folder of this.folders()) {
      const record = readContainerRecord(folder);
      if (record === undefined || existsSync(join(folder, 'exit.json'))) continue;
      const id = found.get(record.order.execution_id);
      const state = id === undefined ? null : await this.settings.engine.inspect(id);
      if (id === undefined || state === null) this.conclude(record.order, null, LOST);
      else this.follow(this.newRun(record.order), (run) => run.adopt(id, state, record));
    }
    await this.sweep();
  }

  launch(order: LaunchOrder): void {
    // The same order may come again after a reconnection.
    if (this.running.has(order.execution_id) || this.unreported.has(order.execution_id)) return;
    this.follow(this.newRun(order), (run) => run.run());
  }

  end(executionId: string, ending: Ending, graceS?: number): void {
    const run = this.running.get(executionId);
    run?.end(ending, graceS ?? run.order.limits.grace_s);
  }

  endAll(ending: Ending, graceS: number): void {
    for (const run of this.running.values()) run.end(ending, graceS);
  }

  list(): RunningRecord[] {
    return [...this.running.values()].map(({ order, pid, spawnedAt, containerId, preambleBytes }) => ({
      execution_id: order.execution_id,
      pid,
      spawned_at: spawnedAt,
      folder: order.folder,
      note: order.note,
      ...(spawnedAt === null || containerId === undefined
        ? {}
        : { container_id: containerId, preamble_bytes: preambleBytes }),
    }));
  }

  get size(): number {
    return this.running.size;
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private newRun(order: ContainerRecord['order']): ContainerRun {
    const run: ContainerRun = new ContainerRun(
      order,
      { ...this.settings, labels: this.labels },
      {
        phase: (phase) => this.events.phase(order.execution_id, phase),
        started: (pid, spawnedAt, container_id, preamble_bytes) =>
          this.events.started(order.execution_id, pid, spawnedAt, { container_id, preamble_bytes }),
        trouble: (error) => this.onTrouble(`${order.execution_id}: ${error.message}`),
      },
    );
    return run;
  }

  private follow(run: ContainerRun, work: (run: ContainerRun) => Promise<Verdict>): void {
    this.running.set(run.order.execution_id, run);
    void work(run).then(async (verdict) => {
      const record = this.recordOf(run.order, run, verdict);
      // On disk before the container goes: whoever finds neither would have to call the execution lost.
      this.keep(record, run.order.folder);
      await run.remove();
      this.running.delete(run.order.execution_id);
      this.unreported.add(record, run.order.folder);
      this.events.exited(record);
    });
  }

  private conclude(order: ContainerRecord['order'], run: ContainerRun | null, verdict: Verdict): void {
    const record = this.recordOf(order, run, verdict);
    this.unreported.add(record, order.folder);
    this.events.exited(record);
  }

  private recordOf(order: ContainerRecord['order'], run: ContainerRun | null, verdict: Verdict): ExitRecord {
    return {
      execution_id: order.execution_id,
      ...verdict,
      pid: run?.pid ?? null,
      spawned_at: run?.spawnedAt ?? null,
      exited_at: new Date().toISOString(),
      stdout_bytes: run?.output?.size.stdout ?? 0,
      stderr_bytes: run?.output?.size.stderr ?? 0,
      note: order.note,
    };
  }

  private keep(record: ExitRecord, folder: string): void {
    try {
      writeExitRecord(folder, record);
    } catch (error) {
      // The write is tried again.
      this.onTrouble(`${record.execution_id}: ${(error as Error).message}`);
    }
  }

  private look(): void {
    const runs = [...this.running.values()];
    for (const run of runs) {
      const fault = run.ending === undefined ? limitFault(run) : undefined;
      if (fault !== undefined) run.end(fault, run.order.limits.grace_s);
    }
    if (this.looks++ % DISK_EVERY !== 0) return;
    const full = writerOnFullDisk(this.root, runs);
    full?.run.end(full.ending, full.run.order.limits.grace_s);
  }

  /** Removes containers of this spool that belong to no living execution. */
  private async sweep(): Promise<void> {
    try {
      for (const [executionId, id] of await this.containers()) {
        if (!this.running.has(executionId)) await this.settings.engine.remove(id);
      }
    } catch (error) {
      this.onTrouble((error as Error).message);
    }
  }

  private async containers(): Promise<Map<string, string>> {
    const found = await this.settings.engine.list(SPOOL_LABEL, this.labels[SPOOL_LABEL] ?? '');
    return new Map(found.map(({ id, labels }) => [labels[EXECUTION_LABEL] ?? '', id]));
  }

  private folders(): string[] {
    const executions = join(this.root, 'executions');
    if (!existsSync(executions)) return [];
    return readdirSync(executions, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(executions, entry.name));
  }
}

const LOST: Verdict = {
  ok: false,
  cause: 'agent_lost',
  cause_detail: 'The keeper of the containers died before the container was made.',
  exit_code: null,
  signal: null,
};
