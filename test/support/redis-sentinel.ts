import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expectEventually } from './expect-eventually.js';
import { freePorts } from './ports.js';
import { startRedis, type TestRedis } from './redis.js';

/** A master, its replica, and one Sentinel that makes the replica the master a second after the master's end. */
export interface TestSentinel {
  readonly url: string;
  readonly master: TestRedis;
  stop(): Promise<void>;
}

export async function startRedisSentinel(): Promise<TestSentinel> {
  const master = await startRedis();
  const replica = await startRedis(['--replicaof', `127.0.0.1 ${master.port}`]);
  const folder = mkdtempSync(join(tmpdir(), 'drover-sentinel-'));
  const [port] = await freePorts(1);
  const config = join(folder, 'sentinel.conf');
  writeFileSync(
    config,
    [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor main 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds main 1000',
      'sentinel failover-timeout main 5000',
      '',
    ].join('\n'),
  );
  const child = spawn('redis-server', [config, '--sentinel'], { stdio: 'ignore' });
  const last = () => void child.kill('SIGKILL');
  process.once('exit', last);
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const admin = new Redis(port!, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  admin.on('error', () => undefined);
  const stop = async (): Promise<void> => {
    admin.disconnect();
    child.kill('SIGKILL');
    await gone;
    process.off('exit', last);
    await Promise.all([master.stop(), replica.stop()]);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await expectEventually(async () => ((await admin.call('SENTINEL', 'REPLICAS', 'main')) as unknown[]).length === 1, {
      what: 'a Sentinel that knows the replica',
      withinMs: 20_000,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `redis+sentinel://127.0.0.1:${port}/main`, master, stop };
}
