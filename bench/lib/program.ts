import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Processes that are not to outlive the bench, whatever ends it. */
const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A process of the bench; its output goes to a file. */
export function run(argv: string[], env: Record<string, string>, logPath: string, cwd?: string): ChildProcess {
  const log = openSync(logPath, 'a');
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...env },
    stdio: ['ignore', log, log],
    cwd,
  });
  closeSync(log);
  living.add(child);
  child.once('exit', () => living.delete(child));
  // Whoever waits for the program finds that it did not start.
  child.once('error', () => living.delete(child));
  return child;
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

export async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(timer);
}

export interface Wait {
  /** Names the thing in the error. */
  what: string;
  withinMs?: number;
  /** The wait ends early when this process does, with the last lines of its log in the error. */
  child?: ChildProcess;
  logPath?: string;
}

/** Asks every 20 ms until the answer is yes. A throw is a no. */
export async function until(look: () => Promise<boolean>, { what, withinMs = 60_000, child, logPath }: Wait) {
  const end = Date.now() + withinMs;
  for (;;) {
    if (await look().catch(() => false)) return;
    const ended = child !== undefined && hasEnded(child);
    if (ended || Date.now() > end) {
      const log = logPath === undefined ? '' : `: ${lastLines(logPath)}`;
      throw new Error(`${what} ${ended ? 'ended' : `did not come within ${withinMs} ms`}${log}`);
    }
    await sleep(20);
  }
}

function lastLines(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().split('\n').slice(-8).join('\n').slice(-2_000);
  } catch {
    return 'it has no log';
  }
}

/** Waits until the URL answers 2xx. */
export const answers = (url: string, wait: Omit<Wait, 'what'> = {}): Promise<void> =>
  until(async () => (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok, { what: url, ...wait });

/** Waits until somebody listens on a port of this machine. */
export const listens = (port: number, wait: Wait): Promise<void> =>
  until(
    () =>
      new Promise((resolve) => {
        const socket = createConnection(port, '127.0.0.1');
        socket.once('connect', () => resolve(true));
        socket.once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
      }),
    wait,
  );
