import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../../support/built.js';
import { expectEventually } from '../../support/expect-eventually.js';
import { processesWith } from '../../support/processes.js';
import { Program } from '../../support/program.js';
import { startRedis, type TestRedis } from '../../support/redis.js';
import { FakeApi, type Seen } from './fake-api.js';

/** A real worker daemon beside a fake API and a real Redis. */
export class TestNode {
  private constructor(
    /** Its data folder: nobody else's processes know it. */
    readonly folder: string,
    readonly redis: TestRedis,
    readonly api: FakeApi,
    readonly worker: Program,
    private readonly settings: ConstructorParameters<typeof Program>[0],
    /** Number of the user the daemon runs as. Absent: ours. */
    readonly owner?: number,
  ) {}

  /** @param options `become` is put before the daemon, e.g. setpriv; `owner` is the number of the user it then is */
  static async start(
    options: {
      slots?: number;
      queues?: string;
      dataDir?: string;
      env?: Record<string, string>;
      become?: string[];
      owner?: number;
      /** The API starts jobs without tickets. */
      starts?: boolean;
    } = {},
  ): Promise<TestNode> {
    const redis = await startRedis();
    const api = await FakeApi.start(redis.url);
    api.starts = options.starts ?? false;
    const folder = mkdtempSync(join(tmpdir(), 'drover-node-'));
    if (options.owner !== undefined) chownSync(folder, options.owner, options.owner);
    const settings = {
      name: 'node-1',
      argv: [...(options.become ?? []), process.execPath, program('worker')],
      env: {
        DROVER_DATA_DIR: options.dataDir ?? folder,
        DROVER_API_URL: api.url,
        DROVER_NODE_NAME: 'node-1',
        DROVER_LOG_LEVEL: 'debug',
        DROVER_SLOTS: String(options.slots ?? 4),
        DROVER_QUEUES: options.queues ?? 'default',
        DROVER_DRAIN_TIMEOUT: '5',
        ...options.env,
      },
      logPath: join(folder, 'node-1.log'),
    };
    const node = new TestNode(folder, redis, api, new Program(settings), settings, options.owner);
    await node.up();
    return node;
  }

  get spool(): string {
    return join(this.folder, 'worker', 'node-1');
  }

  /** Starts the daemon (again) and waits until it has registered. */
  async up(): Promise<void> {
    const before = this.api.registrations.length;
    this.worker.start();
    await this.until(() => this.api.registrations.length > before, 'a registration');
  }

  async until(condition: () => unknown, what: string, withinMs = 20_000): Promise<void> {
    try {
      await expectEventually(() => Boolean(condition()), { what, withinMs, everyMs: 10 });
    } catch (error) {
      throw new Error(`${(error as Error).message}\n--- ${this.worker.logPath}\n${this.worker.lastLines(25)}`, {
        cause: error,
      });
    }
  }

  /** The first execution of a job once it has ended. */
  async ended(jobId: string, withinMs = 20_000): Promise<Seen & { ended: NonNullable<Seen['ended']> }> {
    await this.until(() => this.api.of(jobId)?.ended, `the end of job ${jobId}`, withinMs);
    return this.api.of(jobId) as Seen & { ended: NonNullable<Seen['ended']> };
  }

  /** Once a text is in the standard output of a job. */
  async says(jobId: string, text: string, withinMs = 20_000): Promise<Seen> {
    await this.until(
      () => this.api.of(jobId)?.stdout.text.includes(text),
      `"${text}" in the output of job ${jobId}`,
      withinMs,
    );
    return this.api.of(jobId) as Seen;
  }

  /** Another daemon with the same settings, not started. */
  twin(): Program {
    return new Program({ ...this.settings, name: 'twin', logPath: join(this.folder, 'twin.log') });
  }

  /** Processes that belong to this node: daemon, supervisor, jobs. */
  processes(): { pid: number; command: string }[] {
    return processesWith(this.folder);
  }

  async close(): Promise<void> {
    if (this.worker.running) {
      this.worker.signal('SIGCONT');
      await this.worker.kill();
    }
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone by itself.
      }
    }
    await this.api.close();
    await this.redis.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
