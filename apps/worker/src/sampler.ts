import { ownCgroup, readCgroup, readGpus, readProcFile, TreeScanner, type Gpu, type TreeProc } from '@drover/executor';
import type { WireSample } from '@drover/protocol';
import type { Logger } from '@drover/telemetry';
import type { RunningExecution } from './running-execution.js';

/** Clock ticks a second: USER_HZ, 100 on every Linux Node runs on. */
const TICKS = 100;
const PAGE = 4096;
/** Readings travel in batches of at least this age, oldest. Milliseconds. */
const SEND_AFTER_MS = 2_000;

/** Running totals of one execution. */
interface Totals {
  cpuSeconds: number;
  readBytes: number;
  writeBytes: number;
  at: number;
  unsent: WireSample[];
}

/** Reads CPU, memory and I/O of every job's whole process tree, with one pass over /proc a tick for all of them. */
export class Sampler {
  private readonly scanner = new TreeScanner();
  private readonly totals = new Map<string, Totals>();
  private timer: NodeJS.Timeout | undefined;
  private reading = false;

  constructor(
    private readonly executions: () => Iterable<RunningExecution>,
    private readonly serverTime: (iso: string) => string,
    private readonly logger: Logger,
  ) {}

  start(everyS: number): void {
    this.timer = setInterval(() => {
      if (this.reading) return;
      this.reading = true;
      this.tick()
        .catch((error: unknown) => this.logger.warn({ err: error }, 'the jobs could not be sampled'))
        .finally(() => {
          this.reading = false;
        });
    }, everyS * 1000);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Reads all executions once. */
  async tick(): Promise<void> {
    const executions = new Map<string, RunningExecution>();
    const leaders = new Map<number, string>();
    for (const execution of this.executions()) {
      executions.set(execution.id, execution);
      if (execution.pid !== null) leaders.set(execution.pid, execution.id);
    }
    for (const id of this.totals.keys()) if (!executions.has(id)) this.totals.delete(id);
    if (executions.size === 0) return;
    const trees = groupById(this.scanner.scan(leaders));
    const gpus = [...executions.values()].some((e) => e.note.gpus.length > 0) ? await readGpus() : [];
    const now = Date.now();
    for (const [id, execution] of executions) {
      const tree = trees.get(id);
      if (tree !== undefined) this.sample(execution, tree, gpus, now);
    }
  }

  private sample(execution: RunningExecution, tree: TreeProc[], gpus: Gpu[], now: number): void {
    const before = this.totals.get(execution.id);
    // A process that nobody waited for takes its share with it: totals never fall.
    // A cgroup of the job's own also knows what has ended in it, and counts shared pages once.
    const path = execution.pid === null ? undefined : ownCgroup(execution.pid);
    const group = path === undefined ? undefined : readCgroup(path);
    const cpuSeconds = Math.max(
      group?.cpu_seconds ?? sum(tree, (proc) => proc.cpuTicks) / TICKS,
      before?.cpuSeconds ?? 0,
    );
    const io = tree.map((proc) => readIo(proc.pid));
    const known = io.some((one) => one !== undefined);
    const readBytes = Math.max(
      sum(io, (one) => one?.read ?? 0),
      before?.readBytes ?? 0,
    );
    const writeBytes = Math.max(
      sum(io, (one) => one?.write ?? 0),
      before?.writeBytes ?? 0,
    );
    const mine = gpus.filter((gpu) => execution.note.gpus.includes(gpu.index));
    const totals: Totals = { cpuSeconds, readBytes, writeBytes, at: now, unsent: before?.unsent ?? [] };
    totals.unsent.push({
      at: this.serverTime(new Date(now).toISOString()),
      cpu_percent:
        before === undefined ? null : round(((cpuSeconds - before.cpuSeconds) / ((now - before.at) / 1000)) * 100),
      memory_bytes: group?.memory_bytes ?? sum(tree, (proc) => proc.rssPages) * PAGE,
      read_bytes: known ? readBytes : null,
      write_bytes: known ? writeBytes : null,
      cpu_seconds: round(cpuSeconds),
      processes: tree.length,
      gpu_percent: ofKnown(
        mine,
        (gpu) => gpu.utilization_percent,
        (values) => round(sum(values, (value) => value) / values.length),
      ),
      gpu_memory_bytes: ofKnown(
        mine,
        (gpu) => gpu.memory_used_bytes,
        (values) => sum(values, (value) => value),
      ),
      ...(mine.length === 0 ? {} : { gpu_devices: mine.map(({ name: _, ...reading }) => reading) }),
    });
    this.totals.set(execution.id, totals);
    const oldest = totals.unsent[0]?.at;
    if (
      oldest !== undefined &&
      Date.parse(totals.unsent.at(-1)?.at ?? oldest) - Date.parse(oldest) < SEND_AFTER_MS &&
      totals.unsent.length > 1
    )
      return;
    execution.samples(totals.unsent.splice(0));
  }
}

function groupById(procs: TreeProc[]): Map<string, TreeProc[]> {
  const groups = new Map<string, TreeProc[]>();
  for (const proc of procs) {
    const group = groups.get(proc.execution_id);
    if (group === undefined) groups.set(proc.execution_id, [proc]);
    else group.push(proc);
  }
  return groups;
}

/** Bytes that went to and came from storage. Undefined: gone, or not ours to see. */
function readIo(pid: number): { read: number; write: number } | undefined {
  const text = readProcFile(`/proc/${pid}/io`);
  if (text === undefined) return undefined;
  const of = (name: string): number => Number(new RegExp(`^${name}: (\\d+)`, 'm').exec(text)?.[1] ?? 0);
  return { read: of('read_bytes'), write: of('write_bytes') };
}

/** Combines the values that are known; null when none is. */
function ofKnown<T>(
  items: readonly T[],
  of: (item: T) => number | null,
  total: (values: number[]) => number,
): number | null {
  const values = items.map(of).filter((value): value is number => value !== null);
  return values.length === 0 ? null : total(values);
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
const round = (value: number): number => Math.round(value * 100) / 100;
