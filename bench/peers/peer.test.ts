import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Missing } from '../lib/missing.js';
import { demandInstalled, sinceSubmit } from './peer.js';

it('a peer that is not installed is left out with the command that installs it', () => {
  const peer = { name: 'Celery', packages: 'python3-celery python3-redis', files: ['/usr/lib/no-such-celery'] };
  const demand = () => demandInstalled({ ...peer, note: '', start: () => Promise.reject(new Error('not started')) });
  expect(demand).toThrow(Missing);
  expect(demand).toThrow('/usr/lib/no-such-celery is missing. On Debian: apt-get install python3-celery python3-redis');
});

it('times of a start keep their microseconds, although they are told in nanoseconds of the epoch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peer-'));
  try {
    writeFileSync(join(folder, 'date'), '1764415200012345678\n');
    expect(sinceSubmit('1764415200000000123', join(folder, 'date'))).toBe(12.345555);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
