import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestNode } from './support/node.js';

const disk = mkdtempSync(join(tmpdir(), 'drover-disk-'));
/** A small disk of its own; only root may have one. */
const mounted = ((): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk], { stdio: 'ignore' });
    execFileSync('umount', [disk]);
    return true;
  } catch {
    return false;
  }
})();

let node: TestNode | undefined;
beforeEach(() => {
  if (mounted) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', disk]);
});
afterEach(async () => {
  await node?.close();
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

it.skipIf(!mounted)(
  'a job that fills the disk of the node ends as disk_full, and the node goes on working',
  async () => {
    node = await TestNode.start({ dataDir: disk });
    const id = await node.api.submit({ command: 'head -c 200000000 /dev/urandom', limits: { grace_s: 1 } });
    const { ended, stdout } = await node.ended(id, 40_000);
    expect(ended).toMatchObject({ ok: false, cause: 'disk_full' });
    expect(ended.cause_detail).toMatch(/disk of the node is full/);
    // The part that did fit was sent whole.
    expect(ended.stdout).toEqual({ bytes: stdout.length, sha256: stdout.sha256 });
    const next = await node.api.submit({ command: 'echo there is room again' });
    expect((await node.ended(next)).stdout.text).toBe('there is room again\n');
  },
);
