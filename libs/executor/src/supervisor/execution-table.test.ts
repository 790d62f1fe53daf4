import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExitRecord, LaunchOrder } from '../messages.js';
import { ExecutionTable } from './execution-table.js';
import { startByNode } from './node-start.js';
import type { StartedProcess, StartProcess } from './process-start.js';
import { signal } from './supervised.js';

let folder: string;
let table: ExecutionTable | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-table-'));
});
afterEach(() => {
  table?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const order = (command: string[], tasks = 1): LaunchOrder => ({
  execution_id: crypto.randomUUID(),
  folder,
  command,
  cwd: folder,
  env: {},
  first_rank: 0,
  stdin: false,
  tasks,
  limits: { grace_s: 1 },
  note: {},
});

/** Starts by Node, each when the test says so. */
function heldStarts() {
  const waiting: (() => void)[] = [];
  const started: StartedProcess[] = [];
  const start: StartProcess = async (asked) => {
    await new Promise<void>((go) => waiting.push(go));
    const child = await startByNode(asked);
    started.push(child);
    return child;
  };
  return { start, started, go: () => waiting.shift()?.(), waiting };
}

function tableWith(start: StartProcess): { ended: ExitRecord[]; began: number[]; table: ExecutionTable } {
  const ended: ExitRecord[] = [];
  const began: number[] = [];
  table = new ExecutionTable(
    folder,
    { started: (_, pid) => began.push(pid as number), phase: () => undefined, exited: (record) => ended.push(record) },
    start,
  );
  return { ended, began, table };
}

describe('an execution that is to end while its process is being started', () => {
  it('ends when the process is there, which is ended first', async () => {
    const held = heldStarts();
    const { ended, began, table } = tableWith(held.start);
    const sleeper = order(['/bin/sleep', '60']);
    table.launch(sleeper, { PATH: '/usr/bin:/bin' });
    await expect.poll(() => held.waiting.length).toBe(1);
    table.end(sleeper.execution_id, { cause: 'cancelled', detail: 'not wanted' });
    expect([table.size, ended.length]).toEqual([1, 0]);
    held.go();
    await expect.poll(() => ended.length, { timeout: 5_000 }).toBe(1);
    expect(ended[0]).toMatchObject({ cause: 'cancelled', pid: began[0] });
    expect(signal(began[0] as number, 0)).toBe(false);
  });

  it('starts none of its further tasks', async () => {
    const held = heldStarts();
    const { ended, table } = tableWith(held.start);
    const sleepers = order(['/bin/sleep', '60'], 3);
    table.launch(sleepers, { PATH: '/usr/bin:/bin' });
    await expect.poll(() => held.waiting.length).toBe(1);
    held.go();
    await expect.poll(() => held.waiting.length).toBe(1);
    table.end(sleepers.execution_id, { cause: 'cancelled', detail: 'not wanted' });
    held.go();
    await expect.poll(() => ended.length, { timeout: 5_000 }).toBe(1);
    expect([held.started.length, held.waiting.length]).toEqual([2, 0]);
  });

  it('keeps the cause of its end when the process cannot be started', async () => {
    const held = heldStarts();
    const { ended, table } = tableWith(held.start);
    const missing = order(['/no/such/program']);
    table.launch(missing, {});
    await expect.poll(() => held.waiting.length).toBe(1);
    table.end(missing.execution_id, { cause: 'cancelled', detail: 'not wanted' });
    held.go();
    await expect.poll(() => ended.length, { timeout: 5_000 }).toBe(1);
    expect(ended[0]).toMatchObject({ cause: 'cancelled', pid: null });
  });
});

describe('an execution with several tasks', () => {
  it('has not ended while one of them is still to be started', async () => {
    const held = heldStarts();
    const { ended, table } = tableWith(held.start);
    table.launch(order(['/bin/true'], 2), { PATH: '/usr/bin:/bin' });
    await expect.poll(() => held.waiting.length).toBe(1);
    held.go();
    await expect.poll(() => held.waiting.length).toBe(1);
    await expect.poll(() => signal(held.started[0]?.pid as number, 0)).toBe(false);
    expect(ended).toEqual([]);
    held.go();
    await expect.poll(() => ended.length, { timeout: 5_000 }).toBe(1);
    expect(ended[0]).toMatchObject({ ok: true });
  });
});
