import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { ask, post, type Answer } from '../support/fake-node.js';
import { execute } from '../support/postgres.js';
import { JWT_KEY, mint } from './support.js';

let api: TestApi;
const headers: Record<string, Record<string, string>> = {};

beforeAll(async () => {
  api = await startApi({
    env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY, DROVER_ENROLMENT_TOKEN: 'a token for new workers' },
  });
  for (const role of ['viewer', 'submitter', 'operator'] as const)
    headers[role] = {
      'content-type': 'application/json',
      authorization: `Bearer ${await mint({ client_id: role, role })}`,
    };
}, 60_000);
afterAll(() => api.close());

const invite = async (terms: object = {}): Promise<{ id: string; token: string }> => {
  const answer = await post(api.url, '/api/v1/nodes/invitations', terms, headers['operator']);
  expect(answer.status, answer.text).toBe(201);
  return answer.body as { id: string; token: string };
};
const enrol = (token: string, name: string): Promise<Answer> => post(api.url, '/api/v1/nodes/enrol', { token, name });
const came = async (name: string, terms: object = {}): Promise<string> => {
  const answer = await enrol((await invite(terms)).token, name);
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { key: string }).key;
};
const register = (key: string, name: string, more: object = {}): Promise<Answer> =>
  post(
    api.url,
    '/agent/v1/register',
    {
      name,
      queues: ['default'],
      slots: 1,
      boot_id: randomUUID(),
      facts: {
        hostname: name,
        version: '0',
        os: 'linux',
        cpus: 1,
        memory_mb: 1,
        gpus: [],
        labels: {},
        executors: ['process'],
      },
      ...more,
    },
    { 'content-type': 'application/json', authorization: `Bearer ${key}` },
  );
const beat = (token: string, more: object = {}): Promise<Answer> =>
  post(
    api.url,
    '/agent/v1/heartbeat',
    { slots_free: 1, running: [], ...more },
    { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  );
const submit = async (queue: string): Promise<string> => {
  const answer = await post(api.url, '/api/v1/jobs', { queue, command: 'true' }, headers['operator']);
  expect(answer.status, answer.text).toBe(201);
  return (answer.body as { id: string }).id;
};

describe('an invitation', () => {
  it('is made, listed and revoked by operators alone, and shows its token once', async () => {
    const { id, token } = await invite({ queues: ['a', 'b', 'a'], labels: { zone: 'x' }, slots: 4, expires_s: 600 });
    const listed = await ask(api.url, '/api/v1/nodes/invitations', { headers: headers['operator'] });
    expect(listed.body.invitations[0]).toMatchObject({
      id,
      state: 'open',
      queues: ['a', 'b'],
      labels: { zone: 'x' },
      slots: 4,
      ticket_login: false,
      created_by: 'operator',
    });
    expect(listed.text).not.toContain(token);
    for (const role of ['viewer', 'submitter'])
      expect((await post(api.url, '/api/v1/nodes/invitations', {}, headers[role])).status).toBe(403);
    const revoke = (): Promise<Answer> =>
      ask(api.url, `/api/v1/nodes/invitations/${id}`, { method: 'DELETE', headers: headers['operator'] });
    expect((await revoke()).status).toBe(204);
    const refused = await enrol(token, 'rack-0');
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('was revoked at')]);
  });

  it('names the field, the value and what would be right where its terms are none', async () => {
    const answer = await post(
      api.url,
      '/api/v1/nodes/invitations',
      { queues: [], labels: { 'a b': 'x' }, slots: 0, expires_s: 5 },
      headers['operator'],
    );
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'expires_s',
      'labels',
      'queues',
      'slots',
    ]);
  });

  it('lets one of many in that come with it at once', async () => {
    const { id, token } = await invite();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => enrol(token, `race-${at}`)));
    const [winner, ...others] = answers.toSorted((one, other) => one.status - other.status) as [Answer, ...Answer[]];
    expect(winner.status).toBe(200);
    for (const other of others)
      expect([other.status, other.body.detail]).toEqual([
        409,
        expect.stringContaining(`by the node ${winner.body.node}`),
      ]);
    const revoked = await ask(api.url, `/api/v1/nodes/invitations/${id}`, {
      method: 'DELETE',
      headers: headers['operator'],
    });
    expect([revoked.status, revoked.body.detail]).toEqual([409, expect.stringContaining('drover nodes revoke')]);
  });

  it('is refused when it has expired, and when it is none, with a sentence for each', async () => {
    const { id, token } = await invite();
    await execute(
      api.databaseUrl,
      `UPDATE node_invitation SET expires_at = now() - interval '1 second' WHERE id = '${id}'`,
    );
    const late = await enrol(token, 'late');
    expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('expired at')]);
    const last = token.endsWith('A') ? 'B' : 'A';
    for (const wrong of [
      `${token.slice(0, -1)}${last}`,
      'invite.x.y',
      randomUUID(),
      token.replace(/^invite/, 'node'),
    ]) {
      const answer = await enrol(wrong, 'wrong');
      expect([answer.status, answer.body.detail]).toEqual([401, expect.stringContaining('is no invitation')]);
    }
  });

  it('stays open when the name of the node is taken', async () => {
    await came('taken');
    const { token } = await invite();
    const refused = await enrol(token, 'taken');
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('--name')]);
    expect((await enrol(token, 'not-taken')).status).toBe(200);
  });

  it('is in the audit trail, and so are the node that came and its end', async () => {
    await came('audited', { queues: ['q'] });
    await ask(api.url, '/api/v1/nodes/audited', { method: 'DELETE', headers: headers['operator'] });
    const trail = await ask(api.url, '/api/v1/audit?object=audited', { headers: headers['operator'] });
    expect(trail.body.entries.map(({ action, actor, role }: Record<string, unknown>) => [action, actor, role])).toEqual(
      [
        ['node.revoke', 'operator', 'operator'],
        ['node.enrol', 'operator', 'invitation'],
      ],
    );
    expect(JSON.stringify(trail.body)).not.toMatch(/(invite|node)\.[0-9a-f-]{36}\./);
  });
});

