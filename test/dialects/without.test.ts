import { afterEach, describe, expect, it } from 'vitest';
import { DIALECT_NAMES, type DialectName } from '@drover/config';
import { startApi, type TestApi } from '../support/api.js';

/** A route that only this dialect has. */
const ROUTE_OF: Record<DialectName, string> = {
  fastlane: '/tasks/',
  flux: '/v1/nodes',
  hpc: '/v1/jobs',
  'metric-proxy': '/job/list',
  testflinger: '/v1/agents/data',
};
/** Routes of the product. */
const PRODUCT = [
  '/livez',
  '/readyz',
  '/metrics',
  '/api/v1/jobs',
  '/api/v1/alarms',
  '/api/v1/profiles',
  '/api/v1/scrape-targets',
  '/docs-json',
];

describe('a broker that does not speak', () => {
  let api: TestApi | undefined;
  afterEach(() => api?.close());

  it.each(DIALECT_NAMES)('%s speaks all others and is whole without it', async (name) => {
    const others = DIALECT_NAMES.filter((other) => other !== name);
    api = await startApi({ passive: true, env: { DROVER_DIALECTS: others.join(',') } });
    const status = async (path: string): Promise<number> => {
      const response = await fetch(`${api?.url}${path}`);
      await response.arrayBuffer();
      return response.status;
    };
    expect(await status(ROUTE_OF[name])).toBe(404);
    for (const other of others) expect(await status(ROUTE_OF[other]), other).toBe(200);
    for (const path of PRODUCT) expect(await status(path), path).toBe(200);
    const document = (await (await fetch(`${api.url}/docs-json`)).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).not.toContain(ROUTE_OF[name].replace(/\/$/, ''));
    const submitted = await fetch(`${api.url}/api/v1/jobs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ command: 'true' }),
    });
    expect(submitted.status).toBe(201);
  });

  it('any dialect serves its own API', async () => {
    api = await startApi({ passive: true, env: { DROVER_DIALECTS: 'testflinger,flux' } });
    for (const name of ['fastlane', 'hpc', 'metric-proxy'] as const) {
      expect((await fetch(`${api.url}${ROUTE_OF[name]}`)).status, name).toBe(404);
    }
    expect((await fetch(`${api.url}/metrics?job=nobody`)).status).toBe(404);
  });
});
