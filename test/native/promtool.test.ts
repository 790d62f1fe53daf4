import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';

/**
 * Names that the contracts of two dialects and the client library for Node fix. A remark on any other name fails the
 * test.
 */
const FIXED = [
  'hpc_job_state_total',
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'proxy_cpu_total',
];

/** The remarks of promtool on an exposition, one a line. */
function remarks(text: string): string[] {
  const { stdout, stderr, status, error } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(error).toBeUndefined();
  // 3: it can be read, and has names that are disliked.
  expect([0, 3], stderr).toContain(status);
  return `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
}

/** The expositions of the API, the one of a single job among them. */
const PATHS = ['/metrics', '/metrics?job=main'];

describe.each([
  { setting: undefined, what: 'the five that the contracts fix, and no other' },
  { setting: 'prometheus', what: 'none' },
])('with DROVER_METRIC_NAMES=$setting', ({ setting, what }) => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: setting === undefined ? {} : { DROVER_METRIC_NAMES: setting } });
    const http = client(api.url);
    await http.post('/api/v1/jobs', { command: 'true' });
    await expectEventually(
      async () => expect((await http.get('/metrics')).body).toMatch(/^proxy_cpu_(total|number) /m),
      { withinMs: 30_000 },
    );
  });
  afterAll(() => api.close());

  /** The families that promtool says something of. */
  async function disliked(): Promise<string[]> {
    const said = new Set<string>();
    for (const path of PATHS) for (const line of remarks((await client(api.url).get(path)).body)) said.add(line);
    return [...said].map((line) => line.split(' ')[0] ?? line).toSorted();
  }

  it(`promtool dislikes these names: ${what}`, async () => {
    expect(await disliked()).toEqual(setting === undefined ? FIXED : []);
  });

  it(`with a job on a node ${setting === undefined ? 'its contract adds hpc_node_job_count to them' : 'as well'}`, async () => {
    expect((await client(api.url).post('/v1/jobs', { id: 'seen', user: 'alice', nodes: ['n1'] })).status).toBe(201);
    expect((await client(api.url).get('/metrics')).body).toMatch(/^hpc_node_job_(count|number)\{/m);
    expect(await disliked()).toEqual(setting === undefined ? [...FIXED, 'hpc_node_job_count'].toSorted() : []);
  });

  it('the values stand under the names that belong to the setting', async () => {
    const { body: text } = await client(api.url).get('/metrics');
    const name = setting === undefined ? 'hpc_job_state_total' : 'hpc_job_state_number';
    expect(text).toContain(`# TYPE ${name} gauge\n`);
    expect(text).toMatch(new RegExp(`^${name}\\{state="running"\\} \\d+$`, 'm'));
    expect(text.match(/# EOF/g)).toHaveLength(1);
  });
});
