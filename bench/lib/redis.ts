import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Missing } from './missing.js';
import { freePort, listens, run } from './program.js';

export interface BenchRedis {
  url: string;
  port: number;
  child: ChildProcess;
}

/**
 * A Redis that keeps every write in a log: on the disk within a second, or (`always`) before it answers.
 *
 * @throws Missing
 */
export async function startRedis(folder: string, fsync: 'everysec' | 'always' = 'everysec'): Promise<BenchRedis> {
  const port = await freePort();
  const logPath = join(folder, 'redis.log');
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', appendfsync: fsync, save: '' };
  const argv = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = run(['redis-server', ...argv], {}, logPath);
  if (child.pid === undefined) throw new Missing('redis-server is missing. On Debian: apt-get install redis-server');
  await listens(port, { what: 'redis-server', child, logPath });
  return { url: `redis://127.0.0.1:${port}`, port, child };
}
