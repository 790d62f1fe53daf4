import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { freePort } from '../../../../test/support/ports.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent } from './agent.js';

describe('what the clients rely on below the bodies', () => {
  let api: TestApi;
  let metricsPort: number;
  let http: Session;
  beforeAll(async () => {
    metricsPort = await freePort();
    api = await startApi({ env: { DROVER_TESTFLINGER_METRICS_PORT: String(metricsPort) } });
    http = new Session(api.url);
  });
  afterAll(() => api.close());

  it('keeps connections for 65 seconds between two requests, and lets a request take hours', async () => {
    expect((await http.get('/v1')).headers.get('keep-alive')).toBe('timeout=65');
    const server = api.app.getHttpServer() as {
      requestTimeout: number;
      headersTimeout: number;
      keepAliveTimeout: number;
    };
    expect(server.requestTimeout).toBeGreaterThan(3_600_000);
    expect(server.headersTimeout).toBeGreaterThan(server.keepAliveTimeout);
    // Node would have closed an idle connection after 5 s.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports: (number | undefined)[] = [];
    const ask = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const sent = request(`${api.url}/v1/`, { agent }, (response) => {
          ports.push(response.socket.localPort);
          response.resume().once('end', resolve);
        });
        sent.once('error', reject).end();
      });
    await ask();
    await new Promise((resolve) => setTimeout(resolve, 6_500));
    await ask();
    expect(ports[1]).toBe(ports[0]);
    agent.destroy();
  });

  it('takes a slash at the end of every path', async () => {
    const id = await http.submit({ job_queue: 'slash' });
    for (const path of [
      `job/${id}`,
      `job/${id}/position`,
      `result/${id}`,
      `result/${id}/log/output`,
      'agents/data',
      'agents/queues',
      'queues/wait_times',
      'queues/slash/jobs',
      'job/search',
    ]) {
      const [plain, slashed] = [await http.get(`/v1/${path}`), await http.get(`/v1/${path}/`)];
      expect([slashed.status, slashed.text], path).toEqual([200, plain.text]);
    }
    expect((await http.post('/v1/job/', { job_queue: 'slash' })).status).toBe(200);
    expect((await http.get('/v1/job/?queue=slash')).json.job_id).toBe(id);
  });

  it('says which server it is, and in which version', async () => {
    expect((await http.get('/v1/')).text).toMatch(/^Drover \d+\.\d+\.\d+, Testflinger Server API$/);
  });

  it('takes nothing out of a queue for a HEAD', async () => {
    const id = await http.submit({ job_queue: 'head' });
    await http.post(`/v1/result/${id}/output`, new TextEncoder().encode('once'));
    expect((await http.send('HEAD', '/v1/job?queue=head')).status).toBe(405);
    expect((await http.send('HEAD', `/v1/result/${id}/output`)).status).toBe(405);
    expect((await http.get(`/v1/result/${id}/output`)).text).toBe('once');
    expect((await http.get('/v1/job?queue=head')).json.job_id).toBe(id);
  });

  it('puts a job back that it took and could not hand out', async () => {
    const id = await http.submit({ job_queue: 'put-back' });
    const lookups = (api.core.store.sql as { rows: unknown }).rows as (
      text: string,
      params?: unknown[],
    ) => Promise<unknown[]>;
    const sql = api.core.store.sql as { rows: unknown };
    sql.rows = (text: string, params?: unknown[]) =>
      text.includes('FROM testflinger_blob')
        ? Promise.reject(new Error('the database is away'))
        : lookups.call(sql, text, params);
    try {
      expect((await http.get('/v1/job?queue=put-back')).status).toBe(500);
    } finally {
      sql.rows = lookups;
    }
    expect((await http.get('/v1/job?queue=put-back')).json.job_id).toBe(id);
  });

  it('gives large raw output of old agents in one answer, and forgets it', async () => {
    const id = randomUUID();
    const entry = new Uint8Array(3_000_000).fill(97);
    for (let n = 0; n < 4; n += 1) await http.post(`/v1/result/${id}/output`, entry);
    const { text } = await http.get(`/v1/result/${id}/output`);
    expect(text.length).toBe(4 * entry.length + 3);
    expect(text.split('\n').map((part) => part.length)).toEqual([1, 2, 3, 4].map(() => entry.length));
    expect((await http.get(`/v1/result/${id}/output`)).status).toBe(204);
  });

  it('counts jobs and reservations by queue, also on the port where lab scrapers look', async () => {
    await http.submit({ job_queue: 'counted' });
    await http.submit({ job_queue: 'counted', reserve_data: { ssh_keys: ['lp:me'] } });
    for (const server of [http, new Session(`http://127.0.0.1:${metricsPort}`)]) {
      const { text } = await server.get('/metrics');
      expect(text).toMatch(/^testflinger_jobs_total\{queue="counted"\} 2$/m);
      expect(text).toMatch(/^testflinger_reservations_total\{queue="counted"\} 1$/m);
      expect(text.includes(`drover_http_request_seconds_count{method="POST",route="/v1/job",status="2xx"}`)).toBe(true);
    }
    expect((await new Session(`http://127.0.0.1:${metricsPort}`).get('/v1/job?queue=counted')).status).toBe(404);
  });

  it('shows a job through every other API while a lab agent runs it', async () => {
    const agent = new RealAgent(api.url, 'seen-everywhere', ['everywhere']);
    await agent.start();
    const id = await http.submit({ job_queue: 'everywhere', name: 'seen', test_data: { test_cmds: 'true' } });
    await agent.run((await agent.poll()) as Record<string, any>, {}, async (phase) => {
      if (phase !== 'allocate') return;
      expect((await http.get(`/api/v1/jobs/${id}`)).json).toMatchObject({
        state: 'running',
        queue: 'everywhere',
        node: 'seen-everywhere',
        dialect: 'testflinger',
      });
      expect((await http.get(`/api/v1/jobs/${id}/executions`)).text).toContain('"phase":"test"');
      expect((await http.get(`/api/v1/jobs/${id}/logs?stream=stdout`)).text).toContain('test runs\n');
      const listed = (await http.get('/v1/jobs')).text;
      expect(listed).toContain('everywhere');
      expect((await http.get(`/v1/jobs/${id}`)).json).toMatchObject({ state: 'running' });
      const counted = (await http.get('/job/list')).json as { jobid: string }[];
      expect(counted.map((job) => job.jobid)).toContain(id);
      expect((await http.get('/tasks/everywhere/')).json).toMatchObject({ taskId: 'everywhere', jobs: [{ id }] });
      expect((await http.get(`/tasks/everywhere/jobs/${id}/`)).json).toMatchObject({
        job: {
          executionCount: 1,
          executions: [{ executionId: id, status: 'running', metadata: { docker_host: 'seen-everywhere' } }],
        },
      });
    });
    expect((await http.get(`/api/v1/jobs/${id}`)).json).toMatchObject({ state: 'succeeded', exit_code: 0 });
    expect((await http.get(`/api/v1/jobs/${id}/artifacts`)).text).toContain('artifact.tar.gz');
    expect((await http.get(`/api/v1/jobs/${id}/result`)).json).toMatchObject({ state: 'succeeded' });
    expect((await http.get(`/v1/jobs/${id}`)).json).toMatchObject({ state: 'completed' });
    const task = (await http.get(`/tasks/everywhere/jobs/${id}/`)).json as {
      job: { executions: Record<string, unknown>[] };
    };
    expect(task.job.executions).toMatchObject([{ status: 'done', exitCode: 0 }]);
    expect(task.job.executions[0]?.['log']).toContain('test runs\n');
    expect((await http.get(`/tasks/everywhere/jobs/${id}/executions/${id}/stdout/`)).text).toContain('test runs\n');
    await expectEventually(async () => {
      const { profiles } = (await http.get('/api/v1/profiles?queue=everywhere')).json as {
        profiles: { job: string }[];
      };
      expect(profiles.map((one) => one.job)).toContain(id);
    });
  });

  it('describes every route in OpenAPI under its own tag: summary, an example of what goes in and of what comes out', async () => {
    interface Media {
      example?: unknown;
      schema?: { example?: unknown; examples?: unknown[]; properties?: unknown };
    }
    interface Operation {
      tags?: string[];
      summary?: string;
      description?: string;
      requestBody?: { content: Record<string, Media> };
      responses: Record<string, { description: string; content?: Record<string, Media> }>;
    }
    const { paths } = (await http.get('/docs-json')).json as { paths: Record<string, Record<string, Operation>> };
    const mine = Object.entries(paths)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
      )
      .filter(({ operation }) => operation.tags?.includes('testflinger'));
    const routes = mine.map(({ name }) => name);
    for (const route of [
      'GET /v1',
      'POST /v1/job',
      'GET /v1/job',
      'GET /v1/job/search',
      'GET /v1/job/{job_id}',
      'GET /v1/job/{job_id}/position',
      'POST /v1/job/{job_id}/action',
      'POST /v1/job/{job_id}/attachments',
      'GET /v1/job/{job_id}/attachments',
      'POST /v1/job/{job_id}/events',
      'POST /v1/result/{job_id}',
      'GET /v1/result/{job_id}',
      'POST /v1/result/{job_id}/log/{type}',
      'GET /v1/result/{job_id}/log/{type}',
      'POST /v1/result/{job_id}/artifact',
      'GET /v1/result/{job_id}/artifact',
      'POST /v1/result/{job_id}/output',
      'GET /v1/result/{job_id}/output',
      'POST /v1/result/{job_id}/serial_output',
      'GET /v1/result/{job_id}/serial_output',
      'POST /v1/agents/data/{name}',
      'GET /v1/agents/data/{name}',
      'GET /v1/agents/data',
      'POST /v1/agents/queues',
      'GET /v1/agents/queues',
      'POST /v1/agents/images',
      'GET /v1/agents/images/{queue}',
      'POST /v1/agents/provision_logs/{name}',
      'GET /v1/queues/wait_times',
      'GET /v1/queues/{queue}/agents',
      'GET /v1/queues/{queue}/jobs',
      'POST /v1/oauth2/token',
      'POST /v1/oauth2/refresh',
      'POST /v1/oauth2/revoke',
      'GET /v1/client-permissions',
      'GET /v1/client-permissions/{id}',
      'PUT /v1/client-permissions/{id}',
      'DELETE /v1/client-permissions/{id}',
      'GET /v1/restricted-queues',
      'GET /v1/restricted-queues/{queue}',
      'POST /v1/restricted-queues/{queue}',
      'DELETE /v1/restricted-queues/{queue}',
      'PUT /v1/secrets/{client_id}/{path}',
      'DELETE /v1/secrets/{client_id}/{path}',
    ])
      expect(routes).toContain(route);
    // One route by two methods is told once.
    expect(paths['/v1/oauth2/token']?.['post']?.description).toContain('GET does the same');
    const lacking: string[] = [];
    for (const { name, operation } of mine) {
      if (!/^[^\n]{8,120}$/.test(operation.summary ?? '')) lacking.push(`${name}: no summary`);
      if (operation.tags?.length !== 1) lacking.push(`${name}: tags`);
      const shown = (content: Record<string, Media> | undefined): boolean =>
        Object.entries(content ?? {}).some(
          ([type, { example, schema }]) =>
            example !== undefined ||
            schema?.example !== undefined ||
            (schema?.examples?.length ?? 0) > 0 ||
            type === 'multipart/form-data' ||
            type === 'application/gzip',
        );
      if (operation.requestBody && !shown(operation.requestBody.content)) lacking.push(`${name}: no example of a body`);
      const fine = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
      if (!fine.some(([, { content }]) => shown(content))) lacking.push(`${name}: no example of an answer`);
    }
    expect(lacking).toEqual([]);
  });
});
