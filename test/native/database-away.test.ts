import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client, type Answer } from '../support/http.js';
import { createTestDatabase, dropTestDatabase, execute, withDatabase } from '../support/postgres.js';

/** Agents of these tests register, and fetch nothing. */
const TICKETS = { DROVER_TICKETS_URL: 'postgres://nobody:nothing@127.0.0.1/nowhere' };

/** A refusal that a client may try again, whatever the shape of its body. */
function expectAway(answer: Answer, what: string): void {
  expect(
    [answer.status, answer.headers.get('retry-after')],
    `${what}: ${JSON.stringify(answer.body).slice(0, 300)}`,
  ).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)]);
}

describe('a connection that Postgres ends in the middle of a transaction', () => {
  let api: TestApi;
  let other: Client;
  beforeAll(async () => {
    api = await startApi({ passive: true, env: TICKETS });
    other = new Client({ connectionString: api.databaseUrl });
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await api.close();
  });

  /** Ends each connection that waits for the lock, as a killed server does. */
  const cut = async (table: string, ask: () => Promise<Answer>): Promise<Answer> => {
    await other.query('BEGIN');
    try {
      await other.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const asked = ask();
      await expectEventually(async () => {
        await other.query('SELECT pg_stat_clear_snapshot()');
        const { rows } = await other.query<{ n: number }>(
          `SELECT count(pg_terminate_backend(pid))::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(rows[0]?.n).toBeGreaterThan(0);
      });
      return await asked;
    } finally {
      await other.query('ROLLBACK');
    }
  };
  const submit = async (body: object = { command: 'true' }): Promise<string> =>
    (await client(api.url).post('/api/v1/jobs', body)).body.id;

  // The table whose lock catches the request inside its transaction.
  const requests: Record<string, { table: string; ask: (id: string) => Promise<Answer> }> = {
    'a submit': { table: 'job', ask: () => client(api.url).post('/api/v1/jobs', { command: 'true' }) },
    'a submit with a key': {
      table: 'idempotency_key',
      ask: () => client(api.url).post('/api/v1/jobs', { command: 'true' }, { 'idempotency-key': uuidv7() }),
    },
    'a cancel': { table: 'event', ask: (id) => client(api.url).post(`/api/v1/jobs/${id}/cancel`) },
    'a delete': { table: 'sample', ask: (id) => client(api.url).delete(`/api/v1/jobs/${id}`) },
    'a list': { table: 'job', ask: () => client(api.url).get('/api/v1/jobs') },
    'a submit of Testflinger': {
      table: 'event',
      ask: () => client(api.url).post('/v1/job', { job_queue: 'lab', test_data: { test_cmds: 'true' } }),
    },
    'a submit of fastlane': {
      table: 'task',
      ask: () => client(api.url).post('/tasks/t1', { image: 'i', command: 'true' }),
    },
    'a submit of HPC': {
      table: 'event',
      ask: () => client(api.url).post('/v1/jobs', { id: `hpc-${uuidv7()}`, user: 'alice', nodes: ['n1'] }),
    },
  };
  it.each(Object.entries(requests))('answers %s with 503 and a time to try again', async (name, { table, ask }) => {
    const id = await submit();
    if (name === 'a delete') await client(api.url).post(`/api/v1/jobs/${id}/cancel`);
    expectAway(await cut(table, () => ask(id)), name);
    // The same again, with nobody in its way. Other connections may have been cut with this one, and not know it yet.
    await expectEventually(async () => expect((await ask(id)).status).toBeLessThan(300));
  });

  it('answers the reports of an agent so', async () => {
    const worker = client(api.url);
    const id = await submit();
    const {
      body: { token },
    } = await worker.post('/agent/v1/register', {
      name: 'reporter',
      queues: ['default'],
      slots: 1,
      facts: { hostname: 'h', executors: ['process'] },
      boot_id: 'b',
    });
    const login = { authorization: `Bearer ${token}` };
    const claim = await worker.post('/agent/v1/claims', { tickets: [{ ticket_id: `${id}-1`, job_id: id }] }, login);
    const { execution_id, epoch } = claim.body.results[0].execution;
    const item = { kind: 'started', execution_id, epoch, pid: 1, spawned_at: new Date().toISOString() };
    const ask = (): Promise<Answer> => worker.post('/agent/v1/reports', { items: [item] }, login);
    expectAway(await cut('event', ask), 'reports');
    expect(await ask()).toMatchObject({ status: 200, body: { results: [{ status: 200 }] } });
  });
});

describe('while clients keep all of their connections busy', () => {
  let api: TestApi;
  let other: Client;
  beforeAll(async () => {
    api = await startApi({ passive: true, env: TICKETS });
    other = new Client({ connectionString: api.databaseUrl });
    await other.connect();
  });
  afterAll(async () => {
    await other.end();
    await api.close();
  });

  it('agents are answered as ever: heartbeat, claim, report', async () => {
    const worker = client(api.url);
    const {
      body: { id },
    } = await worker.post('/api/v1/jobs', { command: 'true' });
    const {
      body: { token },
    } = await worker.post('/agent/v1/register', {
      name: 'busy',
      queues: ['default'],
      slots: 1,
      facts: { hostname: 'h', executors: ['process'] },
      boot_id: 'b',
    });
    const login = { authorization: `Bearer ${token}` };
    await other.query('BEGIN');
    await other.query('LOCK TABLE delivery_try IN ACCESS EXCLUSIVE MODE');
    const asked = Promise.all(Array.from({ length: 60 }, () => worker.get(`/api/v1/jobs/${id}/deliveries`)));
    asked.catch(() => undefined);
    await expectEventually(async () => {
      await other.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await other.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows[0]?.n).toBe(10);
    });
    const within = async (what: string, ask: () => Promise<Answer>): Promise<Answer> => {
      const began = performance.now();
      const answer = await ask();
      expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBe(200);
      // Before the clients in line have given up, by far.
      expect(performance.now() - began, what).toBeLessThan(5_000);
      return answer;
    };
    await within('heartbeat', () =>
      worker.post('/agent/v1/heartbeat', { slots_free: 1, running: [], draining: false, cpu_load: 0 }, login),
    );
    const { body } = await within('claim', () =>
      worker.post('/agent/v1/claims', { tickets: [{ ticket_id: `${id}-1`, job_id: id }] }, login),
    );
    const { execution_id, epoch } = body.results[0].execution;
    const started = { kind: 'started', execution_id, epoch, pid: 1, spawned_at: new Date().toISOString() };
    await within('report', () => worker.post('/agent/v1/reports', { items: [started] }, login));
    await within('readiness', () => worker.get('/readyz'));
    await other.query('ROLLBACK');
    // They waited in line for as long as it took.
    for (const answer of await asked) expect(answer.status).toBe(200);
  });
});

describe('without a database', () => {
  let api: TestApi;
  let databaseUrl: string;
  let routes: { method: string; path: string }[];
  beforeAll(async () => {
    databaseUrl = await createTestDatabase();
    api = await startApi({ databaseUrl, passive: true });
    const document = (await (await fetch(`${api.url}/docs-json`)).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    routes = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => ({ method: method.toUpperCase(), path })),
    );
    const name = new URL(databaseUrl).pathname.slice(1);
    const admin = withDatabase(databaseUrl, 'postgres');
    await execute(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await execute(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  });
  afterAll(async () => {
    await api.close();
    await dropTestDatabase(databaseUrl);
  });

  const bodies: Record<string, unknown> = {
    'POST /api/v1/jobs': { command: 'true' },
    'POST /api/v1/jobs/batch': { jobs: [{ command: 'true' }] },
    'POST /v1/jobs': { id: 'j', user: 'alice', nodes: ['n1'] },
    'POST /v1/job': { job_queue: 'lab' },
    'POST /tasks/{taskId}': { image: 'i', command: 'true' },
  };

  /** Its contract answers 500 when a part is away, and says which. */
  const FASTLANE_HEALTH = new Set(['GET /healthcheck', 'GET /']);

  it('no documented route fails with 500, and each 503 says when to try again', async () => {
    expect(routes.length).toBeGreaterThan(100);
    const answers: string[] = [];
    let away = 0;
    for (const { method, path } of routes) {
      if (FASTLANE_HEALTH.has(`${method} ${path}`)) continue;
      const filled = path.replace(/\{[^}]+\}/g, () => uuidv7());
      const answer = await fetch(`${api.url}${filled}`, {
        method,
        ...(method === 'GET' || method === 'HEAD'
          ? {}
          : {
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(bodies[`${method} ${path}`] ?? {}),
            }),
        signal: AbortSignal.timeout(20_000),
      }).catch((error: unknown) => error as Error);
      if (answer instanceof Error) {
        answers.push(`${method} ${path}: ${answer.message}`);
        continue;
      }
      void answer.body?.cancel();
      if (answer.status === 503) {
        away += 1;
        if (!/^[1-9]\d*$/.test(answer.headers.get('retry-after') ?? ''))
          answers.push(`${method} ${path}: 503 without Retry-After`);
      } else if (answer.status >= 500) answers.push(`${method} ${path}: ${answer.status}`);
    }
    expect(answers).toEqual([]);
    expect(away).toBeGreaterThan(60);
  });
});
