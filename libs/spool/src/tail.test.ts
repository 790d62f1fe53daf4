import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Stream } from '@drover/domain';
import { Budget } from './budget.js';
import type { TailChunk } from './chunk.js';
import { Tail, type TailOptions } from './tail.js';

let folder: string;
let tail: Tail | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tail-'));
  for (const name of ['stdout', 'stderr']) writeFileSync(join(folder, name), '');
});
afterEach(() => {
  tail?.close();
  rmSync(folder, { recursive: true });
});

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const append = (name: Stream, data: string | Buffer): void => appendFileSync(join(folder, name), data);

/** A server that appends at its end, answers where it is, and can be slow or forgetful. */
class Log {
  readonly chunks: TailChunk[] = [];
  readonly logs = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  underway = 0;
  mostUnderway = 0;
  delayMs = 0;

  take = async (chunk: TailChunk): Promise<{ stored: number }> => {
    this.mostUnderway = Math.max(this.mostUnderway, ++this.underway);
    if (this.delayMs > 0) await wait(this.delayMs);
    this.underway--;
    const log = this.logs[chunk.stream];
    if (chunk.offset === log.length) {
      const raw = gunzipSync(chunk.data);
      expect(raw.length).toBe(chunk.length);
      this.chunks.push(chunk);
      this.logs[chunk.stream] = Buffer.concat([log, raw]);
    }
    return { stored: this.logs[chunk.stream].length };
  };
}

function follow(log: Log, more: Partial<TailOptions> = {}): Tail {
  tail = new Tail({ folder, sink: log.take, budget: new Budget(8 * 1024 * 1024), ...more });
  tail.start();
  return tail;
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !condition(); i++) await wait(10);
  expect(condition()).toBe(true);
}

it('hands over what is appended while it follows, and says at the end what each stream was', async () => {
  const log = new Log();
  const one = follow(log);
  append('stdout', 'first\n');
  await until(() => log.logs.stdout.length === 6);
  append('stderr', 'second\n');
  await until(() => log.logs.stderr.length === 7);
  append('stdout', 'third\n');
  const end = await one.finish(false);
  expect(log.logs.stdout.toString()).toBe('first\nthird\n');
  expect(end.stdout).toEqual({ bytes: 12, sha256: sha256('first\nthird\n') });
  expect(end.stderr).toEqual({ bytes: 7, sha256: sha256('second\n') });
  expect(Math.abs(Date.parse(end.first_byte_at ?? '') - Date.now())).toBeLessThan(10_000);
  expect(log.chunks.map((chunk) => chunk.sequence)).toEqual([0, 1, 2]);
});

it('gathers what is written while a chunk is under way into the next one', async () => {
  const log = new Log();
  log.delayMs = 60;
  const one = follow(log);
  for (let i = 0; i < 100; i++) {
    append('stdout', `line ${i}\n`);
    await wait(2);
  }
  await one.finish(false);
  expect(log.logs.stdout.toString()).toBe(Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join(''));
  expect(log.chunks.length).toBeLessThan(20);
  expect(log.mostUnderway).toBe(1);
});

it('hands a small rest over at once when it may, without waiting for the answer', async () => {
  const log = new Log();
  log.delayMs = 200;
  append('stdout', 'rest');
  append('stderr', 'rest too');
  tail = new Tail({ folder, sink: log.take, budget: new Budget(1) });
  const began = performance.now();
  const end = await tail.finish(true);
  expect(performance.now() - began).toBeLessThan(150);
  expect(end.stdout).toEqual({ bytes: 4, sha256: sha256('rest') });
  expect(log.mostUnderway).toBe(2);
  await end.stored;
  expect(log.logs.stderr.toString()).toBe('rest too');
});

it('cuts large output into chunks of at most a megabyte, both streams in turn', async () => {
  const log = new Log();
  const big = randomBytes(5 * 1024 * 1024 + 17);
  append('stdout', big);
  append('stderr', big.subarray(0, 3_000_000));
  const end = await follow(log).finish(false);
  expect(log.logs.stdout.equals(big)).toBe(true);
  expect(end.stdout).toEqual({ bytes: big.length, sha256: sha256(big) });
  expect(Math.max(...log.chunks.map((chunk) => chunk.length))).toBe(1024 * 1024);
  expect(log.chunks.slice(0, 4).map((chunk) => chunk.stream)).toEqual(['stdout', 'stderr', 'stdout', 'stderr']);
});

