import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ContainerExecutor,
  type ExitRecord,
  type Found,
  type KeeperSettings,
  type LaunchOrder,
} from '@drover/executor';
import { PROJECT } from './built.js';
import { expectEventually } from './expect-eventually.js';
import { IMAGE } from './podman.js';
import { processesWith } from './processes.js';

type Started = { execution_id: string; pid: number | null; container_id?: string; preamble_bytes?: number };

/** A spool folder with a container executor on it, as the worker daemon has one; it can be abandoned and opened again. */
export class ContainerSpool {
  readonly root = mkdtempSync(join(tmpdir(), 'drover-spool-'));
  readonly started = new Map<string, Started>();
  readonly exited = new Map<string, ExitRecord>();
  readonly phases: string[] = [];
  readonly troubles: string[] = [];
  executor!: ContainerExecutor;
  found!: Found;

  constructor(
    private readonly settings: Partial<KeeperSettings> & { socket: string },
    private readonly leaseS = 10,
  ) {
    mkdirSync(join(this.root, 'executions'));
  }

  async open(): Promise<Found> {
    const settings: KeeperSettings = {
      pull: 'missing',
      auth_file: null,
      network: null,
      confinement: { capabilities: ['CHOWN', 'SETUID', 'SETGID'], pids: 4_096, user: null, read_only: false },
      ...this.settings,
    };
    const entry = join(PROJECT, 'dist/libs/executor/src/container/main.js');
    this.executor = new ContainerExecutor({ root: this.root, leaseS: this.leaseS, entry }, settings, (message) =>
      this.troubles.push(message),
    );
    this.found = await this.executor.open({
      started: (execution) => this.started.set(execution.execution_id, execution),
      phase: ({ phase }) => this.phases.push(phase),
      exited: (record) => this.exited.set(record.execution_id, record),
    });
    return this.found;
  }

  launch(command: string | string[], changes: Partial<LaunchOrder> = {}, stdin?: string): string {
    const execution_id = randomUUID();
    const folder = this.folder(execution_id);
    mkdirSync(join(folder, 'work'), { recursive: true });
    if (stdin !== undefined) writeFileSync(join(folder, 'stdin'), stdin);
    this.executor.launch({
      execution_id,
      folder,
      command,
      cwd: join(folder, 'work'),
      env: {},
      tasks: 1,
      first_rank: 0,
      stdin: stdin !== undefined,
      limits: { grace_s: 1 },
      container: { image: IMAGE, extra_hosts: {}, mount: false },
      note: {},
      ...changes,
    });
    return execution_id;
  }

  folder(id: string): string {
    return join(this.root, 'executions', id);
  }

  text(id: string, stream: 'stdout' | 'stderr'): string {
    return this.bytes(id, stream).toString('utf8');
  }

  bytes(id: string, stream: 'stdout' | 'stderr'): Buffer {
    return readFileSync(join(this.folder(id), stream));
  }

  end(id: string, withinMs = 30_000): Promise<ExitRecord> {
    return expectEventually(() => this.exited.get(id) ?? false, {
      withinMs,
      what: `The end of ${id}`,
    }) as Promise<ExitRecord>;
  }

  running(id: string, withinMs = 30_000): Promise<Started> {
    return expectEventually(() => this.started.get(id) ?? false, {
      withinMs,
      what: `The start of ${id}`,
    }) as Promise<Started>;
  }

  /** Pid of the keeper. */
  get keeper(): number {
    const found = processesWith(this.root).find(
      ({ command }) => command.startsWith('drover-containers') || command.includes('container/main.js'),
    );
    if (found === undefined) throw new Error('no keeper runs');
    return found.pid;
  }

  async close(): Promise<void> {
    await this.executor.close(0);
    for (const { pid } of processesWith(this.root)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has gone by itself.
      }
    }
    rmSync(this.root, { recursive: true, force: true });
  }
}
