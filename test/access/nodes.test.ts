import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountersService } from '@drover/metrics';
import { startApi, type TestApi } from '../support/api.js';
import { ask, post, type Answer } from '../support/fake-node.js';
import { execute } from '../support/postgres.js';
import { JWT_KEY, mint } from './support.js';

let api: TestApi;
const headers: Record<string, Record<string, string>> = {};

const ENV = {
  DROVER_AUTH: 'oauth2',
  DROVER_JWT_SIGNING_KEY: JWT_KEY,
  DROVER_ENROLMENT_TOKEN: 'a token for new workers',
};

beforeAll(async () => {
  api = await startApi({ env: ENV });
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

  it('lets one of two in that take one name at once, each with its own', async () => {
    for (let round = 0; round < 5; round++) {
      const tokens = [await invite(), await invite(), await invite()].map(({ token }) => token);
      const answers = await Promise.all(tokens.map((token) => enrol(token, `twin-${round}`)));
      expect(answers.map(({ status }) => status).toSorted(), answers.map(({ text }) => text).join('\n')).toEqual([
        200, 409, 409,
      ]);
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

  it('is nobody at once on every replica when it is revoked, whatever they knew of it, and its stream ends', async () => {
    const other = await startApi({ databaseUrl: api.databaseUrl, env: ENV });
    try {
      const key = await came('cut-off', { queues: ['cut'] });
      const { token } = (await register(key, 'cut-off', { queues: ['cut'] })).body as { token: string };
      const agent = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const job = await submit('cut');
      const next = { slots: 1, queues: [['cut', 1]] };
      const { start } = (await beat(token, { free: { slots: 1 }, next })).body.control as {
        start: { execution_id: string; epoch: number }[];
      };
      const [{ execution_id, epoch }] = start as [{ execution_id: string; epoch: number }];
      const started = { execution_id, epoch, kind: 'started', pid: 1, spawned_at: new Date().toISOString() };
      const report = (url: string): Promise<Answer> => post(url, '/agent/v1/reports', { items: [started] }, agent);
      // Both replicas know it, and would for ten seconds.
      for (const url of [api.url, other.url]) expect((await report(url)).body.results).toEqual([{ status: 200 }]);
      const channel = await fetch(`${other.url}/agent/v1/control`, { headers: agent });
      const ended = channel.text();
      const waiting = await submit('cut');
      await ask(api.url, '/api/v1/nodes/cut-off', { method: 'DELETE', headers: headers['operator'] });
      const answers = await Promise.all(
        [api.url, other.url].flatMap((url) => [
          report(url),
          post(url, '/agent/v1/heartbeat', { slots_free: 1, running: [], free: { slots: 1 }, next }, agent),
          post(url, '/agent/v1/claims', { tickets: [{ ticket_id: `${waiting}-1`, job_id: waiting }] }, agent),
        ]),
      );
      for (const { status, body, text } of answers)
        expect(
          status === 401 || body.results?.[0]?.status === 409 || body.results?.[0]?.outcome === 'later',
          text,
        ).toBe(true);
      await ended;
      const seen = await ask(api.url, '/api/v1/agents/cut-off', { headers: headers['operator'] });
      expect(seen.body.state).toBe('offline');
      for (const [id, state] of [
        [job, 'running'],
        [waiting, 'queued'],
      ])
        expect((await ask(api.url, `/api/v1/jobs/${id}`, { headers: headers['operator'] })).body.state).toBe(state);
    } finally {
      await other.close();
    }
  });

  it('leaves nothing of a file that it was still sending when it was revoked', async () => {
    const key = await came('sender', { queues: ['sent'] });
    const { token } = (await register(key, 'sender', { queues: ['sent'] })).body as { token: string };
    const job = await submit('sent');
    const next = { slots: 1, queues: [['sent', 1]] };
    const { start } = (await beat(token, { free: { slots: 1 }, next })).body.control as {
      start: { execution_id: string; epoch: number }[];
    };
    const [{ execution_id, epoch }] = start as [{ execution_id: string; epoch: number }];
    const half = Buffer.alloc(16 * 1024 ** 2, 1);
    const upload = request(`${api.url}/agent/v1/executions/${execution_id}/artifacts?epoch=${epoch}&path=result.bin`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-length': 2 * half.length },
    });
    const answered = once(upload, 'response') as Promise<[IncomingMessage]>;
    // More than the sockets hold: when it is gone, the API has let the upload begin.
    await new Promise((resolve) => upload.write(half, resolve));
    await ask(api.url, '/api/v1/nodes/sender', { method: 'DELETE', headers: headers['operator'] });
    upload.end(half);
    const [answer] = await answered;
    answer.resume();
    expect(answer.statusCode).toBe(409);
    const kept = await ask(api.url, `/api/v1/jobs/${job}/artifacts`, { headers: headers['operator'] });
    expect(kept.body.artifacts).toEqual([]);
  });

  it('tells metrics of its own jobs, and of no others', async () => {
    const key = await came('teller', { queues: ['told'] });
    const { token } = (await register(key, 'teller', { queues: ['told'] })).body as { token: string };
    const [own, foreign] = [await submit('told'), await submit('payroll')];
    await beat(token, { free: { slots: 1 }, next: { slots: 1, queues: [['told', 1]] } });
    // The last is no job of Drover's.
    const jobs = [own, foreign, randomUUID(), 'mpi-7'];
    const source = { kind: 'job', live: false, table: 'a', values: [7] };
    const answer = await post(
      api.url,
      '/agent/v1/metrics',
      {
        incarnation: 'one',
        seq: 1,
        tables: { a: [['steps_total', 'c', 'Steps']] },
        sources: jobs.map((job) => ({ ...source, job })),
      },
      { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    );
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({
      unknown_tables: [],
      refused: jobs.slice(1, 3).map((job) => ({ job, name: '*', reason: 'other_node' })),
    });
    const told = await api.app.get(CountersService).ownOfJobs(api.core.store.sql, jobs);
    expect([...told.keys()].sort()).toEqual([own, 'mpi-7'].sort());
  });

  it('spoils nothing for others by what it says of itself', async () => {
    const key = await came('liar');
    const { token } = (await register(key, 'liar')).body as { token: string };
    const fine = { hostname: 'liar', executors: ['process'] };
    for (const [field, value] of [
      ['facts', 'text'],
      ['facts.executors', { ...fine, executors: 'process' }],
      ['facts.gpus', { ...fine, gpus: {} }],
      ['facts.gpus', { ...fine, gpus: [null] }],
      ['facts.cpus', { ...fine, cpus: 'many' }],
      ['facts.memory_mb', { ...fine, memory_mb: -1 }],
      ['facts.labels', { ...fine, labels: { zone: { a: 1 } } }],
      ['facts.version', { ...fine, version: 3 }],
      ['facts.metrics_address', { ...fine, metrics_address: 'x'.repeat(301) }],
      ['facts.queue_slots', { ...fine, queue_slots: { default: 'x' } }],
      ['facts.hostname', { ...fine, hostname: 'a\ud800' }],
    ] as const) {
      const said = [await beat(token, { facts: value }), await register(key, 'liar', { facts: value })];
      for (const { status, body, text } of said) {
        expect(status, `${field} ${text}`).toBe(422);
        expect(body.errors.map((fault: { field: string }) => fault.field).join()).toContain(
          field === 'facts' ? 'facts.hostname' : field,
        );
      }
    }
    // What is not said is what is true of every node, and what nobody knows of is left out.
    expect((await beat(token, { facts: { ...fine, more: 'x'.repeat(1_000) } })).status).toBe(200);
    const agent = await ask(api.url, '/api/v1/agents/liar', { headers: headers['operator'] });
    expect(agent.body.facts).toEqual({ ...fine, version: '', os: '', cpus: 1, memory_mb: 0, gpus: [], labels: {} });
  });

  it('is told which of its reports cannot be read, and by none of them that the broker failed', async () => {
    const key = await came('garbler', { queues: ['garbled'] });
    const { token } = (await register(key, 'garbler', { queues: ['garbled'] })).body as { token: string };
    const agent = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    await submit('garbled');
    const next = { slots: 1, queues: [['garbled', 1]] };
    const [{ execution_id, epoch }] = (await beat(token, { free: { slots: 1 }, next })).body.control.start;
    const digest = { bytes: 0, sha256: 'a'.repeat(64) };
    const ended = { kind: 'ended', ok: false, stdout: digest, stderr: digest };
    const sample = { at: new Date().toISOString() };
    const device = { index: 0, vendor: 'nvidia', uuid: null };
    for (const item of [
      { kind: 'started', pid: 'x' },
      { kind: 'started', pid: 2 ** 40 },
      { kind: 'phase', phase: {} },
      { kind: 'samples', samples: [null] },
      { kind: 'samples', samples: [{ at: 'yesterday' }] },
      { kind: 'samples', samples: [{ ...sample, memory_bytes: 'much' }] },
      { kind: 'samples', samples: [{ ...sample, gpu_devices: [{ ...device, vendor: 'x\ny 1' }] }] },
      { kind: 'samples', samples: [{ ...sample, gpu_devices: [{ ...device, power_watts: '1\ninvented 2' }] }] },
      { ...ended, cause: 'bad luck' },
      { ...ended, exit_code: 1.5 },
      { ...ended, signal: 9 },
    ]) {
      const answer = await post(api.url, '/agent/v1/reports', { items: [{ execution_id, epoch, ...item }] }, agent);
      expect([answer.status, answer.body.code], JSON.stringify(item)).toEqual([422, 'invalid']);
    }
    const twice = await ask(api.url, `/agent/v1/executions/${execution_id}/artifacts?epoch=${epoch}&path=a&path=b`, {
      method: 'PUT',
      headers: { ...agent, 'content-type': 'application/octet-stream' },
      body: 'x',
    });
    expect(twice.status, twice.text).toBe(422);
    const asList = await post(
      api.url,
      '/agent/v1/claims',
      { tickets: [{ ticket_id: 'x', job_id: [execution_id] }] },
      agent,
    );
    expect(asList.status, asList.text).toBe(422);
    const said = { ...ended, execution_id, epoch, cause: 'exit_code', exit_code: 1, cause_detail: 'a\u0000b\ud800' };
    expect((await post(api.url, '/agent/v1/reports', { items: [said] }, agent)).body.results).toEqual([
      { status: 200 },
    ]);
  });
});

it('an address that tries to enrol again and again is told when to come again', async () => {
  const tries = await Promise.all(Array.from({ length: 90 }, () => enrol('no token', 'guesser')));
  const refused = tries.find(({ status }) => status === 429);
  expect(refused?.body).toMatchObject({ code: 'rate_limited' });
});
