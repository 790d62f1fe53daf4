import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchOrder } from '../messages.js';
import { startByNode } from '../supervisor/node-start.js';
import { openOutputs, startTask } from '../supervisor/spawn.js';
import { JobCgroups } from './job-cgroups.js';

let root: string;
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
const file = (path: string): string => readFileSync(join(root, path), 'utf8');
const groups = (): JobCgroups => new JobCgroups(join(root, 'fs'), join(root, 'proc'));
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drover-groups-'));
  write('fs/cgroup.controllers', 'cpuset cpu io memory pids\n');
  write('fs/system.slice/drover.service/cgroup.subtree_control', 'cpu memory\n');
  write('proc/self/cgroup', '0::/system.slice/drover.service/worker\n');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the cgroup of a job', () => {
  it("is made beside the worker's, with its memory and its processors", () => {
    const cgroups = groups();
    expect(cgroups.problem).toBeNull();
    const group = cgroups.make('e1', { memory_bytes: 64 * 1024 * 1024, cpus: 1.5 });
    expect(group).toBe(join(root, 'fs/system.slice/drover.service/drover-job-e1'));
    const made = 'fs/system.slice/drover.service/drover-job-e1';
    expect([file(`${made}/memory.max`), file(`${made}/memory.oom.group`), file(`${made}/cpu.max`)]).toEqual([
      '67108864',
      '1',
      '150000 100000',
    ]);
    cgroups.make('e2', { cpus: 2 });
    expect(existsSync(join(root, 'fs/system.slice/drover.service/drover-job-e2/memory.max'))).toBe(false);
    expect(cgroups.make('e3', {})).toBeUndefined();
  });

  it('tells of a kill by the kernel', () => {
    const cgroups = groups();
    const group = cgroups.make('e1', { memory_bytes: 1 }) as string;
    expect(cgroups.oomKilled(group)).toBe(false);
    writeFileSync(join(group, 'memory.events'), 'low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 1\n');
    expect(cgroups.oomKilled(group)).toBe(true);
  });

  it('is not there where none is delegated, and the reason is said in one sentence', () => {
    write('proc/self/cgroup', '0::/system.slice/drover.service\n');
    expect(groups().problem).toMatch(/no delegated cgroup.*memory is watched/);
    expect(groups().make('e1', { memory_bytes: 1 })).toBeUndefined();
    write('proc/self/cgroup', '4:memory:/x\n0::/\n');
    expect(groups().problem).toMatch(/no delegated cgroup/);
    write('proc/self/cgroup', '0::/system.slice/drover.service/worker\n');
    write('fs/system.slice/drover.service/cgroup.subtree_control', 'cpu\n');
    expect(groups().problem).toContain('does not hand on memory');
    rmSync(join(root, 'fs/cgroup.controllers'));
    expect(groups().problem).toMatch(/^There is no cgroup v2 at /);
  });

  it('holds the command from its first instruction, which still is the process that was started', async () => {
    const group = groups().make('e1', { memory_bytes: 256 * 1024 * 1024, cpus: 1 }) as string;
    const order = {
      execution_id: 'e1',
      folder: root,
      command: ['/bin/sh', '-c', 'echo "$$ $0 $1"', 'a b', '"c"'],
      cwd: root,
      env: {},
      first_rank: 0,
      stdin: false,
      tasks: 1,
      limits: { grace_s: 1, memory_bytes: 256 * 1024 * 1024 },
      note: {},
    } satisfies LaunchOrder;
    const child = await startTask(startByNode, order, 0, openOutputs(root), { PATH: '/usr/bin:/bin' }, group);
    await new Promise<void>((ended) => child.onExit(() => ended()));
    expect(file('stdout')).toBe(`${child.pid} a b "c"\n`);
    expect(readFileSync(join(group, 'cgroup.procs'), 'utf8').trim()).toBe(String(child.pid));
    await expect(
      startTask(
        startByNode,
        { ...order, command: ['no-such-program'] },
        0,
        openOutputs(root),
        { PATH: '/usr/bin' },
        group,
      ),
    ).rejects.toThrow();
  });
});
