import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientsService } from '@drover/access';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { JWT_KEY, mint, type Claims } from './support.js';

const KEY = 'correct horse battery staple';
const SAMPLE = { cpu_usage: 12, memory_usage_mb: 64 };

let api: TestApi;
let admin: string;
beforeAll(async () => {
  api = await startApi({
    env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY, DROVER_ENROLMENT_TOKEN: 'a token for new workers' },
  });
  admin = await mint({ client_id: 'root', role: 'admin' });
});
afterAll(() => api.close());

interface Answer {
  status: number;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  json: any;
}

async function send(
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'X-Changed-By': 'test',
      'X-Source': 'test',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null,
  };
}

const person = (name: string, project: string, role = 'submitter'): Promise<string> =>
  mint({ client_id: name, role, project } as Claims);

const put = (id: string, change: Record<string, unknown>, token = admin): Promise<Answer> =>
  send(token, 'PUT', `/v1/client-permissions/${id}`, change);

async function login(id: string): Promise<string> {
  const answer = await fetch(`${api.url}/v1/oauth2/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${id}:${KEY}`).toString('base64')}` },
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** A client of the record, logged in. */
async function client(change: Record<string, unknown> = {}): Promise<{ id: string; token: string }> {
  const id = `client-${randomUUID()}`;
  expect((await put(id, { client_secret: KEY, role: 'contributor', ...change })).status).toBe(200);
  return { id, token: await login(id) };
}

async function submit(
  token: string,
  more: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await send(token, 'POST', '/api/v1/jobs', { command: 'true', queue: 'idle', ...more }, headers);
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.json.id as string;
}

const post = async (token: string, job: string): Promise<number> =>
  (await send(token, 'POST', `/v1/jobs/${job}/metrics`, SAMPLE)).status;
const shown = async (job: string): Promise<Record<string, unknown>> =>
  (await send(admin, 'GET', `/api/v1/jobs/${job}`)).json as Record<string, unknown>;
const trailOf = async (object: string): Promise<unknown[]> =>
  (
    (await send(admin, 'GET', `/api/v1/audit?object=${object}`)).json.entries as { actor: string; action: string }[]
  ).map(({ actor, action }) => [actor, action]);

describe('a sample', () => {
  it('is taken from those who may change its job alone, whoever has posted one before', async () => {
    const [a1, a2, b1, robot] = [
      await person('a1', 'alpha'),
      await person('a2', 'alpha'),
      await person('b1', 'beta'),
      await person('agb', 'beta', 'agent'),
    ];
    const job = await submit(a1);
    const all = async (): Promise<number[]> => [await post(b1, job), await post(robot, job), await post(a2, job)];
    expect(await all()).toEqual([404, 404, 403]);
    expect(await post(a1, job)).toBe(201);
    expect(await all()).toEqual([404, 404, 403]);
    expect((await send(a1, 'GET', `/v1/jobs/${job}/metrics`)).json.samples).toHaveLength(1);
  });

  it('of an observed job is taken from whoever reported it', async () => {
    const [ag1, other, agb] = [
      await person('ag1', 'alpha', 'agent'),
      await person('ag2', 'alpha', 'agent'),
      await person('agb', 'beta', 'agent'),
    ];
    const job_id = `slurm-${randomUUID()}`;
    expect(
      (await send(ag1, 'POST', '/v1/events/job-started', { job_id, user: 'eve', node_list: ['n1'] })).json.status,
    ).toBe('created');
    expect([await post(agb, job_id), await post(other, job_id), await post(ag1, job_id)]).toEqual([404, 404, 201]);
    expect([await post(agb, job_id), await post(other, job_id), await post(ag1, job_id)]).toEqual([404, 404, 201]);
  });

  it('is no longer taken from an agent whose job has gone to another one', async () => {
    const ag1 = await person('ag1', 'alpha', 'agent');
    const job = await submit(await person('a1', 'alpha'));
    const hand = (to: string): Promise<unknown> =>
      api.core.store.sql.run('UPDATE job SET claimed_by = $2 WHERE id = $1', [job, to]);
    await hand('ag1');
    expect(await post(ag1, job)).toBe(201);
    await hand('ag2');
    expect([await post(ag1, job), await post(await person('ag2', 'alpha', 'agent'), job)]).toEqual([404, 201]);
  });
});

describe('an id of an observed job', () => {
  it('means the job of the own project, and another project can neither take it nor learn of it', async () => {
    const [b1, a1, ag1] = [
      await person('b1', 'beta'),
      await person('a1', 'alpha'),
      await person('ag1', 'alpha', 'agent'),
    ];
    const id = `slurm-${randomUUID()}`;
    expect((await send(b1, 'POST', '/v1/jobs', { id, user: 'b1', nodes: ['beta-node'] })).status).toBe(201);
    expect(
      (await send(ag1, 'POST', '/v1/events/job-started', { job_id: id, user: 'a1', node_list: ['alpha-node'] })).json
        .status,
    ).toBe('created');
    expect(
      (await send(ag1, 'POST', '/v1/events/job-started', { job_id: id, user: 'a1', node_list: ['alpha-node'] })).json
        .status,
    ).toBe('skipped');
    expect(await post(ag1, id)).toBe(201);
    const nodes = async (token: string): Promise<unknown> => (await send(token, 'GET', `/v1/jobs/${id}`)).json.nodes;
    expect([await nodes(b1), await nodes(a1)]).toEqual([['beta-node'], ['alpha-node']]);
    const operators = [
      await person('o1', 'alpha', 'operator'),
      await person('o2', 'beta', 'operator'),
      await person('o3', 'gamma', 'operator'),
    ];
    // A client without a project of its own sees the oldest.
    expect(await Promise.all(operators.map(nodes))).toEqual([['alpha-node'], ['beta-node'], ['beta-node']]);
    const trail = async (token: string): Promise<string[]> =>
      ((await send(token, 'GET', `/v1/jobs/${id}/audit`)).json.entries as { snapshot: { nodes: string[] } }[]).flatMap(
        ({ snapshot }) => snapshot.nodes,
      );
    expect([await trail(b1), await trail(a1)]).toEqual([['beta-node'], ['alpha-node']]);
    // A scraper that sees every project finds each series once.
    const series = (await send(operators[0] as string, 'GET', '/metrics')).text
      .split('\n')
      .filter((line) => line.startsWith('hpc_job_runtime_seconds{') && line.includes(id));
    expect(series).toEqual([expect.stringContaining('alpha-node')]);
    expect((await send(b1, 'DELETE', `/v1/jobs/${id}`)).status).toBe(204);
    expect([await nodes(b1), await nodes(a1)]).toEqual([undefined, ['alpha-node']]);
  });

  it('does not stand for a job of the record where somebody sees both', async () => {
    const job = await submit(await person('a1', 'alpha'));
    const b1 = await person('b1', 'beta');
    expect((await send(b1, 'POST', '/v1/jobs', { id: job, user: 'b1', nodes: ['beta-node'] })).status).toBe(201);
    const operator = await person('o2', 'beta', 'operator');
    expect((await send(operator, 'GET', `/v1/jobs/${job}`)).json.nodes).not.toEqual(['beta-node']);
  });
});

describe('an idempotency key', () => {
  it('is of its project: a client that has moved does not see what it submitted before', async () => {
    const { id, token } = await client({ project: 'alpha' });
    const body = { command: 'true', queue: 'idle', stdin: 'of alpha' };
    const repeat = (): Promise<Answer> => send(token, 'POST', '/api/v1/jobs', body, { 'Idempotency-Key': 'k1' });
    const first = await repeat();
    expect([first.status, (await repeat()).json.id]).toEqual([201, first.json.id]);
    expect((await put(id, { project: 'beta' })).status).toBe(200);
    expect((await send(token, 'GET', `/api/v1/jobs/${first.json.id}`)).status).toBe(404);
    const moved = await repeat();
    expect([moved.status, moved.json.project, moved.json.id === first.json.id]).toEqual([201, 'beta', false]);
  });
});

describe('a client that is revoked', () => {
  it('has nothing started any more: schedules and waiting jobs of every API end, and the trail says why', async () => {
    const { id, token } = await client();
    const cron = await submit(token, { cron: { pattern: '* * * * * *' } });
    const waiting = await submit(token);
    const running = await submit(token);
    await api.core.store.sql.run(`UPDATE job SET state = 'running', started_at = now() WHERE id = $1`, [running]);
    const task = await send(token, 'POST', '/tasks/nightly', { image: 'busybox', command: 'true', cron: '* * * * *' });
    expect(task.status).toBe(200);
    const parent = task.json.queueJobId as string;
    expect((await send(admin, 'DELETE', `/v1/client-permissions/${id}`)).text).toBe('OK');
    const reason = `Its owner ${id} was revoked.`;
    await expectEventually(async () => {
      for (const job of [cron, waiting, parent])
        expect(await shown(job)).toMatchObject({ state: 'cancelled', cause_detail: reason });
    });
    expect((await shown(running))['state']).toBe('running');
    expect((await trailOf(cron))[0]).toEqual(['system', 'job.withdraw']);
    const children = (): Promise<unknown[]> =>
      api.core.store.sql.rows(`SELECT id FROM job WHERE owner = $1 AND state NOT IN ('cancelled', 'running')`, [id]);
    // One that was admitted before the revocation may have come to be just after the first look.
    await expectEventually(async () => expect(await children()).toEqual([]));
    // A tick that was under way.
    await api.core.cron.tick({ job_id: cron }, new Date());
    expect(await children()).toEqual([]);
  });

  it('takes with it what runs where that is asked for', async () => {
    const { id, token } = await client();
    const running = await submit(token);
    await api.core.store.sql.run(`UPDATE job SET state = 'running', started_at = now() WHERE id = $1`, [running]);
    expect((await send(admin, 'DELETE', `/v1/client-permissions/${id}?end_jobs=true`)).status).toBe(200);
    await expectEventually(async () => expect((await shown(running))['state']).toBe('cancelling'));
  });
});

describe('a schedule', () => {
  const TICK = new Date('2030-01-01T00:00:00Z');
  const YEARLY = { cron: { pattern: '0 0 1 1 *' } };

  it.each([
    [
      'is no longer one that submits',
      (id: string) => api.app.get(ClientsService).put(id, { role: 'viewer' }),
      /has the role viewer now/,
    ],
    [
      'has left its project',
      (id: string) => api.app.get(ClientsService).put(id, { project: 'elsewhere' }),
      /no longer a member of the project alpha/,
    ],
    [
      'may not give its priority any more',
      (id: string) => api.app.get(ClientsService).put(id, { max_priority: {} }),
      /a priority of at most 0/,
    ],
  ])('ends at the tick at which its owner %s', async (_, change, reason) => {
    const { id, token } = await client({ project: 'alpha', max_priority: { '*': 10 } });
    const cron = await submit(token, { ...YEARLY, priority: 5 });
    await change(id);
    await api.core.cron.tick({ job_id: cron }, TICK);
    expect(await shown(cron)).toMatchObject({ state: 'cancelled', cause_detail: expect.stringMatching(reason) });
    expect((await trailOf(cron))[0]).toEqual(['system', 'job.withdraw']);
    expect(await api.core.store.sql.rows('SELECT id FROM job WHERE parent_id = $1', [cron])).toEqual([]);
  });

  it('ends at the tick at which its queue is kept for another project', async () => {
    const { token } = await client({ project: 'alpha' });
    const queue = `q-${randomUUID()}`;
    const cron = await submit(token, { ...YEARLY, queue });
    expect((await send(admin, 'PUT', `/api/v1/queues/${queue}/projects`, { projects: ['beta'] })).status).toBe(200);
    await api.core.cron.tick({ job_id: cron }, TICK);
    expect(await shown(cron)).toMatchObject({
      state: 'cancelled',
      cause_detail: expect.stringContaining('reserved for other projects'),
    });
  });

  it('goes on for an owner in good standing, and for one that never was a client here', async () => {
    const { token } = await client({ project: 'alpha', max_priority: { '*': 10 } });
    for (const owner of [token, await person('minted', 'alpha')]) {
      const cron = await submit(owner, YEARLY);
      await api.core.cron.tick({ job_id: cron }, TICK);
      expect(await api.core.store.sql.rows('SELECT state FROM job WHERE parent_id = $1', [cron])).toEqual([
        { state: 'queued' },
      ]);
    }
  });
});

describe('an automatic retry of a task', () => {
  it('ends before it starts when the owner may no longer submit', async () => {
    const { id, token } = await client();
    const { executionId } = (
      await send(token, 'POST', '/tasks/flaky', { image: 'busybox', command: 'false', retries: 1 })
    ).json as { executionId: string };
    await api.app.get(ClientsService).put(id, { role: 'viewer' });
    await api.core.control.end(executionId, { ok: false, cause: 'exit_code', exit_code: 1 });
    await expectEventually(async () => {
      const retries = await api.core.store.sql.rows(
        'SELECT state, cause_detail, execution_id FROM job WHERE owner = $1 AND id <> $2',
        [id, executionId],
      );
      expect(retries).toEqual([
        {
          state: 'cancelled',
          cause_detail: `Its owner ${id} has the role viewer now, which submits no jobs.`,
          execution_id: null,
        },
      ]);
    });
    // Settled: it is not sent again and again.
    await expectEventually(async () =>
      expect(
        await api.core.store.sql.rows(
          'SELECT 1 FROM task_execution x JOIN job j ON j.id = x.id WHERE j.owner = $1 AND NOT x.settled',
          [id],
        ),
      ).toEqual([]),
    );
  });
});

describe('the name of a revoked client', () => {
  it('is given to nobody else unless an admin says so, and then with what it owned', async () => {
    const { id, token } = await client({ project: 'alpha' });
    const job = await submit(token, { stdin: 'of the first' }, { 'Idempotency-Key': 'once' });
    await send(admin, 'DELETE', `/v1/client-permissions/${id}`);
    const other = { client_secret: 'another horse, another battery', role: 'contributor', project: 'alpha' };
    const refused = await put(id, other);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('take_over')]);
    const manager = await mint({ client_id: 'boss', role: 'operator' });
    expect((await put(id, other, manager)).status).toBe(409);
    expect((await put(id, { ...other, take_over: true }, manager)).status).toBe(403);
    await expect(api.app.get(ClientsService).create(id, { role: 'submitter' })).rejects.toThrow('--take-over');
    expect((await put(id, { ...other, client_secret: KEY, take_over: true })).text).toBe(
      `Created permissions for client '${id}'`,
    );
    expect((await trailOf(id))[0]).toEqual(['root', 'client.take-over']);
    expect((await send(await login(id), 'GET', `/api/v1/jobs/${job}`)).json.stdin).toBe('of the first');
  });

  it.each(['anonymous', 'Anonymous', 'system', 'nobody', 'drover'])(
    'is never %s: that stands for no client',
    async (name) => {
      const answer = await put(name, { client_secret: KEY, role: 'contributor' });
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('client_id')]);
      await expect(api.app.get(ClientsService).create(name, { role: 'submitter' })).rejects.toThrow('client_id');
      expect((await send(await mint({ client_id: name, role: 'submitter' }), 'GET', '/api/v1/jobs')).status).toBe(401);
    },
  );
});
