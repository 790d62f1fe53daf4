import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Budget } from './budget.js';
import { Pump } from './pump.js';
import { StreamFile } from './stream-file.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-pump-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what two streams have to say', () => {
  it.each([
    ['stdout', 'stderr'],
    ['stderr', 'stdout'],
  ] as const)('comes in the order in which it was written: %s before %s', async (first, second) => {
    const sent: string[] = [];
    const files = (['stdout', 'stderr'] as const).map((name) => {
      writeFileSync(join(folder, name), '');
      return new StreamFile(folder, name);
    });
    for (const file of files) file.open();
    const pump = new Pump(
      files,
      ({ stream, offset, length, data }) => {
        sent.push(`${stream}: ${gunzipSync(data).toString()}`);
        return Promise.resolve({ stored: offset + length });
      },
      new Budget(1024 * 1024),
    );
    const say = (name: string, text: string, at: number): void => {
      appendFileSync(join(folder, name), text);
      utimesSync(join(folder, name), at, at);
    };
    const now = Math.floor(Date.now() / 1_000);
    // A part of a line has gone out before: whose turn it is must not matter.
    for (let round = 0; round < 3; round += 1) {
      say('stdout', 'progress', now + 10 * round);
      await pump.drain();
      say(second, 'second', now + 10 * round + 2);
      say(first, 'first', now + 10 * round + 1);
      await pump.drain();
    }
    for (const file of files) file.close();
    expect(sent).toEqual(
      Array.from({ length: 3 }, () => ['stdout: progress', `${first}: first`, `${second}: second`]).flat(),
    );
  });
});
