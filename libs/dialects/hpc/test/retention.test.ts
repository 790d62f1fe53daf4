import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobSamplesService } from '@drover/metrics';
import { samplePartitions, sampleStore, Store } from '@drover/store';
import { createTestDatabase, dropTestDatabase } from '../../../../test/support/postgres.js';

const DAY_MS = 86_400_000;
let url: string;
let store: Store;
let samples: JobSamplesService;
beforeAll(async () => {
  url = await createTestDatabase();
  store = await Store.open({ url });
  samples = new JobSamplesService(store);
});
afterAll(async () => {
  await store.close();
  await dropTestDatabase(url);
});

const reading = (job_id: string, at: Date) => ({
  job_id,
  at,
  execution_id: null,
  cpu_percent: 1,
  memory_bytes: 1,
  read_bytes: null,
  write_bytes: null,
  cpu_seconds: null,
  processes: null,
  gpu_percent: null,
  gpu_memory_bytes: null,
});

describe('the history', () => {
  it('is kept by days: partitions are made ahead, take over what came before them, and go as a whole', async () => {
    const job = uuidv7();
    const now = Date.UTC(2026, 0, 20, 12);
    await sampleStore.insert(store.sql, [
      reading(job, new Date(now - 10 * DAY_MS)),
      reading(job, new Date(now - DAY_MS)),
      reading(job, new Date(now)),
    ]);
    expect(await samples.maintain(7, now)).toEqual({
      made: ['sample_20260120', 'sample_20260121', 'sample_20260122', 'sample_20260123'],
      dropped: [],
    });
    const count = async (table: string): Promise<number> =>
      Number((await store.sql.rows<{ n: string }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n);
    // Today's row moved; yesterday's stays where it was; what is older than a week is gone.
    expect([await count('sample_20260120'), await count('sample_default')]).toEqual([1, 1]);
    expect(await sampleStore.ofJob(store.sql, job, { limit: 10 })).toHaveLength(2);
    expect(await samples.maintain(7, now)).toEqual({ made: [], dropped: [] });
    const later = await samples.maintain(7, now + 8 * DAY_MS);
    expect(later.dropped).toEqual(['sample_20260120']);
    expect(await sampleStore.ofJob(store.sql, job, { limit: 10 })).toEqual([]);
    expect((await samplePartitions.list(store.sql))[0]).toBe('sample_20260121');
  });
});