describe('an enrolled node', () => {
  it('registers with its own key, bears its labels, and gets no login to the tickets', async () => {
    const key = await came('bound', { queues: ['default', 'build'], labels: { zone: 'a' } });
    const answer = await register(key, 'bound', { queues: ['build'] });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.tickets).toEqual({ backend: 'api', prefix: '', fingerprint: 'api' });
    const agent = await ask(api.url, '/api/v1/agents/bound', { headers: headers['operator'] });
    expect(agent.body).toMatchObject({ queues: ['build'], facts: { labels: { zone: 'a' } } });
  });

  it('gets the login where its invitation says so', async () => {
    const key = await came('trusted', { ticket_login: true });
    const { tickets } = (await register(key, 'trusted')).body as { tickets: { backend: string; url: string } };
    expect([tickets.backend, new URL(tickets.url).pathname.length > 1]).toEqual(['postgres', true]);
  });

  it('is refused for a foreign queue, label, name and number of slots, with the setting to change', async () => {
    const key = await came('held', { queues: ['a'], labels: { zone: 'a' }, slots: 2 });
    const facts = { hostname: 'held', executors: ['process'], labels: { zone: 'b' } };
    for (const [name, more, setting] of [
      ['held', { queues: ['a', 'other'] }, 'DROVER_QUEUES names other'],
      ['held', { queues: ['a'], facts }, 'DROVER_LABELS'],
      ['other', { queues: ['a'] }, 'DROVER_NODE_NAME=held'],
      ['held', { queues: ['a'], slots: 3 }, 'DROVER_SLOTS=2'],
    ] as const) {
      const refused = await register(key, name, more);
      expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining(setting)]);
    }
  });

  it('does not widen its queues or change its labels by a heartbeat', async () => {
    const key = await came('still', { queues: ['a', 'b'] });
    const { token } = (await register(key, 'still', { queues: ['a'] })).body as { token: string };
    const facts = { hostname: 'still', executors: ['process'], labels: { gpu: 'yes' } };
    expect((await beat(token, { queues: ['a', 'b', 'payroll'], facts })).status).toBe(200);
    const agent = await ask(api.url, '/api/v1/agents/still', { headers: headers['operator'] });
    expect(agent.body).toMatchObject({ queues: ['a', 'b'], facts: { labels: {} } });
  });

  it('asks for the jobs that wait by its heartbeats, and gets those of its own queues alone', async () => {
    const key = await came('idle', { queues: ['own'] });
    const [own, foreign] = [await submit('own'), await submit('payroll')];
    const { token } = (await register(key, 'idle', { queues: ['own'] })).body as { token: string };
    const next = {
      slots: 2,
      queues: [
        ['own', 2],
        ['payroll', 2],
      ],
    };
    const answer = await beat(token, { free: { slots: 2 }, next });
    expect(answer.body.control.start.map(({ job_id }: { job_id: string }) => job_id)).toEqual([own]);
    const claims = await post(
      api.url,
      '/agent/v1/claims',
      { tickets: [{ ticket_id: `${foreign}-1`, job_id: foreign }] },
      { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    );
    expect(claims.body.results[0].outcome).not.toBe('claimed');
  });

  it('keeps its name: the common token does not register it', async () => {
    await came('mine');
    const refused = await register('a token for new workers', 'mine');
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('enrolled node')]);
  });

  it('is nobody any more when it is revoked: neither its key nor its registration counts', async () => {
    const key = await came('gone');
    const { token } = (await register(key, 'gone')).body as { token: string };
    const revoke = (): Promise<Answer> =>
      ask(api.url, '/api/v1/nodes/gone', { method: 'DELETE', headers: headers['operator'] });
    expect((await revoke()).status).toBe(204);
    const again = await register(key, 'gone');
    expect([again.status, again.body.detail]).toEqual([401, expect.stringContaining('was revoked')]);
    expect((await beat(token)).status).toBe(401);
    expect((await revoke()).status).toBe(404);
  });
});

it('an address that tries to enrol again and again is told when to come again', async () => {
  const tries = await Promise.all(Array.from({ length: 90 }, () => enrol('no token', 'guesser')));
  const refused = tries.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ code: 'rate_limited' });
});
