import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentStore, executionStore } from '@drover/store';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ passive: true });
});
afterAll(() => api.close());

interface Answer {
  status: number;
  body: any;
}

async function call(
  method: string,
  path: string,
  token: string | undefined,
  body?: unknown,
  type = 'application/json',
): Promise<Answer> {
  const answer = await fetch(`${api.url}/agent/v1/${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    await answer.body?.cancel();
    return { status: answer.status, body: null };
  }
  return { status: answer.status, body: await answer.json().catch(() => null) };
}

const FACTS = {
  hostname: 'h',
  version: '0',
  os: 'linux',
  cpus: 1,
  memory_mb: 1,
  gpus: [],
  labels: {},
  executors: ['process'],
};
/** By the service: the route also hands out a login for tickets, which an API without background work has not made. */
const register = async (name: string) => ({
  body: await api.core.agents.register({
    name,
    queues: ['default'],
    slots: 4,
    facts: FACTS,
    boot_id: `boot of ${name}`,
  }),
});
const submit = async (): Promise<string> =>
  (await api.core.submits.submit({ queue: 'default', owner: 'me', dialect: 'native', spec: { command: 'true' } })).job
    .id;
const claim = async (token: string, jobId: string): Promise<Answer> =>
  call('POST', 'claims', token, { tickets: [{ ticket_id: `${jobId}-1`, job_id: jobId }] });
const silentFor = (name: string, seconds: number) =>
  api.core.store.sql.run(`UPDATE agent SET last_seen_at = now() - make_interval(secs => $2) WHERE name = $1`, [
    name,
    seconds,
  ]);
const ageOf = async (name: string): Promise<number> => {
  const [row] = await api.core.store.sql.rows<{ age: number }>(
    `SELECT extract(epoch FROM now() - last_seen_at)::float8 AS age FROM agent WHERE name = $1`,
    [name],
  );
  return row?.age ?? NaN;
};

let clock = 1_000_000;
/** Listens for a lease and looks for lost agents, as the API does each second. */
async function sweep(): Promise<number> {
  for (let s = 0; s <= 11; s += 1) await api.core.sweep.listen((clock += 1_000));
  return api.core.sweep.lostAgents(clock);
}

const RUNNING = { execution_id: randomUUID(), epoch: 1 };
/** Each way in which an agent speaks to us, but for the registration. A new route of the protocol belongs here. */
const ROUTES: [string, string, unknown?, string?][] = [
  ['POST', 'heartbeat', { slots_free: 1, running: [] }],
  ['POST', 'claims', { tickets: [{ ticket_id: `${RUNNING.execution_id}-1`, job_id: RUNNING.execution_id }] }],
  ['POST', 'reports', { items: [{ ...RUNNING, kind: 'samples', samples: [] }] }],
  [
    'POST',
    `executions/${RUNNING.execution_id}/logs?epoch=1&stream=stdout&offset=0&length=1&sequence=0`,
    'x',
    'application/gzip',
  ],
  ['PUT', `executions/${RUNNING.execution_id}/artifacts?epoch=1&path=a`, 'x', 'application/octet-stream'],
  ['POST', 'metrics', { sources: [] }],
  ['GET', 'control'],
];

describe('an agent', () => {
  it.each(ROUTES)(
    'that was silent for long is alive when it says anything: %s %s',
    async (method, path, body, type) => {
      const name = `speaker ${method} ${path.slice(0, 12)} ${randomUUID().slice(0, 8)}`;
      const { body: registered } = await register(name);
      await silentFor(name, 60);
      const { status } = await call(method, path, registered.token, body, type);
      expect(status).not.toBe(401);
      expect(await ageOf(name)).toBeLessThan(10);
      await sweep();
      expect((await agentStore.byName(api.core.store.sql, name))?.state).toBe('online');
    },
  );

  it('keeps what it claims when it is back after its lease and nobody has given it up yet', async () => {
    const { body: registered } = await register('back');
    await silentFor('back', 60);
    const { body } = await claim(registered.token, await submit());
    expect(body.results[0].outcome).toBe('claimed');
    expect(await sweep()).toBe(0);
    expect((await executionStore.get(api.core.store.sql, body.results[0].execution.execution_id))?.state).toBe(
      'claimed',
    );
  });

  it('that was given up has to register before it gets work, and keeps what it claims then', async () => {
    const { body: registered } = await register('given-up');
    const old = (await claim(registered.token, await submit())).body.results[0].execution.execution_id as string;
    await silentFor('given-up', 60);
    // Another replica, which has not heard it a moment ago.
    (api.core.agents as unknown as { noted: Map<string, number> }).noted.clear();
    expect(await sweep()).toBe(1);
    expect((await executionStore.get(api.core.store.sql, old))?.cause).toBe('agent_lost');
    const job = await submit();
    const refused = await claim(registered.token, job);
    expect([refused.status, refused.body.detail]).toEqual([401, expect.stringContaining('register again')]);
    const { body: again } = await register('given-up');
    expect(again.executions).toEqual([]);
    const taken = (await claim(again.token, job)).body.results[0];
    expect(taken.outcome).toBe('claimed');
    expect(await sweep()).toBe(0);
    expect((await executionStore.get(api.core.store.sql, taken.execution.execution_id))?.state).toBe('claimed');
  });

  it('that comes back while it is being given up keeps what it claims from then on', async () => {
    const { body: registered } = await register('racing');
    const old = (await claim(registered.token, await submit())).body.results[0].execution.execution_id as string;
    await silentFor('racing', 60);
    const [declared] = (await agentStore.declareLost(api.core.store.sql, 10_000)).filter(
      ({ name }) => name === 'racing',
    );
    const { body: again } = await register('racing');
    const taken = (await claim(again.token, await submit())).body.results[0].execution.execution_id as string;
    await api.core.sweep.loseExecutions(
      [declared?.id as string],
      'silent',
      (execution) => execution.claimed_at >= (declared?.lost_at as Date),
    );
    expect((await executionStore.get(api.core.store.sql, old))?.cause).toBe('agent_lost');
    expect((await executionStore.get(api.core.store.sql, taken))?.state).toBe('claimed');
  });
});
