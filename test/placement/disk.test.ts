import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { Stack } from '../support/stack.js';

/* eslint-disable @typescript-eslint/no-explicit-any */

let disk: string;
let stack: Stack | undefined;
/** A small disk of its own; only root may have one. */
const mount = (folder: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
let mounted = false;
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'drover-full-'));
  mounted = mount(disk);
});
afterEach(async () => {
  await stack?.stop();
  if (mounted) execFileSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true, force: true });
});

const get = async (path: string): Promise<any> => (await (stack as Stack).request('GET', path)).body;
const submit = async (body: object): Promise<string> =>
  ((await (stack as Stack).request('POST', '/api/v1/jobs', { command: 'true', ...body })).body as any).id;
const reasons = async (id: string): Promise<any[]> => (await get(`/api/v1/jobs/${id}/explain`)).reasons;

it('jobs wait for a worker whose disk is full, are told so, and start once there is room', async ({ skip }) => {
  if (!mounted) skip();
  stack = await Stack.start({ workers: [{ name: 'node-1', slots: 2, env: { DROVER_DATA_DIR: disk } }] });
  expect(await get('/api/v1/agents/node-1')).toMatchObject({ state: 'online', blocked_by: null });
  const filler = join(disk, 'filler');
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 4 * 1024 * 1024));
  await expectEventually(async () => (await get('/api/v1/agents/node-1')).blocked_by === 'disk_full', {
    what: 'the word of the worker',
  });

  const plain = await submit({});
  const placed = await submit({ resources: { memory_mb: 16 } });
  const full = {
    code: 'disk_full',
    message: expect.stringContaining('(node-1)'),
    remedy: expect.stringContaining('Free space on the data folder of node-1'),
  };
  expect((await reasons(plain))[0]).toMatchObject(full);
  expect((await reasons(placed))[0]).toMatchObject(full);
  // Two beats and looks of placement later they still wait.
  const seen = Date.parse((await get('/api/v1/agents/node-1')).last_seen_at);
  await expectEventually(async () => Date.parse((await get('/api/v1/agents/node-1')).last_seen_at) >= seen + 3_500, {
    withinMs: 20_000,
    what: 'two more beats',
  });
  for (const id of [plain, placed]) expect((await get(`/api/v1/jobs/${id}`)).state).toBe('queued');

  rmSync(filler);
  for (const id of [plain, placed])
    await expectEventually(async () => (await get(`/api/v1/jobs/${id}`)).state === 'succeeded', {
      withinMs: 20_000,
      what: `the end of ${id}`,
    });
  expect((await get('/api/v1/agents/node-1')).blocked_by).toBeNull();
});
