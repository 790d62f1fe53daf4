import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../../../../test/access/support.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent } from './agent.js';

const EVIL = `<script>alert('x')</script>"&`;
const ESCAPED = '&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;';

/** The look that all pages share, and nothing else, is loaded from this server. */
const LOOK = '<link rel="icon" href="/ui/favicon.svg"><link rel="stylesheet" href="/look/pages.css">';

/** The addresses that a browser would fetch or go to: nothing but this server. */
function expectOwn(page: { text: string; headers: Headers }): void {
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.text).toMatch(/^<!doctype html>\n<html lang="en">/);
  expect(page.text.split(LOOK)).toHaveLength(2);
  expect(page.text.replace(LOOK, '')).not.toMatch(/<(script|style|link|img|iframe|object|form)\b/i);
  for (const [, target = ''] of page.text.matchAll(/\b(?:href|src|action)="([^"]*)"/g))
    expect(target, target).toMatch(/^\/[^/]/);
}

describe('the pages that agents and people link', () => {
  let api: TestApi;
  let http: Session;
  let agent: RealAgent;
  let id: string;
  beforeAll(async () => {
    api = await startApi();
    http = new Session(api.url);
    agent = new RealAgent(api.url, encodeURIComponent(`rack/${EVIL}`), [`lab/${EVIL}`, 'plain']);
    await agent.start();
    id = await http.submit({
      job_queue: `lab/${EVIL}`,
      name: EVIL,
      tags: [EVIL],
      option: EVIL,
      parent_job_id: '00000000-0000-0000-0000-000000000000',
      provision_data: { url: 'http://images.example/x' },
      test_data: { test_cmds: EVIL, test_password: 'hunter2' },
    });
    const other = await http.submit({ job_queue: `lab/${EVIL}` });
    await agent.run((await agent.poll()) as Record<string, any>, { test: 3 }, async (phase) => {
      if (phase === 'test')
        await http.post(`/v1/result/${id}/log/output`, {
          fragment_number: 100,
          timestamp: '2026-01-01T00:00:00Z',
          phase: 'test',
          log_data: `out ${EVIL}\n`,
        });
    });
    await http.post(`/v1/agents/data/${agent.name}`, { comment: EVIL, log: [`line ${EVIL}`] });
    expect(await http.stateOf(other)).toBe('waiting');
  });
  afterAll(() => api.close());

  it('show a job: what it is, how it went, its output and where its artifacts are', async () => {
    const page = await http.get(`/jobs/${id}`);
    expect(page.status).toBe(200);
    expectOwn(page);
    expect(page.text).not.toContain(EVIL);
    for (const part of [
      `<h1>Job ${id}</h1>`,
      '<tr><th>State</th><td>complete</td></tr>',
      `<tr><th>Name</th><td>${ESCAPED}</td></tr>`,
      '<tr><td>test</td><td>3</td></tr>',
      `out ${ESCAPED}\n`,
      'provision runs',
      `href="/v1/result/${id}/artifact"`,
      'href="/jobs/00000000-0000-0000-0000-000000000000"',
      'device_ip',
    ]) {
      expect(page.text).toContain(part);
    }
    expect(page.text).not.toContain('hunter2');
    expect((await http.get(`/jobs/${id}/`)).text).toBe(page.text);
    // Every link on it leads somewhere.
    for (const [, href = ''] of page.text.matchAll(/<a href="([^"]*)"/g))
      if (!href.includes('0000-0000')) expect((await http.bytes(href.replaceAll('&#39;', "'"))).status, href).toBe(200);
    const gone = await http.get('/jobs/00000000-0000-0000-0000-000000000000');
    expect(gone.status).toBe(404);
    expectOwn(gone);
    expect((await http.get('/jobs/no-job-id')).status).toBe(404);
    // The list of all jobs, and what else is below it, are another API's pages.
    for (const path of ['/jobs', '/jobs/submit'])
      expect((await http.get(path)).headers.get('content-type'), path).toContain('text/html');
    expect((await http.get('/jobs/%3Cscript%3E')).text).not.toContain('<script>');
  });

  it('show only the end of a long output', async () => {
    const long = await http.submit({ job_queue: 'elsewhere' });
    for (let n = 0; n < 4; n += 1) {
      const answer = await http.post(`/v1/result/${long}/log/output`, {
        fragment_number: n,
        timestamp: '2026-01-01T00:00:00Z',
        phase: 'test',
        log_data: `${n}`.repeat(60_000),
      });
      expect(answer.status).toBe(200);
    }
    const { text } = await http.get(`/jobs/${long}`);
    expect(text).toContain(`href="/v1/result/${long}/log/output?phase=test"`);
    expect(text).toContain('3'.repeat(60_000));
    expect(text).not.toContain('1'.repeat(100));
    expect(text.length).toBeLessThan(80_000);
  });

  it('show agents and queues, each with what belongs to it', async () => {
    const agents = await http.get('/agents');
    expectOwn(agents);
    expect(agents.text).toContain(`>rack/${ESCAPED}</a>`);
    expect(agents.text).toContain(`<td>${ESCAPED}</td>`);
    const one = await http.get(`/agents/${agent.name}`);
    expectOwn(one);
    for (const part of [`line ${ESCAPED}`, 'rack 1', '1 × pass', 'provision_success', `href="/jobs/${id}"`])
      expect(one.text).toContain(part);
    expect((await http.get('/agents/nobody')).status).toBe(404);
    const queues = await http.get('/queues');
    expectOwn(queues);
    expect(queues.text).toContain(`>lab/${ESCAPED}</a>`);
    expect(queues.text).toContain('>plain</a></td><td>the queue plain</td><td>0</td><td>0</td>');
    const queue = await http.get(`/queues/${encodeURIComponent(`lab/${EVIL}`)}`);
    expectOwn(queue);
    for (const part of [
      '<tr><th>Waiting</th><td>1</td></tr>',
      `>rack/${ESCAPED}</a>`,
      `href="/jobs/${id}"`,
      'url: http://images.example/core24.img.xz',
      '95 %:',
    ])
      expect(queue.text).toContain(part);
    expect(queue.text).not.toContain(EVIL);
    expect((await http.get('/queues/nobody-ever-named-it')).status).toBe(404);
    expect((await http.get('/queues/%00')).status).toBe(404);
    expect((await http.get('/agents/%00')).status).toBe(404);
  });
});

