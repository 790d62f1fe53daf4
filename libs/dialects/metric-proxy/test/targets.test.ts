import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../../../../test/support/agent.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, post, type Answer } from '../../../../test/support/fake-node.js';
import { createTestDatabase, dropTestDatabase } from '../../../../test/support/postgres.js';
import { countersOf } from './client.js';

const ENV = { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1', DROVER_SCRAPE_TIMEOUT: '1' };
let server: Server;
let address = '';
let hits = 0;
let total = 7;

beforeAll(async () => {
  server = createServer((request, response) => {
    hits += request.url === '/metrics' ? 1 : 0;
    response
      .writeHead(request.url === '/metrics' ? 200 : 404)
      .end(`# TYPE x_total counter\nx_total ${total}\n# TYPE lvl gauge\nlvl 2\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const entry = async (api: TestApi, id: string): Promise<Record<string, unknown>> =>
  countersOf((await ask(api.url, `/job/?job=${encodeURIComponent(id)}`)).body);

describe('a target of one job', () => {
  it('is scraped only while that job runs', async () => {
    const api = await startApi({ env: ENV });
    try {
      const agent = await scriptedAgent(api.core, 'n1', ['lab']);
      const { id } = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command: 'x' })).body as { id: string };
      const made = await post(api.url, '/api/v1/scrape-targets', { address, job: id, period_s: 0.1 });
      expect(made.status).toBe(201);
      const probed = hits;
      // Its timer has come round again and again, and found the job waiting.
      const turns = `SELECT 1 FROM scrape_target WHERE next_at > created_at + interval '400 milliseconds'`;
      await expectEventually(async () => (await api.core.store.sql.rows(turns)).length === 1);
      expect([hits, (await ask(api.url, `/api/v1/scrape-targets/${made.body.id}`)).body.last_scrape_at]).toEqual([
        probed,
        null,
      ]);
      const execution = await (await agent.claim(id)).started();
      await expectEventually(async () =>
        expect(await entry(api, id)).toMatchObject({ x_total: 7, lvl: { hits: 1, total: 2 } }),
      );
      expect((await entry(api, 'main'))['x_total']).toBe(7);
      await execution.ended({ exit_code: 0 });
      await expectEventually(async () => (await ask(api.url, `/api/v1/scrape-targets/${made.body.id}`)).status === 404);
      expect((await ask(api.url, '/api/v1/scrape-targets')).body).toEqual({ targets: [] });
      expect((await entry(api, 'main'))['x_total']).toBe(7);
    } finally {
      await api.close();
    }
  });
});

describe('the list of targets', () => {
  it('outlives the server, is scraped on, and counts nothing twice', async () => {
    const databaseUrl = await createTestDatabase();
    try {
      const first = await startApi({ databaseUrl, env: ENV });
      const made = await post(first.url, '/api/v1/scrape-targets', { address, period_s: 0.1, keep: true });
      await expectEventually(async () => expect((await entry(first, 'main'))['x_total']).toBe(7));
      await first.close();
      const second = await startApi({ databaseUrl, env: ENV });
      try {
        expect((await ask(second.url, '/join/list')).body[0]).toMatchObject({
          target_url: `http://${address}/metrics`,
          ttype: 'Prometheus',
          period: 0.1,
        });
        total = 9;
        await expectEventually(async () => expect((await entry(second, 'main'))['x_total']).toBe(9), {
          withinMs: 20_000,
        });
        expect((await ask(second.url, `/api/v1/scrape-targets/${made.body.id}`, { method: 'DELETE' })).status).toBe(
          204,
        );
        expect((await ask(second.url, `/api/v1/scrape-targets/${made.body.id}`, { method: 'DELETE' })).status).toBe(
          404,
        );
        expect((await ask(second.url, '/join/list')).body).toHaveLength(1);
        expect((await entry(second, 'main'))['x_total']).toBe(9);
      } finally {
        await second.close();
      }
    } finally {
      await dropTestDatabase(databaseUrl);
    }
  });
});

describe('where targets may be', () => {
  const refusal = async (env: Record<string, string>, to: string): Promise<Answer> => {
    const api = await startApi({ env: { ...ENV, ...env }, passive: true });
    try {
      const answer = await ask(api.url, `/join?to=${to}`);
      expect((await ask(api.url, '/api/v1/scrape-targets')).body).toEqual({ targets: [] });
      return answer;
    } finally {
      await api.close();
    }
  };

  it('is said by networks and ports, and no other host is even asked', async () => {
    const before = hits;
    expect((await refusal({ DROVER_SCRAPE_ALLOW: '10.0.0.0/8' }, address)).body).toMatchObject({ success: false });
    expect((await refusal({ DROVER_SCRAPE_PORTS: '9100,9200-9299' }, address)).body).toMatchObject({
      success: false,
      operation: expect.stringContaining('DROVER_SCRAPE_PORTS') as string,
    });
    expect(hits).toBe(before);
  });
});
