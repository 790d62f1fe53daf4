import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { HpcClient } from '../../../../test/support/hpc-client.js';
import { FluxClient } from './client.js';

let api: TestApi;
let flux: FluxClient;
beforeAll(async () => {
  api = await startApi({ passive: true });
  flux = new FluxClient(api.url);
});
afterAll(() => api.close());

const post = async (path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const get = async (path: string): Promise<{ status: number; body: any }> => {
  const answer = await fetch(`${api.url}${path}`, { redirect: 'manual' });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
};
/** fetch sends no body on a GET; older Flux callers do. */
const getWithBody = (path: string, body: unknown): Promise<{ status: number; body: any }> =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const sent = request(
      `${api.url}${path}`,
      { method: 'GET', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } },
      (answer) => {
        let all = '';
        answer.on('data', (part: Buffer) => (all += part.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(all) }));
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });

const specOf = async (id: string) => {
  const job = await api.core.query.byExternalId('flux', id);
  if (!job) throw new Error(`no job ${id}`);
  return job;
};

describe('submit', () => {
  it('by query string, as the client and its command line send it', async () => {
    const plain = await flux.submit('echo "two words" \'single $x\' back\\ slash', {
      envars: { A: 'b c', "it's": 'x', N: 'line\nend' },
      workdir: '/tmp',
      exclusive: true,
      num_tasks: 1,
    });
    expect(plain.status).toBe(200);
    expect(plain.body).toEqual({ Message: 'Job submit.', id: expect.stringMatching(/^\d{15,20}$/) });
    const job = await specOf(plain.body.id);
    expect(job.spec.command).toEqual(['echo', 'two words', 'single $x', 'back slash']);
    expect(job.spec.env).toMatchObject({ A: 'b c', "it's": 'x', N: 'line\nend', FLUX_JOB_ID: plain.body.id });
    expect(job).toMatchObject({
      name: 'echo',
      dialect: 'flux',
      owner: 'fluxuser',
      queue: 'default',
      spec: { workdir: '/tmp', resources: { exclusive: true } },
    });

    const cli = await flux.submitCli('sleep 60');
    const simple = await specOf(cli.body.id);
    expect(simple.spec.command).toEqual(['sleep', '60']);
    // One task on one core is a plain job: it takes the quick way.
    expect(simple.spec.resources).toBeUndefined();
    expect(simple.dispatch).toBe('ticket');
  });

  it('by JSON body, as the seed has it; null is not given; the query wins; unknown names are ignored', async () => {
    const { status, body } = await post('/v1/jobs/submit?num_tasks=2', {
      command: ['/bin/sleep', 1.5, 'a b'],
      runtime: 30,
      workdir: null,
      envars: { A: 1 },
      num_tasks: 4,
      cores_per_task: null,
      gpus_per_task: null,
      nonsense: [1],
    });
    expect(status).toBe(200);
    const job = await specOf(body['id'] as string);
    expect(job.spec).toMatchObject({
      command: ['/bin/sleep', '1.5', 'a b'],
      limits: { runtime_s: 30 },
      env: { A: '1' },
      resources: { tasks: 2 },
    });
    expect(job.spec.resources).toEqual({ tasks: 2 });
    const environment = await post('/v1/jobs/submit?command=env', { HOME_OF: 'x', OTHER: 'y' });
    expect((await specOf(environment.body['id'] as string)).spec.env).toMatchObject({ HOME_OF: 'x', OTHER: 'y' });
    const asJson = await post(
      `/v1/jobs/submit?command=env&envars=${encodeURIComponent('{"J": "1"}')}&exclusive=off&option_flags=ompi%3Dx,bad,k2%3Dv%3D2`,
    );
    expect((await specOf(asJson.body['id'] as string)).spec.env).toMatchObject({ J: '1' });
    expect((await specOf(asJson.body['id'] as string)).payload).toEqual({
      flux: { option_flags: { ompi: 'x', k2: 'v=2' } },
    });
  });

  it('says what is missing, against the rules, or cannot be built, with the body of each case', async () => {
    const A = { Message: "A 'command' is minimally required." };
    for (const [path, body] of [
      ['', undefined],
      ['', {}],
      ['?command=', undefined],
      ['', { command: [] }],
      ['', { command: null, num_tasks: 0 }],
      ['?num_tasks=2', undefined],
    ] as const) {
      expect(await post(`/v1/jobs/submit${path}`, body), `${path} ${JSON.stringify(body)}`).toMatchObject({
        status: 400,
        body: A,
      });
    }
    const B = async (body: object): Promise<string[]> => {
      const answer = await post('/v1/jobs/submit', { command: 'true', ...body });
      expect(answer).toMatchObject({
        status: 400,
        body: { Message: 'Invalid submit request', error: 'validation_error' },
      });
      return answer.body['Errors'] as string[];
    };
    expect(
      await B({
        runtime: -1,
        num_nodes: 1000,
        num_tasks: 1000,
        gpus_per_task: 1,
        option_flags: { '-ompi': 'noodles' },
        envars: [1],
      }),
    ).toEqual([
      'Runtime must be >= 0, found -1',
      'The server only has 1 nodes, you requested 1000',
      'This server does not support gpus: gpus_per_task cannot be set.',
      'Please provide keys without -o, -ompi is invalid.',
      'Environment variables must be key/value pairs (dict)',
    ]);
    expect(await B({ option_flags: 5 })).toEqual([
      'Please provide option args as a dictionary, type number is invalid.',
    ]);
    expect((await flux.submit('sleep 1', { option_flags: { '-ompi': 'noodles' } })).body.Errors[0]).toContain(
      'keys without -o',
    );
    for (const body of [
      { command: 'echo "unbalanced' },
      { command: "echo '" },
      { command: 'x', num_tasks: 0 },
      { command: 'x', cores_per_task: -1 },
      { command: 'x', num_nodes: 0 },
      { command: [{}] },
      { command: ['a\u0000b'] },
    ]) {
      expect(await post('/v1/jobs/submit', body), JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { Message: 'There was an issue submitting that job.', Error: expect.any(String) },
      });
    }
    for (const query of ['num_tasks=two', 'exclusive=2', 'runtime=1.5', 'is_launcher=maybe']) {
      expect(await post(`/v1/jobs/submit?command=x&${query}`), query).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['query', query.split('=')[0]] }] },
      });
    }
    expect(await post('/v1/jobs/submit?command=x&gpus_per_task=&num_nodes=')).toMatchObject({ status: 200 });
    const broken = await fetch(`${api.url}/v1/jobs/submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(broken.status).toBe(400);
  });

  it('knows two launchers', async () => {
    expect((await post('/v1/jobs/submit', { command: 'snakemake --cores 1', is_launcher: true })).body).toEqual({
      Message: 'Job submit, see jobs table for spawned jobs.',
      id: 'MANY',
    });
    expect((await post('/v1/jobs/submit', { command: 'make all', is_launcher: true })).body).toEqual({
      Message: 'make is not a known launcher. ',
      id: 'MANY',
    });
  });
});

describe('lists', () => {
  it('keep ids as text, the same in every reply', async () => {
    const { id } = (await flux.submit('echo listed')).body;
    const list = (await flux.jobs()).body;
    expect(list.jobs[0].id).toBe(id);
    expect(list).toMatchObject({ limit: 100, offset: 0, total: expect.any(Number) });
    const details = (await flux.details()).body;
    expect(Array.isArray(details)).toBe(true);
    expect(details[0]).toMatchObject({
      id,
      state: 'SCHED',
      job_state: 'pending',
      ranks: '',
      expiration: '',
      name: 'echo',
    });
    expect((await flux.jobs(id)).body).toMatchObject({ id, state: 'pending', flux_state: 'SCHED' });
    expect((await get(`/v1/jobs/0x${BigInt(id).toString(16)}/output`)).status).toBe(200);
  });

  it('take details, listing and limit from the query and from a body on the GET', async () => {
    for (const answer of [await get('/v1/jobs?details=true'), await getWithBody('/v1/jobs', { details: true })]) {
      const ids = Object.keys(answer.body);
      expect(ids.length).toBeGreaterThan(2);
      for (const id of ids) expect(answer.body[id].id).toBe(id);
      expect(Object.keys(answer.body[ids[0] as string]).length).toBeGreaterThan(20);
    }
    expect((await getWithBody('/v1/jobs', { details: true, listing: true, limit: 2 })).body).toHaveLength(2);
    expect((await get('/v1/jobs?details=true&limit=0')).body).toEqual({});
    expect((await get('/v1/jobs?details=true&listing=1&limit=0')).body).toEqual([]);
    expect((await get('/v1/jobs?details=true&listing=yes&limit=abc')).body.length).toBeGreaterThan(2);
    expect((await get('/v1/jobs?listing=true')).body.jobs.length).toBeGreaterThan(2);
    expect((await get('/v1/jobs?details=2')).status).toBe(422);
    expect((await getWithBody('/v1/jobs', { limit: 1 })).body.jobs).toHaveLength(1);
  });

  it('search speaks the protocol of DataTables, and every row has every column', async () => {
    await flux.submit('echo needle-in-a-haystack');
    const all = (await flux.search()).body;
    expect(all).toMatchObject({ draw: 1, recordsTotal: all.data.length, recordsFiltered: all.data.length });
    expect((await flux.search({ start: 1 })).body).toMatchObject({
      recordsFiltered: all.recordsTotal - 1,
      recordsTotal: all.recordsTotal,
    });
    expect((await flux.search({ start: 1, length: 3 })).body).toMatchObject({
      recordsFiltered: 3,
      recordsTotal: all.recordsTotal,
    });
    expect((await flux.search({ start: 10_000 })).body.data).toEqual([]);
    const found = (
      await get('/v1/jobs/search?search[value]=fluxuser&draw=7&length=-1&order[0][column]=0&columns[0][data]=id&_=1')
    ).body;
    expect(found).toMatchObject({ draw: 7, recordsFiltered: all.recordsTotal });
    expect((await get('/v1/jobs/search?search=no-such-text')).body).toMatchObject({
      data: [],
      recordsFiltered: 0,
      recordsTotal: all.recordsTotal,
    });
    expect((await get('/v1/jobs/search?start=x')).status).toBe(422);
    for (const column of [
      'id',
      'returncode',
      'runtime',
      'result',
      'urgency',
      'priority',
      'state',
      'name',
      'ntasks',
      'duration',
      'nnodes',
      'ranks',
      'nodelist',
      'expiration',
      'waitstatus',
    ]) {
      for (const row of all.data) expect(row, column).toHaveProperty(column);
    }
    for (const row of all.data) expect(row.exception).toEqual({ occurred: false, severity: '', type: '', note: '' });
  });
});

describe('cancel and output', () => {
  it('cancel says so once, and then that it cannot', async () => {
    const { id } = (await flux.submit('sleep 10')).body;
    expect(await flux.cancel(id)).toMatchObject({ status: 200, body: { Message: 'Job is requested to cancel.', id } });
    const again = await flux.cancel(id);
    expect(again).toMatchObject({ status: 400, body: { id } });
    expect(again.body.Message).toContain('cannot be cancelled');
    expect((await flux.cancel('12345')).body.Message).toContain('cannot be cancelled');
    expect((await flux.jobs(id)).body).toMatchObject({
      state: 'cancelled',
      flux_state: 'INACTIVE',
      result: 'CANCELED',
      returncode: -128,
      exception: { occurred: true, type: 'cancel' },
    });
  });

  it('output that is not there yet is a message, an unknown job is a 404 with words for both clients', async () => {
    const { id } = (await flux.submit('sleep 10')).body;
    const message = { Message: 'The output does not exist yet, or the jobid is incorrect.' };
    expect((await flux.output(id)).body).toEqual(message);
    expect((await flux.output('nonsense')).body).toEqual(message);
    for (const unknown of ['1', 'abc', '%00', 'x'.repeat(2000)]) {
      expect(await get(`/v1/jobs/${unknown}`), unknown).toEqual({
        status: 404,
        body: { error: 'not_found', message: 'Job not found', detail: 'Job not found' },
      });
    }
    const stream = await fetch(`${api.url}/v1/jobs/1/output/stream`);
    expect([stream.status, await stream.text()]).toEqual([200, '']);
  });
});

describe('one resource, two services', () => {
  it('a Flux job passes the description of the observability service, and a job observed there is known to Flux', async () => {
    const hpc = new HpcClient(api.url);
    const { id } = (await flux.submit('echo both')).body;
    expect((await hpc.get(`/v1/jobs/${id}`)).body).toMatchObject({
      id,
      user: 'fluxuser',
      state: 'pending',
      nodes: [],
      flux_state: 'SCHED',
    });
    expect((await hpc.get('/v1/jobs?state=pending')).body.jobs.length).toBeGreaterThan(0);
    await hpc.post('/v1/jobs', { id: 'from outside', user: 'alice', nodes: ['n2', 'n1'] });
    expect((await flux.jobs('from%20outside')).body).toMatchObject({
      flux_state: 'RUN',
      nodelist: 'n[1-2]',
      nnodes: 2,
      nodes: ['n2', 'n1'],
    });
    expect((await flux.output('from%20outside')).body).toHaveProperty('Message');
    expect((await get('/v1/jobs?details=true')).body['from outside']).toMatchObject({
      state: 'RUN',
      job_state: 'running',
    });
    expect(await flux.cancel('from%20outside')).toMatchObject({ status: 200, body: { id: 'from outside' } });
    expect((await hpc.get('/v1/jobs/from%20outside')).body.state).toBe('cancelled');
    expect((await hpc.patch(`/v1/jobs/${id}`, { state: 'completed' })).body.error).toBe('conflict');
    expect((await hpc.patch(`/v1/jobs/${id}`, { state: 'cancelled' })).body).toMatchObject({ state: 'cancelled' });
    expect((await hpc.post('/v1/jobs', { id, user: 'x', nodes: ['n'] })).status).toBe(409);
    expect((await hpc.delete(`/v1/jobs/${id}`)).status).toBe(204);
  });

  it('a job of the native API is here by its own id', async () => {
    const { job } = await api.core.submits.submit({
      queue: 'default',
      owner: 'bob',
      dialect: 'native',
      spec: { command: 'true' },
    });
    expect((await flux.jobs(job.id)).body).toMatchObject({ id: job.id, user: 'bob', flux_state: 'SCHED' });
    expect((await flux.cancel(job.id)).status).toBe(200);
  });
});

describe('paths and methods', () => {
  it('nobody serves are 404 and 405 with a detail; a slash at the end is redirected', async () => {
    expect(await get('/v1/nope')).toMatchObject({ status: 404, body: { detail: 'Not Found' } });
    expect(await post('/v1/nodes')).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
    expect(await get('/v1/service/stop')).toMatchObject({ status: 405 });
    const slash = await fetch(`${api.url}/v1/jobs/?limit=3`, { redirect: 'manual' });
    expect([slash.status, slash.headers.get('location')]).toEqual([307, '/v1/jobs?limit=3']);
  });

  it('nodes are the workers that are up', async () => {
    expect((await flux.nodes()).body).toEqual({ nodes: [] });
  });
});
