import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Budget } from './budget.js';
import { Mask } from './mask.js';
import { Tail, type TailOptions } from './tail.js';

const masked = (text: string, ...values: string[]): string => {
  const bytes = Buffer.from(text);
  Mask.of(values)?.apply(bytes);
  return bytes.toString();
};

describe('a mask', () => {
  it('overwrites every value, also where values overlap each other or themselves', () => {
    expect(masked('a hunter2 b hunter2hunter2', 'hunter2')).toBe('a ******* b **************');
    expect(masked('xabcdefgx', 'abcde', 'cdefg')).toBe('x*******x');
    expect(masked('aaaaaa b', 'aaaa')).toBe('****** b');
    expect(masked('line 1\nline 2', '1\nli')).toBe('line ****ne 2');
  });

  it('leaves alone what is too short to be told from ordinary words', () => {
    expect(Mask.of(['', 'abc'])).toBeUndefined();
    expect(masked('abc abcd', 'abc', 'abcd')).toBe('abc ****');
  });

  it('knows how much of an end may become a value', () => {
    const mask = Mask.of(['hunter2', 'terminal']) as Mask;
    expect(mask.reach).toBe(7);
    expect([
      mask.pending(Buffer.from('a hunte')),
      mask.pending(Buffer.from('hunter')),
      mask.pending(Buffer.from('hunter2')),
      mask.pending(Buffer.from('hunter3')),
    ]).toEqual([5, 6, 0, 0]);
    expect(mask.pending(Buffer.from('hunter termina'))).toBe(7);
  });
});

describe('the output of a job with values to hide', () => {
  const SECRET = 'hunter2 of the lab';
  let folder: string;
  let tail: Tail | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mask-'));
    for (const name of ['stdout', 'stderr']) writeFileSync(join(folder, name), '');
  });
  afterEach(() => {
    tail?.close();
    rmSync(folder, { recursive: true });
  });

  function follow(more: Partial<TailOptions> = {}): { tail: Tail; log: () => string; lose: (bytes: number) => void } {
    let stored = Buffer.alloc(0);
    const sink: TailOptions['sink'] = async (chunk) => {
      if (chunk.stream === 'stdout' && chunk.offset === stored.length)
        stored = Buffer.concat([stored, gunzipSync(chunk.data)]);
      return { stored: chunk.stream === 'stdout' ? stored.length : chunk.offset + chunk.length };
    };
    tail = new Tail({ folder, sink, budget: new Budget(8 * 1024 * 1024), mask: [SECRET], ...more });
    return { tail, log: () => stored.toString(), lose: (bytes) => (stored = stored.subarray(0, bytes)) };
  }
  const append = (text: string): void => appendFileSync(join(folder, 'stdout'), text);
  async function until(condition: () => boolean): Promise<void> {
    for (let i = 0; i < 500 && !condition(); i++) await wait(10);
    expect(condition()).toBe(true);
  }

  it('never shows a value that is written in pieces, and holds back no more than its beginning', async () => {
    const { tail: one, log } = follow();
    one.start();
    append(`before ${SECRET.slice(0, 5)}`);
    await until(() => log() === 'before ');
    append(SECRET.slice(5));
    append(' after hunter');
    await until(() => log() === `before ${'*'.repeat(SECRET.length)} after `);
    const end = await one.finish(false);
    const text = `before ${'*'.repeat(SECRET.length)} after hunter`;
    expect(log()).toBe(text);
    expect(end.stdout).toEqual({ bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') });
  });

  it('hides values across the borders of chunks, and shows the same bytes when the server has lost some', async () => {
    const filler = 'x'.repeat(1024 * 1024 - 7);
    const text = `${filler}${SECRET}${filler}${SECRET}${'y'.repeat(100)}`;
    const shown = text.replaceAll(SECRET, '*'.repeat(SECRET.length));
    append(text);
    const { tail: one, log, lose } = follow();
    one.start();
    await until(() => log().length === shown.length);
    lose(1024 * 1024);
    append('z');
    const end = await one.finish(false);
    expect(log() === `${shown}z`).toBe(true);
    expect(end.stdout.sha256).toBe(createHash('sha256').update(`${shown}z`).digest('hex'));
  });

  it('is masked in the same way by a worker that was restarted in the middle', async () => {
    append(`0123456789 ${SECRET} end`);
    const { tail: one, log } = follow({ resume: { stdout: 15, stderr: 0, sequence: 3, first_byte_at: null } });
    const end = await one.finish(false);
    const shown = `0123456789 ${'*'.repeat(SECRET.length)} end`;
    expect(log()).toBe(shown);
    expect(end.stdout.sha256).toBe(createHash('sha256').update(shown).digest('hex'));
  });
});
