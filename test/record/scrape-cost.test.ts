import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';

/** Jobs of one batch, each in a queue of its own. */
const BATCH = 10_000;
/** More jobs that have not ended than are counted at each scrape. */
const BATCHES = 3;

describe('a scrape of /metrics', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ passive: true });
  });
  afterAll(() => api.close());

  const query = vi.spyOn(pg.Client.prototype, 'query');
  /** The families of the broker itself, and the statements that the scrape sent. */
  async function scrape(): Promise<{ series: string[]; statements: number }> {
    query.mockClear();
    const body = String((await client(api.url).get('/metrics')).body);
    const statements = query.mock.calls.length;
    return { series: body.split('\n').filter((line) => line.startsWith('drover_')), statements };
  }
  /** Jobs that wait, by all queues together. */
  const depth = ({ series }: { series: string[] }): number =>
    series
      .filter((line) => line.startsWith('drover_queue_depth{'))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  const submit = async (jobs: object[]): Promise<void> =>
    expect((await client(api.url).post('/api/v1/jobs/batch', { jobs })).status).toBe(201) as unknown as void;

  it('costs as many statements and series with 10,000 queues as with 200', { timeout: 120_000 }, async () => {
    await submit(Array.from({ length: 200 }, (_, n) => ({ queue: `q-${n}`, command: 'x' })));
    await scrape();
    const few = await scrape();
    await submit(Array.from({ length: BATCH }, (_, n) => ({ queue: `q-${n}`, command: 'x' })));
    const many = await scrape();
    expect(depth(many)).toBe(BATCH + 200);
    expect(many.statements).toBe(few.statements);
    expect(many.statements).toBeLessThanOrEqual(6);
    const grown = (name: string): number =>
      [few, many].map(({ series }) => series.filter((line) => line.startsWith(name)).length).reduce((a, b) => b - a);
    for (const name of ['drover_queue', 'drover_jobs', 'drover_node', 'drover_agents', 'drover_project'])
      expect(grown(name), name).toBe(0);
  });

  it('counts a great many jobs seldom, and then right', { timeout: 120_000 }, async () => {
    for (let batch = 1; batch < BATCHES; batch++)
      await submit(Array.from({ length: BATCH }, (_, n) => ({ queue: `q-${n}`, command: 'x' })));
    const counted = depth(await scrape());
    expect(counted).toBe(BATCHES * BATCH + 200);
    await submit([{ queue: 'q-1', command: 'x' }]);
    expect(depth(await scrape())).toBe(counted);
    await expectEventually(async () => expect(depth(await scrape())).toBe(counted + 1), { withinMs: 60_000 });
  });
});
