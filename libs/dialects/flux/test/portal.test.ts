import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../../../../test/access/support.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ passive: true });
});
afterAll(() => api.close());

const get = async (
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; text: string; headers: Headers }> => {
  const answer = await fetch(`${api.url}${path}`, { redirect: 'manual', ...init });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};
const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  headers,
});

describe('the HTML portal', () => {
  it('submits by a form, shows the job, and cancels it', async () => {
    const page = await get(
      '/jobs/submit',
      form({ command: 'echo <b>', num_tasks: '1', num_nodes: '', gpus_per_task: '', exclusive: 'on' }),
    );
    expect(page.status).toBe(200);
    const id = /href="\/job\/(\d+)"/.exec(page.text)?.[1] as string;
    expect((await api.core.query.byExternalId('flux', id))?.spec).toMatchObject({
      command: ['echo', '<b>'],
      resources: { exclusive: true },
    });
    const shown = await get(`/job/${id}?msg=${encodeURIComponent('<script>alert(1)</script>')}`);
    expect(shown.text).toContain('&lt;script&gt;');
    expect(shown.text).not.toContain('<script');
    expect(shown.text).toContain('Cancel</button>');
    expect((await get('/jobs')).text).toContain(`/job/${id}`);
    expect((await get('/jobs?query=nothing-like-it')).text).not.toContain(`/job/${id}`);
    const cancelled = await get(`/job/${id}/cancel`);
    expect(cancelled.status).toBe(307);
    expect(cancelled.headers.get('location')).toContain(`/job/${id}?msg=Job%20is%20requested`);
    expect((await get(`/job/${id}`)).text).not.toContain('Cancel</button>');
    expect((await get(`/job/${id}/cancel`, { method: 'POST' })).headers.get('location')).toContain(
      'cannot%20be%20cancelled',
    );
  });

  it('lists the errors on the form, status 200, and keeps what was typed', async () => {
    const page = await get('/jobs/submit', form({ command: 'x "', runtime: '-5', num_nodes: '99', num_tasks: '99' }));
    expect(page.status).toBe(200);
    expect(page.text).toContain('Runtime must be &gt;= 0, found -5');
    expect(page.text).toContain('The server only has 1 nodes, you requested 99');
    expect(page.text).toContain('value="x &quot;"');
  });

  it('needs no other host, allows no script, and takes no form of another site', async () => {
    for (const path of ['/jobs', '/jobs/submit', '/page/about', '/logout']) {
      const { status, text, headers } = await get(path, { headers: { accept: 'text/html,*/*' } });
      expect(status, path).toBe(200);
      expect(text, path).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect((await get('/jobs/submit', form({ command: 'true' }, { origin: 'http://evil.example' }))).status).toBe(403);
    expect((await get('/logout')).status).toBe(200);
  });

  it('shows every text as text: names, output, owners and what was searched for', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    await fetch(`${api.url}/v1/jobs`, {
      method: 'POST',
      body: JSON.stringify({ id: `observed ${evil}`, user: evil, nodes: [evil] }),
    });
    const { job } = await api.core.submits.submit({
      queue: 'default',
      owner: evil,
      name: evil,
      dialect: 'native',
      spec: { command: evil, env: { A: evil } },
      metadata: { note: evil },
    });
    const list = await get(`/jobs?query=${encodeURIComponent(evil)}`);
    for (const path of [
      `/job/${job.id}`,
      `/job/${encodeURIComponent(`observed ${evil}`)}`,
      `/job/${job.id}?msg=${encodeURIComponent(evil)}`,
    ]) {
      const shown = await get(path);
      expect(shown.status, path).toBe(200);
      expect(shown.text, path).toContain('&lt;img');
      expect(shown.text, path).not.toContain('<img');
    }
    expect(list.text).not.toContain('<img');
    expect(list.text).toContain(`/job/${job.id}`);
    const again = await get('/jobs/submit', form({ command: `${evil}"`, workdir: evil, num_tasks: evil }));
    expect(again.text).not.toContain('<img');
  });

  it('owns numbers and jobs below /job, and leaves the other paths to the metric proxy', async () => {
    // Not even a job of that name takes the list away.
    await fetch(`${api.url}/v1/jobs`, {
      method: 'POST',
      body: JSON.stringify({ id: 'list', user: 'a', nodes: ['n'] }),
    });
    for (const path of ['/job/list', '/job/list/', '/job//list']) {
      const list = await get(path);
      expect([list.status, list.headers.get('content-type')], path).toEqual([200, expect.stringContaining('json')]);
      expect(JSON.parse(list.text), path).toBeInstanceOf(Array);
    }
    expect((await get('/job/nope')).status).toBe(400);
    expect((await get('/job/nope/cancel')).status).toBe(400);
    expect((await get('/job/nope', { method: 'POST' })).status).toBe(405);
    expect((await get('/job')).headers.get('content-type')).toContain('json');
    const unknown = await get('/job/12345');
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect((await get('/jobs/', { redirect: 'manual' })).headers.get('location')).toBe('/jobs');
  });

  it('wants HTTP Basic where a login is required, and for no path of another API', async () => {
    const locked = await startApi({ passive: true, env: { FLUX_REQUIRE_AUTH: '1', FLUX_TOKEN: 'pw' } });
    try {
      const status = async (
        path: string,
        headers: Record<string, string> = {},
        method = 'GET',
      ): Promise<[number, string | null]> => {
        const answer = await fetch(`${locked.url}${path}`, { headers, method, redirect: 'manual' });
        return [answer.status, answer.headers.get('www-authenticate')];
      };
      const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
      const { job } = await locked.core.submits.submit({
        queue: 'default',
        owner: 'me',
        dialect: 'native',
        spec: { command: 'true' },
      });
      expect((await status('/', { accept: 'text/html' }))[0]).toBe(302);
      expect((await status('/logout'))[0]).toBe(200);
      for (const path of [
        '/jobs',
        '/jobs/submit',
        '/page/about',
        '/job/1',
        `/job/${job.id}`,
        `/job/${job.id}/cancel`,
      ]) {
        expect(await status(path), path).toEqual([401, 'Basic realm="Drover"']);
        expect(await status(path, basic('fluxuser:wrong')), path).toEqual([401, 'Basic realm="Drover"']);
      }
      expect((await status('/jobs/submit', {}, 'POST'))[0]).toBe(401);
      for (const path of ['/jobs', '/page/about', `/job/${job.id}`])
        expect((await status(path, basic('fluxuser:pw')))[0], path).toBe(200);
      expect(await status('/job/list')).toEqual([200, null]);
      expect(await status('/job/nope')).toEqual([400, null]);
    } finally {
      await locked.close();
    }
  });

  it('with Drover logins looks at roles, and leaves the judgement of the metric proxy to its own rule', async () => {
    const env = { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY };
    const closed = await startApi({ passive: true, env });
    const open = await startApi({ passive: true, env: { ...env, DROVER_AUTH_OPEN: 'metric-proxy' } });
    try {
      const viewer = { authorization: `Bearer ${await mint({ client_id: 'v', role: 'viewer' })}` };
      const status = async (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
        (await fetch(url, { headers, method, redirect: 'manual' })).status;
      expect(await status(`${closed.url}/job/list`)).toBe(401);
      expect(await status(`${closed.url}/job/list`, viewer)).toBe(200);
      expect(await status(`${open.url}/job/list`)).toBe(200);
      expect(await status(`${open.url}/jobs`)).toBe(401);
      expect(await status(`${closed.url}/jobs`, viewer)).toBe(200);
      expect(await status(`${closed.url}/job/1`, viewer)).toBe(404);
      expect(await status(`${closed.url}/jobs/submit`, viewer, 'POST')).toBe(403);
      expect(await status(`${closed.url}/job/1/cancel`, viewer)).toBe(403);
    } finally {
      await closed.close();
      await open.close();
    }
  });
});
