import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { program, PROJECT } from './built.js';

/** A command of the command line that has ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The most memory it had, MB. */
  peakMb: number;
}

/** Runs a command of the built command line, with these settings and none of the shell's. */
export function drover(args: string[], env: Record<string, string>, withinMs = 60_000): Promise<Ended> {
  const child = spawn(process.execPath, [program('cli'), ...args], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: withinMs,
  });
  const ended: Ended = { code: null, stdout: '', stderr: '', peakMb: 0 };
  child.stdout.on('data', (part: Buffer) => (ended.stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (ended.stderr += part.toString()));
  const watch = setInterval(() => {
    ended.peakMb = Math.max(ended.peakMb, peakMbOf(child.pid ?? 0));
  }, 50);
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearInterval(watch);
      resolve({ ...ended, code });
    }),
  );
}

function peakMbOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
