import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { HpcClient } from '../../../../test/support/hpc-client.js';

let api: TestApi;
let hpc: HpcClient;
beforeAll(async () => {
  api = await startApi({ passive: true });
  hpc = new HpcClient(api.url);
});
afterAll(() => api.close());

const create = async (id: string): Promise<string> => {
  await hpc.post('/v1/jobs', { id, user: 'alice', nodes: ['n1'] });
  return `/v1/jobs/${id}`;
};

describe('samples', () => {
  it('update usage, averages and peaks at once; the GPU average knows only samples with a GPU', async () => {
    const job = await create('averages');
    const first = await hpc.post(`${job}/metrics`, { cpu_usage: 75.5, memory_usage_mb: 4096, gpu_usage: 50 });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      timestamp: expect.any(String),
      cpu_usage: 75.5,
      memory_usage_mb: 4096,
      gpu_usage: 50,
    });
    await hpc.post(`${job}/metrics`, { cpu_usage: 24.5, memory_usage_mb: 1024 });
    await hpc.post(`${job}/metrics`, { cpu_usage: 50, memory_usage_mb: 2048, gpu_usage: 100 });
    const { body } = await hpc.get(job);
    expect(body).toMatchObject({
      cpu_usage: 50,
      memory_usage_mb: 2048,
      gpu_usage: 100,
      sample_count: 3,
      avg_cpu_usage: 50,
      max_cpu_usage: 75.5,
      max_memory_usage_mb: 4096,
      avg_gpu_usage: 75,
      max_gpu_usage: 100,
    });
    const history = (await hpc.get(`${job}/metrics`)).body;
    expect(history).toMatchObject({ job_id: 'averages', total: 3 });
    expect(history.samples.map((sample: { cpu_usage: number }) => sample.cpu_usage)).toEqual([75.5, 24.5, 50]);
    expect(history.samples[1]).not.toHaveProperty('gpu_usage');
    expect(body.last_sample_at).toBe(history.samples[2].timestamp);
  });

  it('come oldest first; a limit keeps the newest, the total counts all that match, both ends of a range count', async () => {
    const job = await create('ranges');
    const times: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      times.push((await hpc.post(`${job}/metrics`, { cpu_usage: i, memory_usage_mb: i })).body.timestamp);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    const cpus = (body: { samples: { cpu_usage: number }[] }): number[] =>
      body.samples.map((sample) => sample.cpu_usage);
    const limited = (await hpc.get(`${job}/metrics?limit=2`)).body;
    expect(cpus(limited)).toEqual([4, 5]);
    expect(limited.total).toBe(6);
    const ranged = (await hpc.get(`${job}/metrics?start_time=${times[1]}&end_time=${times[3]}`)).body;
    expect(cpus(ranged)).toEqual([1, 2, 3]);
    expect(ranged.total).toBe(3);
    expect((await hpc.get(`${job}/metrics?start_time=2100-01-01T00:00:00Z`)).body).toMatchObject({
      samples: [],
      total: 0,
    });
  });

  it('are refused with the right code', async () => {
    const job = await create('faults');
    const cases: [object | string, string, string?][] = [
      [{ cpu_usage: 1 }, 'validation_error'],
      [{ memory_usage_mb: 1 }, 'validation_error'],
      [{ cpu_usage: 101, memory_usage_mb: 1 }, 'validation_error', 'CPU usage must be between 0 and 100'],
      [{ cpu_usage: 1, memory_usage_mb: -1 }, 'validation_error', 'Memory usage must be non-negative'],
      [{ cpu_usage: 1, memory_usage_mb: 1, gpu_usage: -5 }, 'validation_error'],
      [{ cpu_usage: '1', memory_usage_mb: 1 }, 'invalid_request'],
      ['{"cpu', 'invalid_request', 'Invalid JSON body'],
    ];
    for (const [body, error, message] of cases) {
      expect(await hpc.post(`${job}/metrics`, body), JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { error, ...(message ? { message } : {}) },
      });
    }
    for (const [query, error] of [
      ['limit=0', 'validation_error'],
      ['limit=10001', 'validation_error'],
      ['limit=x', 'invalid_request'],
      ['start_time=yesterday', 'invalid_request'],
    ]) {
      expect(await hpc.get(`${job}/metrics?${query}`), query).toMatchObject({ status: 400, body: { error } });
    }
    expect((await hpc.get('/v1/jobs/nobody/metrics')).status).toBe(404);
    expect((await hpc.post('/v1/jobs/nobody/metrics', { cpu_usage: 1, memory_usage_mb: 1 })).status).toBe(404);
    expect((await hpc.get(`${job}/metrics`)).body.total).toBe(0);
  });

  it('sent at once are all stored and all counted', async () => {
    const job = await create('at-once');
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => hpc.post(`${job}/metrics`, { cpu_usage: i % 100, memory_usage_mb: i })),
    );
    expect((await hpc.get(job)).body).toMatchObject({
      sample_count: 200,
      avg_cpu_usage: 49.5,
      max_cpu_usage: 99,
      max_memory_usage_mb: 199,
    });
    expect((await hpc.get(`${job}/metrics`)).body.total).toBe(200);
  });

  it('get the same answers before the router as from it: of one size or in pieces, with a login or without', async () => {
    const job = await create('lane');
    await create('over');
    await hpc.patch('/v1/jobs/over', { state: 'failed' });
    const send = async (path: string, body: string, headers: Record<string, string>): Promise<unknown> => {
      const answer = await fetch(`${api.url}${path}`, {
        method: 'POST',
        body,
        headers: { 'x-correlation-id': 'c-1', ...headers },
      });
      const { timestamp, ...rest } = (await answer.json()) as Record<string, unknown>;
      return {
        status: answer.status,
        rest,
        timed: typeof timestamp,
        type: answer.headers.get('content-type'),
        correlation: answer.headers.get('x-correlation-id'),
        named: answer.headers.has('x-request-id'),
      };
    };
    const good = '{"cpu_usage":1,"memory_usage_mb":2,"gpu_usage":3}';
    for (const [path, body] of [
      [job, good],
      [job, '{"cpu_usage":1}'],
      [job, '{"cpu_usage":"1","memory_usage_mb":1}'],
      [job, '{"cpu'],
      [job, ''],
      [job, '[]'],
      [job, '{"cpu_usage":1,"memory_usage_mb":-1}'],
      ['/v1/jobs/nobody', good],
      ['/v1/jobs/over', good],
      ['/v1/jobs/a%20b', good],
      ['/v1/jobs/%00', good],
    ] as const) {
      const quick = await send(`${path}/metrics`, body, {});
      // With a header that says nothing to anybody it goes through the guards.
      expect(quick, `${path} ${body}`).toEqual(
        await send(`${path}/metrics`, body, { authorization: 'Basic bm9ib2R5OnB3' }),
      );
    }
    const { body } = await hpc.get(`${job}/metrics`);
    expect(body.total).toBe(2);
  });

  it('of a job that was deleted and made anew belong to the new one', async () => {
    const job = await create('again');
    await hpc.post(`${job}/metrics`, { cpu_usage: 1, memory_usage_mb: 1 });
    await hpc.delete(job);
    expect((await hpc.post(`${job}/metrics`, { cpu_usage: 2, memory_usage_mb: 1 })).status).toBe(404);
    await create('again');
    await hpc.post(`${job}/metrics`, { cpu_usage: 3, memory_usage_mb: 1 });
    expect((await hpc.get(`${job}/metrics`)).body).toMatchObject({ total: 1, samples: [{ cpu_usage: 3 }] });
  });

  it('and an end at once: what was accepted before it is counted, nothing after it', async () => {
    const job = await create('race');
    const answers = await Promise.all([
      ...Array.from({ length: 30 }, () => hpc.post(`${job}/metrics`, { cpu_usage: 5, memory_usage_mb: 5 })),
      hpc.patch(job, { state: 'completed' }),
      ...Array.from({ length: 30 }, () => hpc.post(`${job}/metrics`, { cpu_usage: 5, memory_usage_mb: 5 })),
    ]);
    const stored = answers.filter((answer) => answer.status === 201).length;
    expect((await hpc.get(`${job}/metrics`)).body.total).toBe(stored);
    expect((await hpc.get(job)).body.sample_count ?? 0).toBe(stored);
  });
});