describe('the pages where people log in', () => {
  it('ask a browser for a client id and its key, and let in who may read', async () => {
    const api = await startApi({
      env: {
        DROVER_AUTH: 'oauth2',
        DROVER_JWT_SIGNING_KEY: JWT_KEY,
        DROVER_ENROLMENT_TOKEN: 'a token for new workers',
      },
    });
    try {
      const root = new Session(api.url);
      root.token = await mint({ client_id: 'root', role: 'admin' });
      const key = 'correct horse battery staple';
      const id = await root.submit({ job_queue: 'lab', job_priority: 0 });
      for (const [name, role] of [
        ['reader', 'contributor'],
        ['robot', 'agent'],
      ])
        await root.send('PUT', `/v1/client-permissions/${name}`, { client_secret: key, role });
      const basic = (name: string, secret: string): Record<string, string> => ({
        Authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
      });
      const http = new Session(api.url);
      for (const path of [`/jobs/${id}`, '/agents', '/queues', '/queues/lab']) {
        const asked = await http.get(path);
        expect([asked.status, asked.headers.get('www-authenticate')], path).toEqual([
          401,
          'Basic realm="Drover", charset="UTF-8"',
        ]);
        expectOwn(asked);
        expect(asked.text).not.toContain(id);
        expect((await http.get(path, basic('reader', 'wrong'))).status, path).toBe(401);
        expect((await http.get(path, basic('robot', key))).status, path).toBe(403);
        expect((await http.get(path, basic('reader', key))).status, path).toBe(200);
        expect((await root.get(path)).status, path).toBe(200);
      }
      // A key that was taken away opens nothing, at once.
      await root.send('DELETE', '/v1/client-permissions/reader');
      expect((await http.get('/agents', basic('reader', key))).status).toBe(401);
    } finally {
      await api.close();
    }
  });
});
