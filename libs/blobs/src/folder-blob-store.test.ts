import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { FolderBlobStore } from './folder-blob-store.js';

it('keeps every folder and file to its owner, whatever the umask is', async () => {
  const root = join(mkdtempSync(join(tmpdir(), 'drover-blobs-')), 'blobs');
  const before = process.umask(0);
  try {
    const store = new FolderBlobStore(root);
    await store.ping();
    await store.put('jobs/a/artifact', Readable.from(['secret']));
    const open = ['', ...(readdirSync(root, { recursive: true }) as string[])].filter(
      (path) => (statSync(join(root, path)).mode & 0o077) !== 0,
    );
    expect(open).toEqual([]);
    expect(readdirSync(root, { recursive: true })).toContain('objects/jobs/a/artifact');
  } finally {
    process.umask(before);
    rmSync(join(root, '..'), { recursive: true, force: true });
  }
});
