import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';

describe('the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it('says that it lives and which dependencies answer', async () => {
    expect(await (await fetch(`${api.url}/livez`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${api.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      {
        status: 'ok',
        dependencies: { postgres: { ok: true }, tickets: { ok: true }, bus: { ok: true }, blobs: { ok: true } },
      },
    ]);
  });

  it('answers a path of nobody with a body every client can read', async () => {
    const answer = await fetch(`${api.url}/nobody/is/here`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      status: 404,
      code: 'not_found',
      error: 'not_found',
      detail: 'Not Found',
      operation: 'route',
    });
  });
});

describe('the API of a stack that starts', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_STACK_PID: String(process.pid), DROVER_QUEUES: 'default,gpu=2' } });
  });
  afterAll(() => api.close());

  it('has the queues of its worker as soon as it is ready, before that worker has registered', async () => {
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200);
    const { queues } = (await (await fetch(`${api.url}/api/v1/queues`)).json()) as {
      queues: { name: string; agents: number }[];
    };
    expect(queues.map(({ name, agents }) => [name, agents])).toEqual([
      ['default', 0],
      ['gpu', 0],
    ]);
  });
});
