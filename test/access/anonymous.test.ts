import type { Request, Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentCaller } from '@drover/access';
import { Logins, changesByGet, routesOf } from '@drover/http';
import { startApi, type TestApi } from '../support/api.js';
import { FakeNode } from '../support/fake-node.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'vm' }, passive: true });
});
afterAll(() => api.close());

interface Entry {
  actor: string;
  address: string | null;
  action: string;
  object: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

async function send(method: string, path: string, body?: unknown): Promise<string> {
  const response = await fetch(`${api.url}${path}`, {
    method,
    redirect: 'manual',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.status, `${method} ${path}: ${text}`).toBeLessThan(400);
  return text;
}

/** Newest first. */
const trail = async (filter: string): Promise<Entry[]> =>
  (JSON.parse(await send('GET', `/api/v1/audit?${filter}`)) as { entries: Entry[] }).entries;

const LOOPBACK = /127\.0\.0\.1$/;

describe('where nobody logs in, the audit trail names', () => {
  it.each([
    ['native', '/api/v1/jobs', { command: 'true' }],
    ['native', '/api/v1/jobs/batch', { jobs: [{ command: 'true' }] }],
    ['flux', '/v1/jobs/submit', { command: 'true' }],
    ['hpc', '/v1/jobs', { id: 'slurm-7', user: 'eve', nodes: ['n1'] }],
    ['fastlane', '/tasks/greet', { image: 'busybox', command: 'true' }],
    ['testflinger', '/v1/job', { job_queue: 'lab' }],
  ])('who submitted a job over the %s API (%s)', async (dialect, path, body) => {
    const known = new Set((await trail('action=job.submit')).map((entry) => entry.object));
    await send('POST', path, body);
    const [entry, ...more] = (await trail('action=job.submit')).filter(({ object }) => !known.has(object));
    expect([entry, more]).toEqual([
      expect.objectContaining({
        actor: 'anonymous',
        address: expect.stringMatching(LOOPBACK),
        after: expect.objectContaining({ dialect }),
      }),
      [],
    ]);
  });

  it('who declared, raised and set a counter by GET', async () => {
    await send('GET', '/push?key=wagons&doc=how+many');
    await send('GET', '/accumulate?key=wagons&value=2');
    await send('GET', '/set?key=wagons&value=7');
    const entries = (await trail('object=wagons')).map(({ actor, action, before, after }) => [
      actor,
      action,
      before,
      after,
    ]);
    expect(entries).toEqual([
      ['anonymous', 'counter.set', { value: 2 }, { value: 7 }],
      ['anonymous', 'counter.add', { value: 0 }, { value: 2 }],
      ['anonymous', 'counter.declare', null, { value: 0 }],
    ]);
  });

  it('who deleted an alarm by GET', async () => {
    const node = await FakeNode.register(api.url, 'vm');
    await node.system({ proxy_cpu_total: 2 });
    await send('POST', '/alarms/add', {
      name: 'busy',
      target: 'main',
      metric: 'proxy_cpu_total',
      operation: '>',
      value: 1,
    });
    await send('GET', '/alarms/del?targetjob=main&name=busy');
    const [entry] = await trail('action=alarm.delete');
    expect(entry).toMatchObject({ actor: 'anonymous', address: expect.stringMatching(LOOPBACK) });
  });

  it('who cancelled a job by a link of the portal', async () => {
    const { id } = JSON.parse(await send('POST', '/api/v1/jobs', { command: 'true' })) as { id: string };
    await send('GET', `/job/${id}/cancel`);
    expect((await trail(`object=${id}`)).map(({ actor, action }) => [actor, action])).toEqual([
      ['anonymous', 'job.cancel'],
      ['anonymous', 'job.submit'],
    ]);
  });
});

describe('every route', () => {
  it('knows who asks, but for what workers say and for samples, which change nothing of what people own', () => {
    const handler = api.app.get(Logins).identify();
    const routes = routesOf(api.app);
    const byGet = changesByGet(routes);
    const changing = routes.filter(
      ({ method, path }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) || byGet(filled(path)),
    );
    expect(changing.length).toBeGreaterThan(80);
    const nameless = changing.filter(({ method, path }) => {
      let caller: unknown = null;
      const request = { method: method === 'ALL' ? 'POST' : method, path: filled(path), headers: {}, socket: {} };
      handler(request as unknown as Request, {} as Response, () => {
        caller = currentCaller();
      });
      return caller === null;
    });
    const paths = nameless.map(({ path }) => path).filter((path) => !path.startsWith('/agent/v1'));
    expect([...new Set(paths)]).toEqual(['/v1/jobs/:id/metrics']);
  });
});

/** A path with words in the places of its parameters. */
const filled = (path: string): string => path.replace(/[:*]\w+/g, 'x').replace(/[{}]/g, '');
