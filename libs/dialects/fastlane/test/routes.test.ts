import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Client, spellings, TASK } from './client.js';

let api: TestApi;
let client: Client;

beforeAll(async () => {
  api = await startApi({ env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
  client = new Client(api.url);
});
afterAll(() => api?.close());

describe('paths', () => {
  it('answers every spelling directly, and doubled slashes', async () => {
    const { path } = await client.enqueue('paths', TASK);
    for (const spelled of [...spellings(path), path.replace('/tasks/', '//tasks//'), `${path}//`])
      expect([spelled, (await client.get(spelled)).status]).toEqual([spelled, 200]);
    for (const part of ['stdout', 'stderr', 'logs'])
      for (const spelled of spellings(`${path}/${part}`)) expect((await client.get(spelled)).status).toBe(200);
    for (const spelled of ['/healthcheck', '/healthcheck/', '/', '/status', '/status/', '/tasks', '/tasks/'])
      expect([spelled, (await client.get(spelled)).status]).toEqual([spelled, 200]);
  });

  it('answers 404 and 405 as JSON', async () => {
    const nowhere = await client.get('/tasks/a/jobs/b/c');
    expect([nowhere.status, nowhere.json.operation]).toEqual([404, 'route']);
    expect((await client.get('/tasks/a/jobs')).status).toBe(404);
    const method = await client.ask('DELETE', '/tasks/a');
    expect([method.status, method.json.operation, method.headers.get('allow')]).toEqual([
      405,
      'get_task',
      'GET, POST, HEAD, OPTIONS',
    ]);
    expect((await client.ask('PATCH', '/tasks/a/jobs/b/', {})).status).toBe(405);
    expect((await client.get('/tasks/a/jobs/b/stop')).headers.get('allow')).toBe('POST, OPTIONS');
  });

  it.each([
    ['GET', '/tasks/unknown', 404, 'Task not found.', 'get_task'],
    ['GET', `/tasks/unknown/jobs/${randomUUID()}`, 404, 'Job not found in task.', 'get_task'],
    ['GET', '/tasks/unknown/jobs/x', 404, 'Job not found in task.', 'get_task'],
    ['POST', `/tasks/unknown/jobs/${randomUUID()}/stop`, 404, 'Job not found in task.', 'stop_job'],
    ['POST', `/tasks/unknown/jobs/${randomUUID()}/retry`, 404, 'Job not found in task.', 'retry_job'],
    ['GET', '/tasks/unknown/jobs/x/stdout', 404, 'Task (unknown) or Job (x) not found.', 'retrieve_execution_details'],
    ['GET', '/tasks/unknown/jobs/x/executions/y', 404, 'Task (unknown) or Job (x) not found.', 'get_job_execution'],
    [
      'POST',
      '/tasks/unknown/jobs/x/executions/y/stop',
      404,
      'Task (unknown) or Job (x) not found.',
      'stop_job_execution',
    ],
  ])('%s %s: %i %s', async (method, path, status, error, operation) => {
    const answer = await client.ask(method, path);
    expect([answer.status, answer.json]).toEqual([status, { error, operation }]);
  });

  it('lets no page of another origin read anything, as nobody named one, and zips JSON for those who take it', async () => {
    const plain = await client.get('/tasks/');
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    const origin = await client.get('/tasks/', { origin: 'http://x.example', 'accept-encoding': 'gzip' });
    expect(origin.headers.get('access-control-allow-origin')).toBeNull();
    expect(origin.headers.get('vary')).toBe('Origin, Accept-Encoding');
    expect(origin.headers.get('content-encoding')).toBe('gzip');
    expect(origin.json.page).toBe(1);
  });
});

describe('the service routes', () => {
  it('shows, blocks and frees hosts', async () => {
    const host = 'far.example:2375';
    const hosts = async (): Promise<unknown[]> => (await client.get('/status/')).json.hosts;
    const path = '/docker-executor/blacklist';
    for (const method of ['POST', 'PUT'])
      expect(await client.ask(method, path, { host })).toMatchObject({ status: 200, text: '' });
    expect(await hosts()).toContainEqual({
      host: 'far.example',
      port: 2375,
      available: false,
      blacklisted: true,
      circuit: 'closed',
      error: 'server is blacklisted',
    });
    expect((await client.ask('DELETE', path, { host })).status).toBe(200);
    expect((await client.ask('DELETE', path, { host })).status).toBe(200);
    expect(await hosts()).toEqual([]);
    for (const [method, verb, invalid] of [
      ['POST', 'add host to', 'add host to'],
      ['PUT', 'add host to', 'add host to'],
      ['DELETE', 'remove host from', 'remove host to'],
    ] as const) {
      expect(await client.ask(method, path, '{')).toMatchObject({
        status: 400,
        text: `Failed to ${verb} blacklist because JSON body could not be parsed.`,
      });
      expect(await client.ask(method, path, {})).toMatchObject({
        status: 400,
        text: `Failed to ${verb} blacklist because 'host' attribute was not found in JSON body.`,
      });
      expect(await client.ask(method, path, { host: 'no port' })).toMatchObject({
        status: 400,
        text: `Failed to ${invalid} blacklist because 'host' attribute had an invalid value.`,
      });
    }
    expect((await client.ask('POST', path, { host: '10.1.2.3:2375' })).status).toBe(200);
    await client.ask('DELETE', path, { host: '10.1.2.3:2375' });
  });

  it('has health and status in their shapes', async () => {
    expect((await client.get('/healthcheck')).json).toEqual({ redis: true, mongo: true, errors: [] });
    expect((await client.get('/status')).json).toMatchObject({
      containers: { running: [] },
      queues: {
        jobs: { length: expect.any(Number) },
        monitor: { length: 0 },
        webhooks: { length: 0 },
        notify: { length: 0 },
        scheduled: { length: 0, nextTimeStamp: null, nextHumanReadableDate: null },
      },
      tasks: { count: expect.any(Number) },
      jobs: { count: expect.any(Number), scheduled: [] },
      fastlane: { version: expect.any(String), executor: 'process' },
    });
    expect((await client.get('/routes/')).status).toBe(404);
  });
});

describe('settings', () => {
  it('basic auth, debug, slashes, dates and the public URL', async () => {
    const other = await startApi({
      env: {
        DROVER_FASTLANE_EXECUTOR: 'process',
        BASIC_AUTH_USERNAME: 'u',
        BASIC_AUTH_PASSWORD: 'p:w',
        BASIC_AUTH_REALM: 'lab',
        DEBUG: 'True',
        FASTLANE_URL_SLASH: 'always',
        FASTLANE_TASK_DATES: 'iso',
        SERVER_NAME: 'lane.example:1234',
      },
    });
    try {
      const anonymous = await new Client(other.url).get('/tasks/');
      expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="lab"']);
      expect((await new Client(other.url).get('/tasks/', { authorization: `Basic ${btoa('u:wrong')}` })).status).toBe(
        401,
      );
      const known = new Client(other.url, { authorization: `Basic ${btoa('u:p:w')}` });
      const { json } = await known.ask('POST', '/tasks/x', TASK);
      expect(json.jobUrl).toBe(`http://lane.example:1234/tasks/x/jobs/${json.jobId}/`);
      expect((await known.get('/tasks/')).json.items[0].createdAt).toMatch(/^\d{4}-/);
      const routes = (await known.get('/routes/')).json;
      expect(routes).toContainEqual({ endpoint: '/tasks/<task_id>/', methods: 'GET, POST', doc: expect.any(String) });
    } finally {
      await other.close();
    }
  });
});
