import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stack } from '../../../../test/support/stack.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { ZERO } from './agent.js';

const MIB = 1024 * 1024;
const SIZE = 128 * MIB;
/** The API may grow by this while the archive goes through; a copy of it would not fit. */
const ROOM = 80 * MIB;

/** The byte at a place of the archive: not the same in every block, and without a file of it. */
const block = (at: number): Buffer => Buffer.alloc(MIB, `${at} the archive of artifacts of a job is of any size. `);

/** The most memory that the API has used, in bytes. */
const peak = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

describe('an archive much larger than the memory it may cost', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ workers: [] });
  });
  afterAll(() => stack.stop());

  /** As `requests` streams a multipart body: no length is known beforehand. */
  async function upload(path: string, breakAfter = SIZE): Promise<{ status: number; sha256: string }> {
    const hash = createHash('sha256');
    const sent = request(`${stack.url}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=lab' },
    });
    const answered = once(sent, 'response') as Promise<[import('node:http').IncomingMessage]>;
    sent.write(
      '--lab\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n',
    );
    for (let at = 0; at < breakAfter / MIB; at += 1) {
      const bytes = block(at);
      hash.update(bytes);
      if (!sent.write(bytes)) await once(sent, 'drain');
    }
    if (breakAfter < SIZE) {
      answered.catch(() => undefined);
      sent.destroy();
      return { status: 0, sha256: '' };
    }
    sent.end('\r\n--lab--\r\n');
    const [response] = await answered;
    response.resume();
    return { status: response.statusCode ?? 0, sha256: hash.digest('hex') };
  }

  it('goes in and out byte by byte in constant memory, in parts as well, and stays whole when a new one breaks off', async () => {
    const path = `/v1/result/${ZERO}/artifact`;
    // Memory that the first requests load is not the archive's.
    await new Session(stack.url).upload(path, Buffer.from('small'));
    const before = peak(stack.api.pid as number);
    const sent = await upload(path);
    expect(sent.status).toBe(200);
    const hash = createHash('sha256');
    let size = 0;
    const whole = await fetch(`${stack.url}${path}`);
    expect([
      whole.status,
      whole.headers.get('content-length'),
      whole.headers.get('content-encoding'),
      whole.headers.get('accept-ranges'),
    ]).toEqual([200, String(SIZE), null, 'bytes']);
    for await (const part of whole.body as unknown as AsyncIterable<Uint8Array>) {
      hash.update(part);
      size += part.length;
    }
    expect([size, hash.digest('hex')]).toEqual([SIZE, sent.sha256]);
    expect(peak(stack.api.pid as number) - before).toBeLessThan(ROOM);

    const session = new Session(stack.url);
    const part = await session.bytes(path, { Range: `bytes=${100 * MIB - 5}-${100 * MIB + 4}` });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes ${100 * MIB - 5}-${100 * MIB + 4}/${SIZE}`,
    ]);
    expect(part.bytes.equals(Buffer.concat([block(99).subarray(-5), block(100).subarray(0, 5)]))).toBe(true);
    const end = await session.bytes(path, { Range: 'bytes=-3' });
    expect([end.status, end.bytes.equals(block(127).subarray(-3))]).toEqual([206, true]);
    // A client whose connection broke goes on where it was.
    expect((await session.bytes(path, { Range: `bytes=${127 * MIB}-` })).bytes.equals(block(127))).toBe(true);

    await upload(path, 30 * MIB);
    const again = await session.bytes(path, { Range: 'bytes=0-0' });
    expect([again.status, again.headers.get('content-range')]).toEqual([206, `bytes 0-0/${SIZE}`]);
    // One file is left, and it is the archive as it came: nobody opened it.
    const blobs = join(stack.dataDir, 'blobs');
    const files = (readdirSync(blobs, { recursive: true, withFileTypes: true }) as import('node:fs').Dirent[])
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
    expect(files.filter((bytes) => bytes === SIZE)).toHaveLength(1);
  });
});
