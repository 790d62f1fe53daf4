import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { cpuSeconds, pssMb, withDescendants } from './processes.js';

describe('what /proc says of processes', () => {
  it('counts the CPU of a child that came and went between two looks', () => {
    const before = cpuSeconds([process.pid]);
    spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 300_000);'], { stdio: 'ignore' });
    expect(cpuSeconds([process.pid]) - before).toBeGreaterThan(0.25);
  });

  it('finds the children of children', async () => {
    const child = spawn('/bin/sh', ['-c', 'sh -c "echo \\$\\$; read x; :"; :'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    const found = withDescendants([child.pid ?? 0]);
    child.stdin.end();
    await once(child, 'exit');
    expect(found.slice(1)).toContain(Number(said.toString()));
    expect(pssMb(found)).toBe(0);
  });

  it('knows the memory of a process', () => {
    expect(pssMb([process.pid])).toBeGreaterThan(10);
  });
});
