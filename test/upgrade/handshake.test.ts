import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ClaimsResponse, HeartbeatResponse, RegisterResponse } from '@drover/protocol';
import { startApi, type TestApi } from '../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

interface Answer<T> {
  status: number;
  body: T;
}

async function post<T>(path: string, body: unknown, token?: string): Promise<Answer<T>> {
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

async function get<T>(path: string): Promise<T> {
  return (await fetch(`${api.url}${path}`, { signal: AbortSignal.timeout(20_000) })).json() as Promise<T>;
}

/** Registers a worker that serves a queue of its own name. */
async function register(name: string, protocol?: unknown): Promise<Answer<RegisterResponse>> {
  const facts = { hostname: name, version: '0.0.9', executors: ['process'], cpus: 1, gpus: [], labels: {} };
  return post('/agent/v1/register', {
    name,
    queues: [name],
    slots: 2,
    facts,
    boot_id: 'boot',
    ...(protocol === undefined ? {} : { protocol }),
  });
}

const submit = async (queue: string): Promise<string> =>
  (await post<{ id: string }>('/api/v1/jobs', { queue, command: 'true' })).body.id;

const claim = (token: string, jobId: string): Promise<Answer<ClaimsResponse>> =>
  post('/agent/v1/claims', { tickets: [{ ticket_id: `${jobId}-1`, job_id: jobId }] }, token);

interface SeenAgent {
  state: string;
  protocol: number | null;
  too_old: boolean;
}

it('answers a registration with its own version of the protocol, the oldest it gives work to, and its program', async () => {
  const { status, body } = await register('present', 2);
  expect(status).toBe(200);
  expect(body).toMatchObject({ protocol: 2, oldest_protocol: 1, version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  expect(body.too_old).toBeUndefined();
  expect(await get<SeenAgent>('/api/v1/agents/present')).toMatchObject({
    state: 'online',
    protocol: 2,
    too_old: false,
  });
});

it('gives work to a worker that says no version: it is one of release 0.1.0', async () => {
  const { body } = await register('unsaid');
  expect(await get<SeenAgent>('/api/v1/agents/unsaid')).toMatchObject({ state: 'online', protocol: 1, too_old: false });
  const id = await submit('unsaid');
  expect((await claim(body.token, id)).body.results).toMatchObject([{ outcome: 'claimed' }]);
});

it('gives work to a worker that is newer than itself', async () => {
  const { body } = await register('newer', 99);
  const id = await submit('newer');
  expect((await claim(body.token, id)).body.results).toMatchObject([{ outcome: 'claimed' }]);
});

it('tells a worker that is too old so, gives it no new job, and takes reports of those it has', async () => {
  const { body: before } = await register('old', 1);
  const running = await submit('old');
  const [claimed] = (await claim(before.token, running)).body.results;
  if (claimed?.outcome !== 'claimed') throw new Error(`the claim was answered ${JSON.stringify(claimed)}`);

  const { status, body } = await register('old', 0);
  expect(status).toBe(200);
  expect(body.too_old).toMatch(
    /^Worker old speaks version 0 of the agent protocol.*from version 1 on.*Install Drover .* on the node/,
  );
  expect(body.executions).toMatchObject([{ execution_id: claimed.execution.execution_id }]);
  expect(await get<SeenAgent>('/api/v1/agents/old')).toMatchObject({ state: 'draining', protocol: 0, too_old: true });

  const waiting = await submit('old');
  expect((await claim(body.token, waiting)).body.results).toMatchObject([{ outcome: 'later' }]);
  const { execution_id, epoch } = claimed.execution;
  const beat = { slots_free: 1, running: [{ execution_id, epoch }], free: { slots: 1 } };
  const heard = await post<HeartbeatResponse>('/agent/v1/heartbeat', beat, body.token);
  expect(heard.body.control).toMatchObject({ drain: true, lost: [] });
  // Its state stays, though its beats do not say that it drains.
  expect(await get<SeenAgent>('/api/v1/agents/old')).toMatchObject({ state: 'draining' });
  const why = await get<{ reasons: { code: string; remedy?: string }[] }>(`/api/v1/jobs/${waiting}/explain`);
  expect(why.reasons.map(({ code }) => code)).toContain('agents_too_old');

  const empty = { bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
  const now = new Date().toISOString();
  const head = { execution_id, epoch };
  const reports = await post<{ results: { status: number }[] }>(
    '/agent/v1/reports',
    {
      items: [
        { ...head, kind: 'started', pid: 1, spawned_at: now },
        {
          ...head,
          kind: 'ended',
          ok: true,
          cause: null,
          cause_detail: null,
          exit_code: 0,
          signal: null,
          exited_at: now,
          first_byte_at: null,
          stdout: empty,
          stderr: empty,
        },
      ],
    },
    body.token,
  );
  expect(reports.body.results.map((result) => result.status)).toEqual([200, 200]);
  expect(await get(`/api/v1/jobs/${running}`)).toMatchObject({ state: 'succeeded' });
});

it('does not let an operator undrain a worker that is too old', async () => {
  const { status, body } = await post<{ detail: string }>('/api/v1/agents/old/undrain', {});
  expect(status).toBe(409);
  expect(body.detail).toMatch(/speaks version 0 .*install a newer Drover on its node/);
});

it.each(['2', -1, 1.5, null, {}])('refuses a registration with %j for a version', async (protocol) => {
  const { status, body } = await register('wrong', protocol);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain('protocol');
});
