import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TERM = 1n << 14n;
/** A program that was started a moment ago may be about to say what it does with TERM. Milliseconds. */
const PATIENCE_MS = 300;

/**
 * The kernel withholds TERM from the first process of a container that has not said what to do with it; anywhere else
 * it would end at once. Waiting out a grace for such a process is waiting for nothing. False also when the process
 * cannot be looked at: the engine is on another machine.
 */
export async function termIsLostOn(pid: number | null): Promise<boolean> {
  if (pid === null || !isDeaf(pid)) return false;
  await sleep(PATIENCE_MS);
  return isDeaf(pid);
}

/** First of its own namespace of processes, and neither catching, ignoring nor blocking TERM. */
function isDeaf(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const line = (name: string): string => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '';
    const namespaces = line('NSpid').split(/\s+/);
    if (namespaces.length < 2 || namespaces.at(-1) !== '1') return false;
    return ['SigCgt', 'SigIgn', 'SigBlk'].every((mask) => (BigInt(`0x${line(mask) || '0'}`) & TERM) === 0n);
  } catch {
    return false;
  }
}
