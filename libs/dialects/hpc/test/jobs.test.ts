import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { HpcClient } from '../../../../test/support/hpc-client.js';

let api: TestApi;
let hpc: HpcClient;
let n = 0;
const newJob = async (more: object = {}): Promise<string> => {
  const id = `job-${(n += 1)}`;
  const { status } = await hpc.post('/v1/jobs', { id, user: 'alice', nodes: ['node-01', 'node-02'], ...more });
  expect(status).toBe(201);
  return id;
};

beforeAll(async () => {
  api = await startApi();
  hpc = new HpcClient(api.url);
});
afterAll(() => api.close());

describe('jobs made from outside', () => {
  it("are running at once, with the fields of the seed's example", async () => {
    const { status, body } = await hpc.post('/v1/jobs', {
      id: 'job-001',
      user: 'alice',
      nodes: ['node-01', 'node-02'],
      unknown: 1,
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: 'job-001',
      user: 'alice',
      nodes: ['node-01', 'node-02'],
      node_count: 2,
      state: 'running',
      cpu_usage: 0,
      memory_usage_mb: 0,
      cluster_name: 'default',
      scheduler_instance: 'api',
      ingest_version: 'api-v1',
      flux_state: 'RUN',
      job_state: 'running',
    });
    for (const absent of ['end_time', 'runtime_seconds', 'gpu_usage', 'sample_count', 'scheduler'])
      expect(body).not.toHaveProperty(absent);
    expect(Date.now() - Date.parse(body.start_time)).toBeLessThan(5_000);
    expect((await hpc.get('/v1/jobs/job-001')).body).toEqual({ ...body, runtime: expect.any(Number) });
  });

  it('keep what the scheduler said, extra included', async () => {
    const scheduler = {
      type: 'slurm',
      external_job_id: '77',
      raw_state: 'RUNNING',
      submit_time: '2026-01-20T10:00:00Z',
      priority: 4294901759,
      extra: { a: [1] },
    };
    const id = await newJob({ scheduler });
    expect((await hpc.get(`/v1/jobs/${id}`)).body.scheduler).toEqual({
      ...scheduler,
      submit_time: '2026-01-20T10:00:00.000Z',
    });
  });

  it('are refused with the code and message of each fault', async () => {
    const good = { id: 'x', user: 'u', nodes: ['n'] };
    const cases: [unknown, string, string?][] = [
      ['{', 'invalid_request', 'Invalid JSON body'],
      ['[]', 'invalid_request'],
      ['', 'invalid_request'],
      [{ ...good, id: 1 }, 'invalid_request'],
      [{ ...good, nodes: 'n' }, 'invalid_request'],
      [{ ...good, nodes: [1] }, 'invalid_request'],
      [{ ...good, scheduler: [] }, 'invalid_request'],
      [{ ...good, id: undefined }, 'validation_error', 'Job ID is required'],
      [{ ...good, id: '' }, 'validation_error', 'Job ID is required'],
      [{ ...good, id: null }, 'validation_error', 'Job ID is required'],
      [{ ...good, id: 'x'.repeat(256) }, 'validation_error'],
      [{ ...good, id: 'a\u0000b' }, 'validation_error'],
      [{ ...good, id: 'search' }, 'validation_error'],
      [{ ...good, user: ' ' }, 'validation_error', 'User is required'],
      [{ ...good, nodes: [] }, 'validation_error', 'At least one node is required'],
      [{ ...good, nodes: [''] }, 'validation_error', 'At least one node is required'],
      [{ ...good, scheduler: { type: 'pbs' } }, 'validation_error'],
    ];
    for (const [body, error, message] of cases) {
      const answer = await hpc.post('/v1/jobs', body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
      expect(answer.body.error, JSON.stringify(body)).toBe(error);
      if (message) expect(answer.body.message).toBe(message);
    }
    expect((await hpc.get('/v1/jobs/x')).status).toBe(404);
  });

  it('cannot take an id twice, whatever became of the first, nor by two at once', async () => {
    const id = await newJob();
    await hpc.patch(`/v1/jobs/${id}`, { state: 'completed' });
    expect((await hpc.post('/v1/jobs', { id, user: 'bob', nodes: ['n'] })).body).toMatchObject({
      error: 'conflict',
      message: 'Job with this ID already exists',
    });
    const statuses = await Promise.all(
      Array.from({ length: 8 }, () => hpc.post('/v1/jobs', { id: 'at-once', user: 'bob', nodes: ['n'] })),
    );
    expect(statuses.map((answer) => answer.status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 409)]);
  });
});

