import { afterEach, describe, expect, it } from 'vitest';
import { DIALECTS } from '@drover/dialects';
import { startApi, type TestApi } from '../support/api.js';

const NAMES = DIALECTS.map(({ name }) => name);
/** A route that only this dialect has. */
const ROUTE_OF: Record<string, string> = {
  fastlane: '/tasks/',
  flux: '/v1/nodes',
  hpc: '/v1/jobs',
  'metric-proxy': '/job/list',
  testflinger: '/v1/agents/data',
};
function routeOf(name: string): string {
  const route = ROUTE_OF[name];
  if (route === undefined) throw new Error(`Say here a route that ${name} alone has.`);
  return route;
}
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

  it.each(NAMES)('%s speaks all others and is whole without it', async (name) => {
    const others = NAMES.filter((other) => other !== name);
    api = await startApi({ passive: true, env: { DROVER_DIALECTS: others.join(',') } });
    const status = async (path: string): Promise<number> => {
      const response = await fetch(`${api?.url}${path}`);
      await response.arrayBuffer();
      return response.status;
    };
    expect(await status(routeOf(name))).toBe(404);
    for (const other of others) expect(await status(routeOf(other)), other).toBe(200);
    for (const path of PRODUCT) expect(await status(path), path).toBe(200);
    const document = (await (await fetch(`${api.url}/docs-json`)).json()) as { paths: Record<string, unknown> };
    expect(Object.keys(document.paths)).not.toContain(routeOf(name).replace(/\/$/, ''));
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
      expect((await fetch(`${api.url}${routeOf(name)}`)).status, name).toBe(404);
    }
    expect((await fetch(`${api.url}/metrics?job=nobody`)).status).toBe(404);
  });
});
