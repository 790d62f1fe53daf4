import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { floor } from '../floors/program.js';
import { eachStart } from '../floors/spawn-floors.js';
import { Missing } from '../lib/missing.js';
import { percentile, type Row } from '../lib/numbers.js';
import { stop } from '../lib/program.js';
import { startRedis } from '../lib/redis.js';
import type { Terms } from './measure.js';

/** Measures the primitives of this machine one after the other, by small processes of their own. */
export async function primitives({ quick }: Terms): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, starts] of Object.entries(eachStart(quick ? 20 : 100))) {
    const times = await orNothing(starts);
    if (times !== undefined) rows.push(ms(`start to end of \`true\`, ${name}, p50`, percentile(times, 50)));
  }
  const fault = await orNothing(() => floor<number>('page-faults.js', [quick ? 16 : 128]));
  if (fault !== undefined) rows.push({ name: 'first touch of a page of 4 KiB', value: fault, unit: 'us' });
  const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
  try {
    const syncs = await floor<number[]>('fsyncs.js', [folder, quick ? 20 : 200]);
    rows.push(ms('8 KiB appended and fdatasync, p50', percentile(syncs, 50)));
    rows.push(ms('8 KiB appended and fdatasync, p99', percentile(syncs, 99)));
    const pings = await orNothing(() => redisPings(folder, quick ? 200 : 2_000));
    if (pings !== undefined) rows.push(ms('round trip to Redis (PING), p50', percentile(pings, 50)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return rows;
}

const ms = (name: string, value: number): Row => ({ name, value, unit: 'ms' });

async function redisPings(folder: string, count: number): Promise<number[]> {
  const redis = await startRedis(folder);
  try {
    return await floor<number[]>('redis-pings.js', [redis.port, count]);
  } finally {
    await stop(redis.child);
  }
}

async function orNothing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    process.stderr.write(`  ${error.message}\n`);
    return undefined;
  }
}
