import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedProblem } from './problem.js';
import { argumentsOf, isAlive } from './process-facts.js';

interface PidFile {
  pid: number;
  status: string;
}

/** Reads postmaster.pid: line 1 is the process, line 8 how far it is (`starting`, `ready`, `stopping`). */
export function readPidFile(cluster: string): PidFile | null {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : null;
  } catch {
    return null;
  }
}

/**
 * Ends what a killed Drover has left. Our lock on the folder is held, so a postmaster that still runs here has lost its
 * parent and is on its way down; one that does not answer is killed. A pid file whose process is another program's now
 * (after a reboot or in a new container) is removed: Postgres itself would refuse to start over it.
 */
export async function endLeftOver(cluster: string, deadlineMs = 20_000): Promise<void> {
  const left = readPidFile(cluster);
  if (!left) return;
  if (!isAlive(left.pid) || !isPostmasterOf(left.pid, cluster)) {
    rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL'];
  for (const signal of signals) {
    try {
      process.kill(left.pid, signal);
    } catch {
      return;
    }
    if (await goneWithin(left.pid, deadlineMs / signals.length)) return;
  }
  throw embeddedProblem(
    'in_use',
    `Process ${left.pid} still holds ${cluster} and cannot be ended: end it, or set DROVER_DATA_DIR.`,
  );
}

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

function isPostmasterOf(pid: number, cluster: string): boolean {
  const args = argumentsOf(pid);
  // Where /proc is missing we believe the file, as Postgres does.
  return args === null || args.includes(cluster);
}
