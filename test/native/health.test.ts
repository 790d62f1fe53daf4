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
      { status: 'ok', dependencies: { postgres: { ok: true }, tickets: { ok: true }, bus: { ok: true }, blobs: { ok: true } } },
    ]);
  });

  it('answers a path of nobody with a body every client can read', async () => {
    const answer = await fetch(`${api.url}/nobody/is/here`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ status: 404, code: 'not_found', error: 'not_found', detail: 'Not Found', operation: 'route' });
  });
});
