import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { readProc, TreeScanner } from './scan.js';

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // Gone.
    }
  }
});

function sh(script: string, env: Record<string, string> = {}): ChildProcess & { pid: number } {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'], ...env },
  });
  started.push(child.pid as number);
  return child as ChildProcess & { pid: number };
}

async function membersOf(
  scanner: TreeScanner,
  leaders: Map<number, string>,
  id: string,
  count: number,
): Promise<number[]> {
  for (let i = 0; i < 200; i++) {
    const members = scanner.scan(leaders).filter((proc) => proc.execution_id === id);
    if (members.length === count) return members.map((proc) => proc.pid);
    await wait(20);
  }
  throw new Error(`never ${count} members`);
}

it('finds the whole tree of a leader, and only it', async () => {
  const one = sh('sleep 30 & sleep 30 & wait');
  const other = sh('sleep 30 & wait');
  const leaders = new Map([
    [one.pid, 'one'],
    [other.pid, 'other'],
  ]);
  const scanner = new TreeScanner();
  const members = await membersOf(scanner, leaders, 'one', 3);
  started.push(...members);
  expect(members).toContain(one.pid);
  started.push(...(await membersOf(scanner, leaders, 'other', 2)));
});

it('knows a process by its mark when it has left its parent, group and session', async () => {
  const leader = sh('setsid sleep 31 & exit 0', { DROVER_EXECUTION_ID: 'marked' });
  await new Promise((resolve) => leader.once('exit', resolve));
  started.push(...(await membersOf(new TreeScanner(), new Map(), 'marked', 1)));
});

it('goes on knowing a process that it knew, when nothing ties it to the execution any more', async () => {
  const leader = sh('setsid env -i sleep 32 & sleep 0.5; exit 0');
  const scanner = new TreeScanner();
  const leaders = new Map([[leader.pid, 'sticky']]);
  started.push(...(await membersOf(scanner, leaders, 'sticky', 3)));
  await new Promise((resolve) => leader.once('exit', resolve));
  expect(await membersOf(scanner, new Map(), 'sticky', 1)).toHaveLength(1);
});

it('reads a process whose name holds spaces and parentheses, and counts what is gone as gone', async () => {
  const odd = spawn('/bin/sh', ['-c', 'printf "a) (b" > /proc/$$/comm; while :; do sleep 1; done'], {
    stdio: 'ignore',
  });
  started.push(odd.pid as number);
  await wait(200);
  expect(readProc(odd.pid as number)).toMatchObject({ pid: odd.pid, ppid: process.pid });
  expect(readProc(2 ** 22 + 5)).toBeUndefined();
});
