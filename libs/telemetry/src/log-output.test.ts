import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { logLinesDropped } from './definitions.js';
import { LogOutput } from './log-output.js';
import { createLogger } from './logger.js';

const dropped = async (): Promise<number> => (await logLinesDropped.get()).values[0]?.value ?? 0;

it('a log on a full disk drops its lines, counts them, and throws nothing', async () => {
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const before = await dropped();
  const log = createLogger({ level: 'info', name: 'test', to: new LogOutput(full, 'test') });
  for (let n = 0; n < 3; n++) log.info({ n }, 'nobody reads this');
  expect((await dropped()) - before).toBe(3);
});

it('a log whose descriptor was closed does the same', async () => {
  const before = await dropped();
  createLogger({ level: 'info', name: 'test', to: new LogOutput(9_999, 'test') }).info('lost');
  expect((await dropped()) - before).toBe(1);
});

it('a log that can be written again says how many lines it lacks, on whole lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-log-'));
  const path = join(folder, 'log');
  const fd = openSync(path, 'a');
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });
  let room = 10;
  const output = new LogOutput(fd, 'test', (to, data) => {
    if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const part = data.subarray(0, room);
    room -= part.length;
    return writeSync(to, part);
  });
  output.write('{"msg":"the first one is torn"}\n');
  output.write('{"msg":"the second is lost"}\n');
  room = Infinity;
  output.write('{"msg":"the third"}\n');
  output.write('{"msg":"the fourth"}\n');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines[0]).toBe('{"msg":"th');
  expect(lines.slice(1).map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: 'warn', dropped: 2 }),
    { msg: 'the third' },
    { msg: 'the fourth' },
  ]);
});

it('a pipe whose reader is slow is waited for a moment, not for ever', () => {
  let asked = 0;
  const busy = new LogOutput(1, 'test', () => {
    asked += 1;
    throw Object.assign(new Error('again'), { code: 'EAGAIN' });
  });
  const began = performance.now();
  busy.write('{}\n');
  expect(asked).toBeGreaterThan(10);
  expect(performance.now() - began).toBeLessThan(2_000);
});
