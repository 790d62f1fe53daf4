import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cgroupPath, ownCgroup, readCgroup } from './cgroup.js';

const root = mkdtempSync(join(tmpdir(), 'drover-cgroup-'));
const write = (path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeAll(() => {
  write('fs/job_7/cpu.stat', 'usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\nnr_periods 0\n');
  write('fs/job_7/memory.current', '104857600\n');
  write('fs/half/cpu.stat', 'usage_usec 1\n');
  write('proc/self/cgroup', '0::/system.slice/drover.service\n');
  write('proc/10/cgroup', '0::/system.slice/slurmstepd.scope/job_7\n');
  write('proc/11/cgroup', '0::/system.slice/drover.service\n');
  write('proc/12/cgroup', '12:memory:/user\n0::/\n');
  write('proc/13/cgroup', '0::/system.slice\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('cgroup v2', () => {
  it('gives CPU time and memory of the whole group', () => {
    expect(readCgroup('/job_7', join(root, 'fs'))).toEqual({ cpu_seconds: 1.5, memory_bytes: 104857600 });
  });

  it('gives nothing where a file is missing: no number is made up', () => {
    expect(readCgroup('/half', join(root, 'fs'))).toBeUndefined();
    expect(readCgroup('/gone', join(root, 'fs'))).toBeUndefined();
  });

  it("is a job's own only when it is not ours, not above ours and not the root", () => {
    const own = (pid: number): string | undefined => ownCgroup(pid, join(root, 'proc'));
    expect(own(10)).toBe('/system.slice/slurmstepd.scope/job_7');
    for (const pid of [11, 12, 13, 99]) expect(own(pid), String(pid)).toBeUndefined();
    expect(cgroupPath('0::/../other\n')).toBeUndefined();
  });
});
