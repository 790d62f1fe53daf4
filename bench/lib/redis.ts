import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { freePort, listens, run } from './program.js';

export interface BenchRedis {
  url: string;
  port: number;
  child: ChildProcess;
}

/** A Redis that keeps every write in a log: on the disk within a second, or (`always`) before it answers. */
export async function startRedis(folder: string, fsync: 'everysec' | 'always' = 'everysec'): Promise<BenchRedis> {
  const port = await freePort();
  const logPath = join(folder, 'redis.log');
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', appendfsync: fsync, save: '' };
  const argv = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = run(['redis-server', ...argv], {}, logPath);
  await listens(port, { what: 'redis-server (Debian package redis-server)', child, logPath });
  return { url: `redis://127.0.0.1:${port}`, port, child };
}
