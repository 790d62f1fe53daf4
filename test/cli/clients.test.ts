import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '@drover/store';
import { program } from '../support/built.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

let url: string;
let folder: string;
beforeAll(async () => {
  url = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'drover-clients-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await dropTestDatabase(url);
});

const cli = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: folder, DROVER_DATA_DIR: folder, DROVER_DATABASE_URL: url };
    const child = execFile(
      process.execPath,
      [program('cli'), 'clients', ...args],
      { env, timeout: 50_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });

describe('drover clients', () => {
  it('gives the name of a revoked client away only where that is said, and leaves a trail', async () => {
    expect((await cli('create', 'alice', '--role', 'submitter')).code).toBe(0);
    expect(await cli('revoke', 'alice', '--end-jobs')).toMatchObject({ code: 0, stdout: 'Client alice is revoked.\n' });
    expect(await cli('create', 'alice', '--role', 'submitter')).toMatchObject({
      code: 125,
      stderr: expect.stringContaining('--take-over'),
    });
    expect((await cli('create', 'alice', '--role', 'submitter', '--take-over')).code).toBe(0);
    const store = await Store.open({ url, pool: 1 });
    try {
      expect(await store.sql.rows('SELECT actor, role, action FROM audit ORDER BY id')).toEqual(
        ['create', 'revoke', 'take-over'].map((action) => ({
          actor: 'system',
          role: 'command line',
          action: `client.${action}`,
        })),
      );
    } finally {
      await store.close();
    }
  });
});
