import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ passive: true });
});
afterAll(() => api.close());

const get = async (path: string, init: RequestInit = {}): Promise<{ status: number; text: string; headers: Headers }> => {
  const answer = await fetch(`${api.url}${path}`, { redirect: 'manual', ...init });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};
const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({ method: 'POST', body: new URLSearchParams(fields), headers });

describe('the HTML portal', () => {
  it('submits by a form, shows the job, and cancels it', async () => {
    const page = await get('/jobs/submit', form({ command: 'echo <b>', num_tasks: '1', num_nodes: '', gpus_per_task: '', exclusive: 'on' }));
    expect(page.status).toBe(200);
    const id = /href="\/job\/(\d+)"/.exec(page.text)?.[1] as string;
    expect((await api.core.query.byExternalId('flux', id))?.spec).toMatchObject({ command: ['echo', '<b>'], resources: { exclusive: true } });
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
    expect((await get(`/job/${id}/cancel`, { method: 'POST' })).headers.get('location')).toContain('cannot%20be%20cancelled');
  });

  it('lists the errors on the form, status 200, and keeps what was typed', async () => {
    const page = await get('/jobs/submit', form({ command: 'x "', runtime: '-5', num_nodes: '99', num_tasks: '99' }));
    expect(page.status).toBe(200);
    expect(page.text).toContain('Runtime must be &gt;= 0, found -5');
    expect(page.text).toContain('The server only has 1 nodes, you requested 99');
    expect(page.text).toContain('value="x &quot;"');
  });

  it('needs no other host, allows no script, and takes no form of another site', async () => {
    for (const path of ['/', '/jobs', '/jobs/submit', '/page/about']) {
      const { status, text, headers } = await get(path, { headers: { accept: 'text/html,*/*' } });
      expect(status, path).toBe(200);
      expect(text, path).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
    expect((await get('/jobs/submit', form({ command: 'true' }, { origin: 'http://evil.example' }))).status).toBe(403);
    expect((await get('/logout')).status).toBe(307);
  });

  it('leaves the paths of the metric proxy alone', async () => {
    expect((await get('/job/list')).status).toBe(200);
    expect((await get('/job/list')).headers.get('content-type')).toContain('json');
    expect((await get('/job/nope')).status).toBe(400);
  });

  it('wants HTTP Basic where a login is required, but for home', async () => {
    const locked = await startApi({ passive: true, env: { FLUX_REQUIRE_AUTH: '1', FLUX_TOKEN: 'pw' } });
    try {
      const status = async (path: string, headers: Record<string, string> = {}): Promise<[number, string | null]> => {
        const answer = await fetch(`${locked.url}${path}`, { headers });
        return [answer.status, answer.headers.get('www-authenticate')];
      };
      expect((await status('/', { accept: 'text/html' }))[0]).toBe(200);
      expect(await status('/jobs')).toEqual([401, 'Basic realm="Drover"']);
      expect((await status('/jobs', { authorization: `Basic ${Buffer.from('fluxuser:pw').toString('base64')}` }))[0]).toBe(200);
    } finally {
      await locked.close();
    }
  });
});
