import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';

describe('the native job API', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
  });
  afterAll(() => api.close());

  const submit = async (body: object = {}) => (await http.post('/api/v1/jobs', { command: 'true', ...body })).body;

  it('accepts a job and shows it', async () => {
    const answer = await http.post('/api/v1/jobs', {
      queue: 'q1',
      name: 'n',
      command: ['echo', 'a b'],
      env: { A: '1' },
      tags: ['x', 'x', 'y'],
      metadata: { k: [1] },
      priority: 5,
      limits: { runtime_s: 1.5 },
      retry: { max: 2 },
      webhooks: [{ url: 'https://example.org/hook', secret: 'hunter2' }],
      start_at: '2999-01-01T00:00:00+02:00',
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/api/v1/jobs/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      queue: 'q1',
      name: 'n',
      command: ['echo', 'a b'],
      state: 'scheduled',
      cause: null,
      exit_code: null,
      owner: 'anonymous',
      dialect: 'native',
      priority: 5,
      attempt: 1,
      node: null,
      tags: ['x', 'y'],
      metadata: { k: [1] },
      env: { A: '1' },
      limits: { runtime_s: 1.5 },
      retry: { max: 2 },
      start_at: '2998-12-31T22:00:00.000Z',
      started_at: null,
      finished_at: null,
      webhooks: [
        { url: 'https://example.org/hook', on: ['succeeded', 'failed', 'cancelled', 'expired'], signed: true },
      ],
    });
    expect(JSON.stringify(answer.body)).not.toContain('hunter2');
    expect((await http.get(`/api/v1/jobs/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('gives the same job for a repeated key, 100 times at once, and refuses the key with another body', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () =>
        http.post('/api/v1/jobs', { command: 'date', tags: [key] }, { 'idempotency-key': key }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(99);
    expect((await http.post('/api/v1/jobs', { tags: [key], command: 'date' }, { 'idempotency-key': key })).status).toBe(
      200,
    );
    const other = await http.post('/api/v1/jobs', { command: 'other' }, { 'idempotency-key': key });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
    expect(await api.core.query.count({ tags: { values: [key], match: 'all' } })).toBe(1);
  });

  it('gives the job of then for a repeated key though the time in the body has passed, and what is asked of new jobs has changed', async () => {
    const body = { command: 'true', expires_at: new Date(Date.now() + 1_500).toISOString() };
    const one = { 'idempotency-key': randomUUID() };
    const many = { 'idempotency-key': randomUUID() };
    const first = await http.post('/api/v1/jobs', body, one);
    const batch = await http.post('/api/v1/jobs/batch', { jobs: [body, { ...body, id: randomUUID() }] }, many);
    expect([first.status, batch.status]).toEqual([201, 201]);
    await expectEventually(async () => expect((await http.post('/api/v1/jobs', body)).status).toBe(422));
    const again = await http.post('/api/v1/jobs', body, one);
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    const batchAgain = await http.post(
      '/api/v1/jobs/batch',
      { jobs: [body, { ...body, id: batch.body.ids[1] }] },
      many,
    );
    expect([batchAgain.status, batchAgain.body]).toEqual([200, batch.body]);
    expect((await http.post('/api/v1/jobs', { ...body, command: 'false' }, one)).body.code).toBe(
      'idempotency_mismatch',
    );
    expect((await http.post('/api/v1/jobs/batch', { jobs: [body] }, many)).body.code).toBe('idempotency_mismatch');
    expect((await http.post('/api/v1/jobs', body, many)).body.code).toBe('idempotency_mismatch');
  });

  it('takes a batch once for a repeated key, also with ids of its own and 20 times at once', async () => {
    const tag = randomUUID();
    for (const ids of [
      [undefined, undefined],
      [randomUUID(), randomUUID()],
    ]) {
      const jobs = ids.map((id) => ({ command: 'true', tags: [tag], ...(id ? { id } : {}) }));
      const key = { 'idempotency-key': randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => http.post('/api/v1/jobs/batch', { jobs }, key)),
      );
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(19);
      expect(new Set(answers.map((answer) => JSON.stringify(answer.body.ids))).size).toBe(1);
    }
    expect(await api.core.query.count({ tags: { values: [tag], match: 'all' } })).toBe(4);
  });

  it('names every fault with its field, what would be right, and the name that was meant', async () => {
    const answer = await http.post('/api/v1/jobs', {
      command: '',
      prioritty: 1,
      priority: 1.5,
      env: { A: 1 },
      retry: { max: -1, facter: 2 },
      tags: ['ok', 7],
      start_at: 'tomorrow',
      webhooks: [{ url: 'ftp://x' }],
      queue: 'a b',
    });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: 'urn:drover:problem:invalid',
      title: 'Unprocessable Entity',
      status: 422,
      code: 'invalid',
    });
    const faults = Object.fromEntries(
      answer.body.errors.map((fault: { field: string; message: string }) => [fault.field, fault.message]),
    );
    expect(faults).toMatchObject({
      prioritty: 'is not a field here; did you mean "priority"?',
      'retry.facter': 'is not a field here; did you mean "factor"?',
      'retry.max': 'must be at least 0',
      priority: 'must be a whole number',
      'tags.1': 'must be a text (in quotation marks)',
      command: expect.stringContaining('/bin/sh -c'),
      env: expect.stringContaining('quotation marks'),
      start_at: expect.stringContaining('ISO 8601'),
      'webhooks.0.url': expect.stringContaining('http or https'),
      queue: expect.stringContaining('queue name'),
    });
    expect(answer.body.errors.find((fault: { field: string }) => fault.field === 'priority').value).toBe(1.5);
    expect((await http.post('/api/v1/jobs', {})).body.errors).toEqual([
      { field: 'command', message: expect.stringContaining('is missing') },
    ]);
    expect((await http.post('/api/v1/jobs', { command: 'x', cron: '* * bad' })).body.errors[0].field).toBe('cron');
    expect(
      (await http.post('/api/v1/jobs', { command: 'x', expires_at: '2020-01-01T00:00:00Z' })).body.errors[0].field,
    ).toBe('expires_at');
  });

  it('takes a name as long as an index does, in whatever letters', async () => {
    const letters = Array.from({ length: 1_000 }, () => String.fromCodePoint(0x4e00 + randomInt(20_000)));
    const { status, body } = await http.post('/api/v1/jobs', { command: 'true', name: letters.join('') });
    expect([status, body.errors?.[0].field]).toEqual([422, 'name']);
    expect((await submit({ name: letters.slice(0, 833).join('') })).state).toBe('queued');
  });

  it('takes a batch whole or not at all', async () => {
    const before = await api.core.query.count({});
    const bad = await http.post('/api/v1/jobs/batch', {
      jobs: [{ command: 'a' }, { command: 'b', priority: 'high' }, { command: 'c', start_at: 1 }],
    });
    expect(bad.body.errors.map((fault: { field: string }) => fault.field)).toEqual([
      'jobs.1.priority',
      'jobs.2.start_at',
    ]);
    expect(await api.core.query.count({})).toBe(before);
    const ids = [randomUUID(), randomUUID()];
    const good = await http.post('/api/v1/jobs/batch', {
      jobs: [
        { id: ids[0], command: 'a' },
        { id: ids[1], command: 'b', depends_on: [ids[0]] },
      ],
    });
    expect([good.status, good.body]).toEqual([201, { ids, count: 2 }]);
    expect((await http.get(`/api/v1/jobs/${ids[1]}`)).body.state).toBe('scheduled');
    expect(
      (await http.post('/api/v1/jobs/batch', { jobs: [{ command: 'new' }, { id: ids[0], command: 'a' }] })).status,
    ).toBe(409);
    expect(await api.core.query.count({})).toBe(before + 2);
  });

  it('pages through a list by cursor, unmoved by what comes meanwhile', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n++)
      made.push((await submit({ queue: 'paged', name: `job ${n}`, tags: n % 2 ? ['odd'] : ['even'] })).id);
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page = await http.get(`/api/v1/jobs?queue=paged&limit=3${next ? `&cursor=${next}` : ''}`);
      seen.push(...page.body.jobs.map((job: { id: string }) => job.id));
      next = page.body.next;
      await submit({ queue: 'paged', name: 'later', tags: ['later'] });
    } while (next);
    expect(seen).toEqual([...made].reverse());
    const names = async (query: string): Promise<string[]> =>
      (await http.get(`/api/v1/jobs?queue=paged&${query}`)).body.jobs.map((job: { name: string }) => job.name);
    expect(await names('tag=odd')).toEqual(['job 5', 'job 3', 'job 1']);
    expect(await names('q=JOB%204')).toEqual(['job 4']);
    expect(await names('state=running,failed')).toEqual([]);
    expect(await names('owner=nobody')).toEqual([]);
  });

  it('pins a job when it is submitted or later, and lets it go again', async () => {
    const { id, pinned } = await submit();
    expect(pinned).toBe(false);
    expect((await submit({ pinned: true })).pinned).toBe(true);
    expect((await http.post(`/api/v1/jobs/${id}/pin`, {})).body).toMatchObject({ id, pinned: true });
    expect((await http.get(`/api/v1/jobs/${id}`)).body.pinned).toBe(true);
    expect((await http.post(`/api/v1/jobs/${id}/unpin`, {})).body).toMatchObject({ id, pinned: false });
    expect((await http.post('/api/v1/jobs', { command: 'true', pinned: 'yes' })).status).toBe(422);
  });

  it('cancels, retries and deletes', async () => {
    const { id } = await submit();
    expect((await http.delete(`/api/v1/jobs/${id}`)).body).toMatchObject({ status: 409, state: 'queued' });
    expect((await http.post(`/api/v1/jobs/${id}/retry`)).status).toBe(409);
    expect((await http.get(`/api/v1/jobs/${id}/result`)).status).toBe(409);
    const cancelled = await http.post(`/api/v1/jobs/${id}/cancel`, { reason: 'not needed' });
    expect([cancelled.status, cancelled.body]).toMatchObject([
      200,
      { state: 'cancelled', cause: 'cancelled', cause_detail: 'not needed' },
    ]);
    expect((await http.post(`/api/v1/jobs/${id}/cancel`)).body).toMatchObject({ status: 409, code: 'terminal' });
    expect((await http.get(`/api/v1/jobs/${id}/result`)).body).toMatchObject({
      state: 'cancelled',
      execution: null,
      artifacts: 0,
    });
    expect((await http.post(`/api/v1/jobs/${id}/retry`)).body).toMatchObject({ state: 'queued', attempt: 2 });
    await http.post(`/api/v1/jobs/${id}/cancel`);
    expect((await http.delete(`/api/v1/jobs/${id}`)).status).toBe(204);
    expect((await http.get(`/api/v1/jobs/${id}`)).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('shows result, executions and samples of a job that ran', async () => {
    const agent = await scriptedAgent(api.core, 'node-x');
    const { id } = await submit();
    const execution = await (await agent.claim(id)).started();
    await api.core.reports.apply(agent.agent.id, [
      {
        execution_id: execution.id,
        epoch: 1,
        kind: 'samples',
        samples: [
          {
            at: new Date().toISOString(),
            cpu_percent: 50,
            memory_bytes: 5_000_000_000,
            read_bytes: 1,
            write_bytes: 2,
            cpu_seconds: 0.5,
            processes: 2,
            gpu_percent: null,
            gpu_memory_bytes: null,
          },
        ],
      },
    ]);
    await execution.ended({ exit_code: 7 });
    expect((await http.get(`/api/v1/jobs/${id}/result`)).body).toMatchObject({
      state: 'failed',
      cause: 'exit_code',
      exit_code: 7,
      node: 'node-x',
      execution: { id: execution.id, epoch: 1 },
    });
    expect((await http.get(`/api/v1/jobs/${id}/executions`)).body.executions).toMatchObject([
      { id: execution.id, state: 'ended', node: 'node-x', log_complete: true },
    ]);
    expect((await http.get(`/api/v1/jobs/${id}/metrics`)).body.samples).toMatchObject([
      { cpu_percent: 50, memory_bytes: 5_000_000_000, processes: 2 },
    ]);
    expect((await http.get(`/api/v1/jobs/${id}/metrics?from=2999-01-01T00:00:00Z`)).body.samples).toEqual([]);
  });

  it('explains why a job waits, and why it ended', async () => {
    const codes = async (id: string): Promise<string[]> =>
      (await http.get(`/api/v1/jobs/${id}/explain`)).body.reasons.map((reason: { code: string }) => reason.code);
    const lonely = await submit({ queue: 'nobody-here' });
    expect((await http.get(`/api/v1/jobs/${lonely.id}/explain`)).body).toMatchObject({
      state: 'queued',
      summary: 'The job is queued: No agent serves the queue nobody-here.',
      reasons: [{ code: 'no_agent', remedy: expect.stringContaining('DROVER_QUEUES=nobody-here') }],
    });
    const { agent } = await scriptedAgent(api.core, 'busy', ['busy']);
    const inContainer = await submit({ queue: 'busy', image: 'busybox' });
    expect(await codes(inContainer.id)).toEqual(['no_container_engine']);
    const waits = await submit({ queue: 'busy' });
    expect(await codes(waits.id)).toEqual(['others_first']);
    await api.core.agents.heartbeat(agent, { slots_free: 0, running: [] });
    expect(await codes(waits.id)).toEqual(['slots_busy', 'others_first']);
    await http.post('/api/v1/queues/busy/pause');
    expect((await codes(waits.id))[0]).toBe('queue_paused');
    await http.post('/api/v1/agents/busy/drain');
    await http.post('/api/v1/queues/busy/resume');
    expect(await codes(waits.id)).toEqual(['agents_draining']);
    const dependent = await submit({ depends_on: [waits.id], start_at: '2999-01-01T00:00:00Z' });
    expect((await codes(dependent.id)).slice(0, 2)).toEqual(['dependencies', 'not_yet']);
    await http.post(`/api/v1/jobs/${waits.id}/cancel`, { reason: 'enough' });
    expect((await http.get(`/api/v1/jobs/${dependent.id}/explain`)).body).toMatchObject({
      state: 'failed',
      reasons: [{ code: 'dependency_failed', remedy: expect.any(String) }],
    });
    expect((await http.get(`/api/v1/jobs/${waits.id}/explain`)).body.reasons).toMatchObject([
      { code: 'cancelled', message: 'enough' },
    ]);
  });

  it('says which workers take nothing because their disks are full, with the busy ones beside them', async () => {
    const reasons = async (id: string): Promise<{ code: string; message: string; remedy: string | null }[]> =>
      (await http.get(`/api/v1/jobs/${id}/explain`)).body.reasons;
    const blockOf = async (name: string): Promise<unknown> =>
      (await http.get(`/api/v1/agents/${name}`)).body.blocked_by;
    const facts = {
      hostname: 'h',
      version: '0',
      os: 'linux',
      cpus: 4,
      memory_mb: 1_024,
      gpus: [],
      labels: {},
      executors: ['process'],
    };
    const register = (name: string) =>
      api.core.agents.register({ name, queues: ['full'], slots: 4, facts, boot_id: 'b' });
    const { agent: one, token } = await register('full-1');
    await api.core.agents.heartbeat(one, { slots_free: 4, running: [], cpu_load: 1, blocked_by: 'disk_full' });
    expect(await blockOf('full-1')).toBe('disk_full');
    const { id } = await submit({ queue: 'full' });
    expect((await reasons(id))[0]).toEqual({
      code: 'disk_full',
      message:
        'The disks of all workers of full that could run it are full (full-1): they take no jobs until there is room.',
      remedy: 'Free space on the data folder of full-1, or add a worker.',
    });
    const { agent: two } = await register('full-2');
    expect((await reasons(id)).map(({ code }) => code)).not.toContain('disk_full');
    await api.core.agents.heartbeat(two, { slots_free: 0, running: [] });
    expect((await reasons(id)).slice(0, 2)).toMatchObject([
      {
        code: 'disk_full',
        message: expect.stringContaining('1 of the 2 workers of full that could run it are full (full-1)'),
      },
      { code: 'slots_busy', message: 'All 4 slots of the 1 other worker(s) that serve full are busy.' },
    ]);
    // The reason holds for as long as each beat says it, and ends with the registration or the worker.
    await api.core.agents.heartbeat(one, { slots_free: 4, running: [] });
    expect(await blockOf('full-1')).toBeNull();
    await api.core.agents.heartbeat(one, { slots_free: 4, running: [], blocked_by: 'disk_full' });
    await register('full-1');
    expect(await blockOf('full-1')).toBeNull();
    await api.core.agents.heartbeat(one, { slots_free: 4, running: [], blocked_by: 'disk_full' });
    await api.core.agents.deregister(one);
    expect((await http.get('/api/v1/agents/full-1')).body).toMatchObject({ state: 'offline', blocked_by: null });
    const { token: anew } = await register('full-1');
    expect(anew).not.toBe(token);
    const beat = (blocked_by: unknown) =>
      http.post('/agent/v1/heartbeat', { slots_free: 4, running: [], blocked_by }, { authorization: `Bearer ${anew}` });
    expect((await beat('tired')).status).toBe(422);
    expect((await beat('disk_full')).status).toBe(200);
    await http.post(`/api/v1/jobs/${id}/cancel`);
  });

  it('shows queues, agents and limits', async () => {
    await scriptedAgent(api.core, 'server', ['served', 'idle']);
    await submit({ queue: 'served' });
    const queue = (await http.get('/api/v1/queues/served')).body;
    expect(queue).toMatchObject({
      name: 'served',
      paused: false,
      counts: { queued: 1, running: 0 },
      agents: 1,
      slots: 4,
      slots_free: 4,
    });
    expect(queue.oldest_queued_s).toBeGreaterThanOrEqual(0);
    expect((await http.get('/api/v1/queues')).body.queues.map((one: { name: string }) => one.name)).toEqual(
      expect.arrayContaining(['idle', 'served']),
    );
    expect((await http.get('/api/v1/queues/never')).status).toBe(404);
    expect((await http.post('/api/v1/queues/never/pause')).status).toBe(404);
    expect((await http.post('/api/v1/queues/idle/pause')).body).toMatchObject({ name: 'idle', paused: true });
    expect((await http.post('/api/v1/queues/idle/resume')).body).toMatchObject({ name: 'idle', paused: false });
    const agent = await http.get('/api/v1/agents/server');
    expect(agent.body).toMatchObject({ name: 'server', kind: 'worker', state: 'online', queues: ['served', 'idle'] });
    expect(JSON.stringify((await http.get('/api/v1/agents')).body)).not.toContain('token');
    expect((await http.get('/api/v1/agents?queue=idle')).body.agents).toHaveLength(1);
    expect((await http.get('/api/v1/agents/nobody')).status).toBe(404);
    expect((await http.post('/api/v1/agents/server/drain')).body.state).toBe('draining');
    expect((await http.post('/api/v1/agents/server/undrain')).body.state).toBe('online');
    expect((await http.get('/api/v1/limits')).body).toMatchObject({ batch_jobs: 10_000, body_bytes: 8_388_608 });
  });
});
