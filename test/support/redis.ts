import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { expectEventually } from './expect-eventually.js';
import { freePorts, HIGHEST, isFree } from './ports.js';

const run = promisify(execFile);

/** A real redis-server of the test's own: free port, own folder, nothing saved to disk. */
export interface TestRedis {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  /** An administrator's connection; the helper closes it. */
  readonly admin: Redis;
  /** SIGKILL: connections break without a word. */
  kill(): Promise<void>;
  /** After a kill: on the same port, with nothing in it. */
  start(): Promise<void>;
  /** SIGSTOP: it accepts connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Kill and start. */
  restartEmpty(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one server. `args` are more of its options, e.g. `['--maxmemory-policy', 'allkeys-lru']`. */
export async function startRedis(args: string[] = []): Promise<TestRedis> {
  const [port] = await freePorts(1);
  const server = new Server(port!, args);
  await server.start();
  return server;
}

class Server implements TestRedis {
  readonly url: string;
  admin!: Redis;
  private readonly folder = mkdtempSync(join(tmpdir(), 'drover-redis-'));
  private child: ChildProcess | undefined;
  private gone: Promise<void> = Promise.resolve();

  constructor(
    readonly port: number,
    private readonly args: string[],
  ) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  async start(): Promise<void> {
    process.setMaxListeners(Math.max(process.getMaxListeners(), 50));
    const fixed = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--dir',
      this.folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const child = spawn('redis-server', [...fixed, ...this.args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    this.child = child;
    // A run that dies must not leave its servers behind.
    const last = () => void child.kill('SIGKILL');
    process.once('exit', last);
    child.once('close', () => process.off('exit', last));
    this.gone = new Promise((resolve) => child.once('close', () => resolve()));
    this.admin = new Redis(this.port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 });
    this.admin.on('error', () => undefined);
    await expectEventually(
      async () => {
        if (child.exitCode !== null) throw new Error(said);
        // Without the race a server that ends at once would never be heard of: the client tries for ever.
        const ended = this.gone.then(() => Promise.reject(new Error(said)));
        ended.catch(() => undefined);
        return (await Promise.race([this.admin.ping(), ended])) === 'PONG';
      },
      { what: `redis-server on port ${this.port}` },
    );
  }

  async kill(): Promise<void> {
    this.admin.disconnect();
    this.child?.kill('SIGKILL');
    await this.gone;
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async restartEmpty(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Three masters, no replicas. */
export interface TestRedisCluster {
  readonly url: string;
  readonly nodes: readonly TestRedis[];
  flushAll(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRedisCluster(): Promise<TestRedisCluster> {
  const ports = await clusterPorts(3);
  const nodes: Server[] = [];
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    for (const port of ports) {
      const node = new Server(port, [
        '--cluster-enabled',
        'yes',
        '--cluster-node-timeout',
        '2000',
        '--cluster-config-file',
        `nodes-${port}.conf`,
      ]);
      nodes.push(node);
      await node.start();
    }
    await run(
      'redis-cli',
      ['--cluster', 'create', ...ports.map((port) => `127.0.0.1:${port}`), '--cluster-replicas', '0', '--cluster-yes'],
      { timeout: 30_000 },
    );
    await expectEventually(
      async () => {
        const states = await Promise.all(nodes.map(async (node) => (await node.admin.cluster('INFO')) as string));
        return states.every((state) => state.includes('cluster_state:ok'));
      },
      { what: 'a cluster all of whose nodes say ok', withinMs: 30_000 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `redis+cluster://${ports.map((port) => `127.0.0.1:${port}`).join(',')}`,
    nodes,
    flushAll: async () => void (await Promise.all(nodes.map((node) => node.admin.flushall()))),
    stop,
  };
}

/** A cluster's node also listens on its port plus 10,000: nobody's client may have that one either. */
const BUS = 10_000;

async function clusterPorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const [port = 0] = await freePorts(1);
    if (port + BUS < HIGHEST && (await isFree(port + BUS))) found.add(port);
  }
  return [...found];
}