describe('the state machine', () => {
  it('sets end and runtime when a job ends, and then takes no change at all', async () => {
    const id = await newJob();
    const ended = (
      await hpc.patch(`/v1/jobs/${id}`, { state: 'completed', cpu_usage: 80.5, memory_usage_mb: 8192, gpu_usage: 60 })
    ).body;
    expect(ended).toMatchObject({
      state: 'completed',
      cpu_usage: 80.5,
      memory_usage_mb: 8192,
      gpu_usage: 60,
      flux_state: 'INACTIVE',
      result: 'COMPLETED',
      success: true,
    });
    expect(ended.runtime_seconds).toBeCloseTo((Date.parse(ended.end_time) - Date.parse(ended.start_time)) / 1000, 2);
    for (const change of [{ state: 'completed' }, { state: 'running' }, { cpu_usage: 1 }, {}]) {
      const answer = await hpc.patch(`/v1/jobs/${id}`, change);
      expect(answer.status, JSON.stringify(change)).toBe(409);
      expect(answer.body).toMatchObject({
        error: 'conflict',
        message: 'Job is in terminal state and cannot be updated',
      });
    }
    expect((await hpc.post(`/v1/jobs/${id}/metrics`, { cpu_usage: 1, memory_usage_mb: 1 })).status).toBe(409);
    expect((await hpc.get(`/v1/jobs/${id}/metrics`)).body).toEqual({ job_id: id, samples: [], total: 0 });
  });

  it('takes any of the five words from pending and running; the first running after pending is the start', async () => {
    const id = await newJob();
    const begun = (await hpc.get(`/v1/jobs/${id}`)).body.start_time as string;
    const pending = (await hpc.patch(`/v1/jobs/${id}`, { state: 'pending' })).body;
    expect(pending).toMatchObject({ state: 'pending', flux_state: 'SCHED', start_time: begun });
    const running = (await hpc.patch(`/v1/jobs/${id}`, { state: 'running' })).body;
    expect(Date.parse(running.start_time)).toBeGreaterThan(Date.parse(begun));
    await hpc.patch(`/v1/jobs/${id}`, { state: 'pending' });
    expect((await hpc.patch(`/v1/jobs/${id}`, { state: 'running' })).body.start_time).toBe(running.start_time);
    expect((await hpc.patch(`/v1/jobs/${id}`, { state: 'failed' })).body).toMatchObject({
      state: 'failed',
      result: 'FAILED',
      success: false,
    });
    const other = await newJob();
    expect((await hpc.patch(`/v1/jobs/${other}`, { state: 'cancelled' })).body).toMatchObject({
      state: 'cancelled',
      result: 'CANCELED',
    });
  });

  it('refuses unknown words, values out of range and of another type, and changes nothing then', async () => {
    const id = await newJob();
    const cases: [object | string, string, string?][] = [
      [{ state: 'done' }, 'validation_error', 'Invalid job state'],
      [{ state: 'RUN' }, 'validation_error'],
      [{ cpu_usage: 100.1 }, 'validation_error', 'CPU usage must be between 0 and 100'],
      [{ cpu_usage: -1, state: 'failed' }, 'validation_error'],
      [{ memory_usage_mb: -1 }, 'validation_error', 'Memory usage must be non-negative'],
      [{ gpu_usage: 101 }, 'validation_error'],
      [{ cpu_usage: '5' }, 'invalid_request'],
      [{ memory_usage_mb: 1.5 }, 'invalid_request'],
      [{ state: 5 }, 'invalid_request'],
      ['nonsense', 'invalid_request'],
    ];
    for (const [body, error, message] of cases) {
      const answer = await hpc.patch(`/v1/jobs/${id}`, body);
      expect(answer, JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { error, ...(message ? { message } : {}) },
      });
    }
    expect((await hpc.get(`/v1/jobs/${id}`)).body).toMatchObject({ state: 'running', cpu_usage: 0 });
    expect((await hpc.patch('/v1/jobs/nobody', { state: 'failed' })).body).toMatchObject({
      error: 'not_found',
      message: 'Job not found',
      detail: 'Job not found',
    });
  });

  it('lets exactly one of two ends at once win', async () => {
    for (let round = 0; round < 10; round += 1) {
      const id = await newJob();
      const answers = await Promise.all(
        ['completed', 'failed', 'cancelled', 'completed'].map((state) => hpc.patch(`/v1/jobs/${id}`, { state })),
      );
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409]);
      const winner = answers.find((answer) => answer.status === 200)?.body;
      expect((await hpc.get(`/v1/jobs/${id}`)).body).toMatchObject({ state: winner.state, end_time: winner.end_time });
    }
  });

  it('deletes in any state, with the samples', async () => {
    const id = await newJob();
    await hpc.post(`/v1/jobs/${id}/metrics`, { cpu_usage: 1, memory_usage_mb: 1 });
    expect((await hpc.delete(`/v1/jobs/${id}`)).status).toBe(204);
    for (const path of [`/v1/jobs/${id}`, `/v1/jobs/${id}/metrics`]) expect((await hpc.get(path)).status).toBe(404);
    expect((await hpc.delete(`/v1/jobs/${id}`)).status).toBe(404);
    expect((await hpc.post('/v1/jobs', { id, user: 'again', nodes: ['n'] })).status).toBe(201);
    expect((await hpc.get(`/v1/jobs/${id}/metrics`)).body.total).toBe(0);
  });
});