describe('the trail', () => {
  it('has an entry a change with who, from where and the whole job; a correlation id comes back', async () => {
    const headers = { 'X-Changed-By': 'carol', 'X-Source': 'syncer', 'X-Correlation-Id': 'abc-1' };
    const made = await hpc.post('/v1/jobs', { id: 'audited', user: 'alice', nodes: ['n1'] }, headers);
    expect(made.headers.get('x-correlation-id')).toBe('abc-1');
    const patched = await hpc.patch('/v1/jobs/audited', {});
    expect(patched.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    await hpc.patch('/v1/jobs/audited', { state: 'failed', cpu_usage: 12 }, headers);
    await hpc.patch('/v1/jobs/audited', { state: 'completed' }, headers);
    await hpc.delete('/v1/jobs/audited', headers);
    const answer = await fetch(`${api.url}/v1/jobs/audited/audit`);
    const { entries } = (await answer.json()) as { entries: { snapshot: Record<string, unknown> }[] };
    expect(entries).toMatchObject([
      {
        change_type: 'create',
        changed_by: 'carol',
        source: 'syncer',
        correlation_id: 'abc-1',
        snapshot: { id: 'audited', state: 'running', nodes: ['n1'] },
      },
      { change_type: 'update', changed_by: 'anonymous', source: 'api', snapshot: { state: 'running' } },
      { change_type: 'update', changed_by: 'carol', snapshot: { state: 'failed', cpu_usage: 12 } },
      { change_type: 'delete', changed_by: 'carol', snapshot: { state: 'failed' } },
    ]);
    expect((await fetch(`${api.url}/v1/jobs/never/audit`)).status).toBe(404);
  });

  it('is required in strict mode', async () => {
    const strict = await startApi({ passive: true, env: { DROVER_HPC_STRICT_AUDIT: '1' } });
    try {
      const client = new HpcClient(strict.url);
      const job = { id: 's', user: 'u', nodes: ['n'] };
      expect((await client.post('/v1/jobs', job)).body).toMatchObject({
        error: 'invalid_request',
        message: 'X-Changed-By header is required',
      });
      expect((await client.post('/v1/jobs', job, { 'X-Changed-By': 'a' })).body).toMatchObject({
        error: 'invalid_request',
        message: 'X-Source header is required',
      });
      expect((await client.post('/v1/jobs', job, { 'X-Changed-By': ' ', 'X-Source': 'a' })).body.error).toBe(
        'validation_error',
      );
      expect((await client.post('/v1/jobs', job, { 'X-Changed-By': 'a', 'X-Source': 'b' })).status).toBe(201);
    } finally {
      await strict.close();
    }
  });
});

describe('lifecycle events', () => {
  it('as a real Slurm sends them are taken: nameless nodes, empty texts, both in the same second', async () => {
    const started = {
      job_id: '4711',
      user: 'root',
      node_list: [''],
      timestamp: '2026-01-20T10:00:00Z',
      cpu_allocation: 0,
      memory_allocation_mb: 0,
      gpu_allocation: 0,
      gpu_vendor: 'none',
      gpu_devices: [],
      cgroup_path: '',
      partition: 'debug',
      account: '',
    };
    expect((await hpc.post('/v1/events/job-started', started)).body).toMatchObject({
      status: 'created',
      job_id: '4711',
    });
    expect((await hpc.post('/v1/events/job-started', started)).body.status).toBe('skipped');
    const job = (await hpc.get('/v1/jobs/4711')).body;
    expect(job).toMatchObject({
      state: 'running',
      nodes: [],
      start_time: '2026-01-20T10:00:00.000Z',
      scheduler_instance: 'slurm',
      ingest_version: 'prolog-v1',
      scheduler: { type: 'slurm', external_job_id: '4711', partition: 'debug' },
    });
    expect(job.scheduler).not.toHaveProperty('account');
    expect(job).not.toHaveProperty('requested_cpus');
    const finished = {
      job_id: '4711',
      final_state: 'completed',
      exit_code: 0,
      signal: 0,
      timestamp: '2026-01-20T10:00:00Z',
    };
    expect((await hpc.post('/v1/events/job-finished', finished)).body.status).toBe('updated');
    expect((await hpc.post('/v1/events/job-finished', finished)).body.status).toBe('skipped');
    expect((await hpc.get('/v1/jobs/4711')).body).toMatchObject({
      state: 'completed',
      end_time: '2026-01-20T10:00:00.000Z',
      runtime_seconds: 0,
      scheduler: { exit_code: 0 },
    });
  });

  it('keep allocations; the word in final_state decides, whatever the signal; the clock never runs backwards', async () => {
    await hpc.post('/v1/events/job-started', {
      job_id: '4712',
      user: 'u',
      node_list: ['node[01-03]', 'gpu'],
      timestamp: '2026-01-20T10:00:00Z',
      cpu_allocation: 8,
      memory_allocation_mb: 1024,
      gpu_allocation: 2,
      gpu_vendor: 'nvidia',
    });
    expect((await hpc.get('/v1/jobs/4712')).body).toMatchObject({
      nodes: ['node01', 'node02', 'node03', 'gpu'],
      requested_cpus: 8,
      allocated_cpus: 8,
      allocated_memory_mb: 1024,
      allocated_gpus: 2,
    });
    await hpc.post('/v1/events/job-finished', {
      job_id: '4712',
      final_state: 'failed',
      signal: 9,
      exit_code: 137,
      timestamp: '2026-01-20T09:00:00Z',
    });
    expect((await hpc.get('/v1/jobs/4712')).body).toMatchObject({
      state: 'failed',
      runtime_seconds: 0,
      returncode: 137,
      scheduler: { exit_code: 137 },
    });
  });

  it('are refused where they make no sense, and a finish without a start is a 404', async () => {
    const started = { job_id: '1', user: 'u', node_list: ['n'], timestamp: '2026-01-20T10:00:00Z' };
    for (const [body, error, message] of [
      [{ ...started, job_id: '' }, 'validation_error', 'job_id is required'],
      [{ ...started, user: undefined }, 'validation_error', 'user is required'],
      [{ ...started, node_list: [] }, 'validation_error', 'node_list is required'],
      [{ ...started, timestamp: 'now' }, 'invalid_request', undefined],
      [{ ...started, cpu_allocation: -1 }, 'validation_error', undefined],
    ] as const) {
      expect(await hpc.post('/v1/events/job-started', body), JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { error, ...(message ? { message } : {}) },
      });
    }
    expect((await hpc.post('/v1/events/job-finished', { job_id: 'none', final_state: 'failed' })).status).toBe(404);
    expect((await hpc.post('/v1/events/job-finished', { job_id: 'none', final_state: 'over' })).body).toMatchObject({
      error: 'validation_error',
      message: 'Invalid final_state',
    });
  });
});