it('has several full chunks under way that are short when compressed, and one that is long', async () => {
  const [text, noise] = [new Log(), new Log()];
  text.delayMs = noise.delayMs = 5;
  append('stdout', 'the same line again and again\n'.repeat(400_000));
  await follow(text).finish(false);
  expect(text.mostUnderway).toBe(4);
  expect(text.logs.stdout.length).toBe(12_000_000);
  expect(text.chunks.map(({ sequence }) => sequence)).toEqual(text.chunks.map((_, n) => n));
  tail?.close();
  writeFileSync(join(folder, 'stdout'), randomBytes(3_000_000));
  await follow(noise).finish(false);
  expect(noise.mostUnderway).toBe(1);
});

it('loses nothing when the server forgets while several chunks are under way', async () => {
  const log = new Log();
  const text = Array.from({ length: 600_000 }, (_, n) => `line ${n}\n`).join('');
  append('stdout', text);
  let taken = 0;
  const sink: TailOptions['sink'] = (chunk) => {
    if (++taken === 3) log.logs.stdout = log.logs.stdout.subarray(0, 1_000_000);
    return log.take(chunk);
  };
  const end = await follow(log, { sink }).finish(false);
  expect(log.logs.stdout.toString()).toBe(text);
  expect(end.stdout).toEqual({ bytes: text.length, sha256: sha256(text) });
});

it('goes back to where the server is, when the server has less', async () => {
  const log = new Log();
  const one = follow(log);
  append('stdout', '0123456789');
  await until(() => log.logs.stdout.length === 10);
  log.logs.stdout = log.logs.stdout.subarray(0, 4);
  append('stdout', 'abc');
  const end = await one.finish(false);
  expect(log.logs.stdout.toString()).toBe('0123456789abc');
  expect(end.stdout.sha256).toBe(sha256('0123456789abc'));
});

it('goes ahead to where the server is, when the server has more: a former life had sent it', async () => {
  const log = new Log();
  append('stdout', '0123456789');
  log.logs.stdout = Buffer.from('01234567');
  const one = follow(log, { resume: { stdout: 2, stderr: 0, sequence: 5, first_byte_at: '2026-01-01T00:00:00.000Z' } });
  const end = await one.finish(false);
  expect(log.logs.stdout.toString()).toBe('0123456789');
  expect(end).toMatchObject({
    stdout: { bytes: 10, sha256: sha256('0123456789') },
    first_byte_at: '2026-01-01T00:00:00.000Z',
  });
  expect(log.chunks[0]?.sequence).toBeGreaterThan(5);
});

it('goes on with the stream after the file was truncated and written anew, shorter or longer', async () => {
  const log = new Log();
  const one = follow(log);
  append('stdout', 'long first line\n');
  await until(() => log.logs.stdout.length === 16);
  truncateSync(join(folder, 'stdout'));
  append('stdout', 'short\n');
  await until(() => log.logs.stdout.length === 22);
  truncateSync(join(folder, 'stdout'));
  append('stdout', 'a line much longer than all before\n');
  const end = await one.finish(false);
  expect(log.logs.stdout.toString()).toBe('long first line\nshort\na line much longer than all before\n');
  expect(end.stdout).toEqual({ bytes: log.logs.stdout.length, sha256: sha256(log.logs.stdout) });
});

it('holds no more in memory than the budget allows, and still passes everything', async () => {
  const log = new Log();
  log.delayMs = 5;
  append('stdout', Buffer.alloc(6 * 1024 * 1024, 'x'));
  const budget = new Budget(1024 * 1024);
  const others = [new Log(), new Log()].map((other) => new Tail({ folder, sink: other.take, budget }));
  const ends = await Promise.all([follow(log, { budget }), ...others].map((one) => one.finish(false)));
  expect(new Set(ends.map((end) => end.stdout.sha256)).size).toBe(1);
  expect(budget.tryTake(1024 * 1024)).toBe(true);
  for (const other of others) other.close();
});

it('stops, and says so, when the sink refuses', async () => {
  const failures: Error[] = [];
  const one = new Tail({
    folder,
    budget: new Budget(1),
    sink: () => Promise.reject(new Error('not ours')),
    onFailure: (error) => failures.push(error),
  });
  tail = one;
  one.start();
  append('stdout', 'x');
  await until(() => failures.length === 1);
  await expect(one.finish(false)).rejects.toThrow('not ours');
});