describe('the list', () => {
  it('filters, pages without overlap, and says how many there are', async () => {
    const user = 'list-user';
    for (let i = 0; i < 5; i += 1)
      await hpc.post('/v1/jobs', { id: `list-${i}`, user, nodes: [i === 4 ? 'list-1' : 'list-10', 'shared'] });
    await hpc.patch('/v1/jobs/list-0', { state: 'failed' });
    const all = (await hpc.get(`/v1/jobs?user=${user}`)).body;
    expect(all).toMatchObject({ total: 5, limit: 100, offset: 0 });
    expect(all.jobs.map((job: { id: string }) => job.id)).toEqual(['list-4', 'list-3', 'list-2', 'list-1', 'list-0']);
    const pages = await Promise.all(
      [0, 2, 4].map((offset) => hpc.get(`/v1/jobs?user=${user}&limit=2&offset=${offset}`)),
    );
    expect(pages.flatMap(({ body }) => body.jobs.map((job: { id: string }) => job.id))).toEqual(
      all.jobs.map((job: { id: string }) => job.id),
    );
    expect((await hpc.get(`/v1/jobs?user=${user}&state=failed`)).body).toMatchObject({
      total: 1,
      jobs: [{ id: 'list-0' }],
    });
    expect((await hpc.get('/v1/jobs?node=list-1')).body).toMatchObject({ total: 1, jobs: [{ id: 'list-4' }] });
    expect((await hpc.get(`/v1/jobs?node=shared&user=${user}&offset=9`)).body).toMatchObject({
      total: 5,
      jobs: [],
      offset: 9,
    });
  });

  it('refuses what it cannot read and what is out of range', async () => {
    for (const [query, error] of [
      ['limit=x', 'invalid_request'],
      ['offset=1.5', 'invalid_request'],
      ['limit=0', 'validation_error'],
      ['limit=1001', 'validation_error'],
      ['offset=-1', 'validation_error'],
      ['state=done', 'validation_error'],
    ]) {
      expect(await hpc.get(`/v1/jobs?${query}`), query).toMatchObject({ status: 400, body: { error } });
    }
  });
});

describe('health', () => {
  it('is healthy, with the time and a version', async () => {
    expect((await hpc.get('/v1/health')).body).toEqual({
      status: 'healthy',
      timestamp: expect.any(String),
      version: '1.0.0',
    });
  });
});
