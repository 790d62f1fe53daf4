import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobCountersService } from '@drover/metrics';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { ask, FakeNode, post } from '../support/fake-node.js';

let api: TestApi;
let node: FakeNode;
let counters: JobCountersService;
beforeAll(async () => {
  api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1' }, passive: true });
  node = await FakeNode.register(api.url, 'n1');
  counters = api.app.get(JobCountersService);
});
afterAll(() => api.close());

async function running(): Promise<{ id: string; end: () => Promise<unknown> }> {
  const agent = await scriptedAgent(api.core, 'n1', ['lab']);
  const { id } = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command: './count' })).body as { id: string };
  const execution = await (await agent.claim(id)).started();
  return { id, end: () => execution.ended({ exit_code: 0 }) };
}

describe('the counters of a job over time', () => {
  it('are read while it tells them, and are columns for whoever asks', async () => {
    const { id, end } = await running();
    const began = Date.now();
    for (const [step, total] of [10, 30, 60].entries()) {
      await node.job(id, { it_total: total, depth_g: 3 - step });
      expect(await counters.keep(new Date(began + step * 5_000))).toBeGreaterThan(0);
    }
    const { status, body } = await ask(api.url, `/api/v1/jobs/${id}/counters`);
    expect(status).toBe(200);
    expect(body.series).toEqual([
      { name: 'depth_g', type: 'gauge' },
      { name: 'it_total', type: 'counter' },
    ]);
    expect(body.readings.map(({ values }: { values: number[] }) => values)).toEqual([
      [3, 10],
      [2, 30],
      [1, 60],
    ]);
    const later = await ask(
      api.url,
      `/api/v1/jobs/${id}/counters?from=${new Date(began + 4_000).toISOString()}&limit=1`,
    );
    expect(later.body.readings).toHaveLength(1);
    await end();
  });

  it('are read of many jobs, some at a time', async () => {
    const jobs = Array.from({ length: 60 }, () => ({ queue: 'lab', command: 'x' }));
    const { ids } = (await post(api.url, '/api/v1/jobs/batch', { jobs })).body as { ids: string[] };
    for (const id of ids) await node.job(id, { it_total: 1 });
    expect(await counters.keep()).toBeGreaterThanOrEqual(60);
    const [row] = await api.core.store.sql.rows<{ n: number }>(
      'SELECT count(DISTINCT job_id)::int AS n FROM counter_reading WHERE job_id = ANY($1::uuid[])',
      [ids],
    );
    expect(row?.n).toBe(60);
  });

  it('are thinned when there are many, and go with the job and with their time', async () => {
    const { id, end } = await running();
    await node.job(id, { it_total: 1 });
    const began = Date.now() - 600_000;
    for (let step = 0; step < 500; step += 1) {
      // Few at a time would be slow: each is a statement of its own.
      await api.core.store.sql.run(
        `INSERT INTO counter_reading (job_id, at, vals) VALUES ($1, $2, '{"c":{"it_total":${step}}}')`,
        [id, new Date(began + step * 1_000)],
      );
    }
    await counters.thin();
    const kept = (await ask(api.url, `/api/v1/jobs/${id}/counters`)).body.readings;
    expect(kept.length).toBeLessThan(260);
    expect([kept[0].values, kept.at(-1).values]).toEqual([[0], [499]]);
    // In pieces, each of which goes on where the one before ended.
    await counters.forget(60, 7);
    expect((await ask(api.url, `/api/v1/jobs/${id}/counters`)).body.readings).toEqual([]);
    await end();
    await ask(api.url, `/api/v1/jobs/${id}`, { method: 'DELETE' });
    const [row] = await api.core.store.sql.rows<{ n: number }>(
      'SELECT count(*)::int AS n FROM counter_reading WHERE job_id = $1',
      [id],
    );
    expect(row?.n).toBe(0);
  });

  it('of a job whose name is longer than an index takes are refused', async () => {
    const letters = Array.from({ length: 1_000 }, () => String.fromCodePoint(0x4e00 + randomInt(20_000)));
    await expect(node.job(letters.join(''), { it_total: 1 })).rejects.toThrow(/^422 .*bytes/);
    await node.job(letters.slice(0, 333).join(''), { it_total: 1 });
  });

  it('are not there for a job that told none, nor for one that does not exist', async () => {
    const { id } = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command: 'x' })).body as { id: string };
    expect((await ask(api.url, `/api/v1/jobs/${id}/counters`)).body).toEqual({ series: [], readings: [] });
    expect((await ask(api.url, '/api/v1/jobs/0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55/counters')).status).toBe(404);
  });
});
