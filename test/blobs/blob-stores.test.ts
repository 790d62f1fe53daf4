import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBlobStore, FolderBlobStore, type BlobStore } from '@drover/blobs';
import { freePort } from '../support/ports.js';

const BUCKET = 'drover-test';

interface S3Server {
  run(): Promise<unknown>;
  close(): Promise<void>;
}

async function read(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Bytes in pieces, so that a store cannot rely on one buffer. */
const pieces = (bytes: Buffer): Readable =>
  Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
    })(),
  );

/** One contract for every store. */
describe.each(['folder', 'S3'] as const)('large objects in a %s', (kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-blobs-'));
  let store: BlobStore;
  let server: S3Server | undefined;

  beforeAll(async () => {
    if (kind === 'folder') {
      store = new FolderBlobStore(folder);
      return;
    }
    // It has no types of its own.
    const name = 's3rver';
    const { default: S3rver } = (await import(name)) as { default: new (options: object) => S3Server };
    const port = await freePort();
    server = new S3rver({
      address: '127.0.0.1',
      port,
      silent: true,
      directory: folder,
      configureBuckets: [{ name: BUCKET, configs: [] }],
    });
    await server.run();
    store = await createBlobStore('', {
      bucket: BUCKET,
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
      prefix: 'a/broker',
      pathStyle: true,
    });
  });
  afterAll(async () => {
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([0, 1, 5_000_000, 20_000_000])('come back byte by byte, with size and digest: %i bytes', async (size) => {
    const bytes = randomBytes(size);
    const key = `t/${randomUUID()}`;
    expect(await store.put(key, pieces(bytes))).toEqual({
      size,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect((await read(await store.get(key))).equals(bytes)).toBe(true);
  });

  it('are read in parts', async () => {
    const key = `t/${randomUUID()}`;
    await store.put(key, pieces(Buffer.from('0123456789')));
    expect((await read(await store.get(key, { start: 2, end: 4 }))).toString()).toBe('234');
    expect((await read(await store.get(key, { start: 9, end: 9 }))).toString()).toBe('9');
  });

  it('are replaced whole, and gone once deleted', async () => {
    const key = `t/${randomUUID()}`;
    await store.put(key, pieces(Buffer.from('one')));
    await store.put(key, pieces(Buffer.from('another')));
    expect((await read(await store.get(key))).toString()).toBe('another');
    await store.delete(key);
    await store.delete(key);
    await expect(store.get(key)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leave nothing when the sender breaks off, or sends too much', async () => {
    const broken = `t/${randomUUID()}`;
    const half = Readable.from(
      (function* () {
        yield randomBytes(9_000_000);
        throw new Error('the sender is gone');
      })(),
    );
    await expect(store.put(broken, half)).rejects.toThrow('the sender is gone');
    await expect(store.get(broken)).rejects.toMatchObject({ code: 'not_found' });
    const large = `t/${randomUUID()}`;
    await expect(store.put(large, pieces(randomBytes(300_000)), { maxBytes: 200_000 })).rejects.toMatchObject({
      code: 'too_large',
    });
    await expect(store.get(large)).rejects.toMatchObject({ code: 'not_found' });
    if (kind === 'folder') expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  });

  it('say whether the store can be used', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });
});

describe('an S3 store that does not answer as it should', () => {
  it('is named by the ping', async () => {
    const server = createServer((_, response) => response.writeHead(403).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const store = await createBlobStore('', {
      bucket: 'nowhere',
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      accessKeyId: 'a',
      secretAccessKey: 'b',
      prefix: '',
      pathStyle: true,
    });
    await expect(store.ping()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('nowhere'),
    });
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
});
