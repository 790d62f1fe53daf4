import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent, startWebhook, ZERO } from './agent.js';

describe('jobs of the Testflinger API in open mode', () => {
  let api: TestApi;
  let http: Session;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_WEBHOOK_NETWORKS: 'loopback' } });
    http = new Session(api.url);
  });
  afterAll(() => api.close());
  const queue = (): string => `q-${randomUUID()}`;

  it('refuses what is no job with the messages clients print, and stores nothing', async () => {
    const required = {
      message: 'Validation error',
      detail: { json: { job_queue: ['Missing data for required field.'] } },
    };
    for (const [body, headers] of [
      [{}, {}],
      [undefined, {}],
      ['job_queue=x', { 'Content-Type': 'text/plain' }],
    ] as const) {
      const answer = await http.post('/v1/job', body, headers as Record<string, string>);
      expect([answer.status, answer.json]).toEqual([422, required]);
    }
    const cases: [unknown, Record<string, unknown>][] = [
      [{ job_queue: '' }, { job_queue: ['Shorter than minimum length 1.'] }],
      [{ job_queue: 7 }, { job_queue: ['Not a valid string.'] }],
      [{ job_queue: null }, { job_queue: ['Field may not be null.'] }],
      [[1], { _schema: ['Invalid input type.'] }],
      [{ job_queue: 'q', tags: 'x' }, { tags: ['Not a valid list.'] }],
      [{ job_queue: 'q', tags: [1] }, { tags: { 0: ['Not a valid string.'] } }],
      [{ job_queue: 'q', job_priority: 'high' }, { job_priority: ['Not a valid integer.'] }],
      [{ job_queue: 'q', exclude_agents: 'a' }, { exclude_agents: ['Not a valid list.'] }],
      [{ job_queue: 'q', provision_data: 'x' }, { provision_data: { _schema: ['Invalid input type.'] } }],
      ...[
        { url: 'no url' },
        { alloem_url: 'http://plain' },
        { urls: [] },
        { urls: ['x'] },
        { jobs: [] },
        { url: 'http://a.b', urls: ['http://a.b'] },
        { provision_plan: {}, url: 'http://a.b', attachments: [{ agent: 'a' }] },
        { provision_plan: {}, attachments: [{ agent: 'a' }, { agent: 'b' }] },
        { provision_plan: {} },
      ].map((provision_data): [unknown, Record<string, unknown>] => [
        { job_queue: 'q', provision_data },
        { provision_data: ['Invalid provision data schema.'] },
      ]),
      [
        { job_queue: 'q', test_data: { attachments: [{}] } },
        { test_data: { attachments: { 0: { agent: ['Missing data for required field.'] } } } },
      ],
      [
        { job_queue: 'q', reserve_data: { ssh_keys: ['me'] } },
        { reserve_data: { ssh_keys: { 0: ['String does not match expected pattern.'] } } },
      ],
      [
        { job_queue: 'q', reserve_data: { timeout: 'long' } },
        { reserve_data: { timeout: [expect.stringContaining('Not a valid duration')] } },
      ],
      [{ job_queue: 'q', reserve_data: { other: 1 } }, { reserve_data: { other: ['Unknown field.'] } }],
      [
        { job_queue: 'q', test_data: { secrets: { A: 'a/b' } } },
        { test_data: { secrets: ['Authentication required to use secrets.'] } },
      ],
      [{ job_queue: 'q', name: 'a\u0000b' }, { name: [expect.stringContaining('NUL')] }],
      [{ job_queue: 'x'.repeat(201) }, { job_queue: [expect.stringContaining('200')] }],
    ];
    for (const [body, json] of cases) {
      const answer = await http.post('/v1/job', body);
      expect([answer.status, answer.json], JSON.stringify(body)).toEqual([
        422,
        { message: 'Validation error', detail: { json } },
      ]);
    }
    // Its command line prints the message alone.
    const nobody = await http.post('/v1/job', { job_queue: 'q', exclude_agents: ['a'] });
    expect([nobody.status, nobody.json]).toEqual([
      422,
      { message: 'There are no agents on the specified queue that are allowed to run this job', detail: {} },
    ]);
    const broken = await http.post('/v1/job', '{"job_queue":', { 'Content-Type': 'application/json' });
    expect([broken.status, broken.json.message]).toEqual([400, 'Bad Request']);
    expect((await http.get('/v1/job/search')).json).toEqual([]);
  });

  it('answers 413 for bodies that are not below 16 MiB, before looking at them', async () => {
    const answer = await http.post('/v1/job', JSON.stringify({ job_queue: 'q', blob: 'x'.repeat(16 * 1024 * 1024) }), {
      'Content-Type': 'application/json',
    });
    expect([answer.status, answer.json.message]).toEqual([413, 'Payload too large']);
    const big = await http.post('/v1/job', { job_queue: 'q', blob: 'x'.repeat(5 * 1024 * 1024) });
    expect(big.status).toBe(413);
    expect(
      (
        await http.post(`/v1/result/${ZERO}`, JSON.stringify({ output: 'x'.repeat(16 * 1024 * 1024) }), {
          'Content-Type': 'application/json',
        })
      ).status,
    ).toBe(413);
  });

  it('says what is wrong with an id, a path or a verb', async () => {
    for (const path of ['job/no-id', 'result/123', 'result/xyz/log/output', 'job/no-id/position']) {
      const answer = await http.get(`/v1/${path}`);
      expect([answer.status, answer.json], path).toEqual([400, { message: 'Invalid job_id specified', detail: {} }]);
    }
    for (const path of ['job/no-id/attachments', 'result/no-id/artifact'])
      expect(await http.get(`/v1/${path}`), path).toMatchObject({ status: 400, text: 'Invalid job id' });
    expect(await http.post('/v1/job/no-id/action', { action: 'cancel' })).toMatchObject({
      status: 400,
      text: 'Invalid job id',
    });
    expect((await http.post('/v1/result/no-id')).status).toBe(400);
    expect(await http.post('/v1/job', { job_queue: 'q', job_id: 'mine' })).toMatchObject({
      status: 400,
      json: { message: 'Invalid job_id specified' },
    });
    expect((await http.get(`/v1/result/${ZERO}/log/other`)).status).toBe(404);
    expect((await http.get('/v1/nothing/here')).status).toBe(404);
    expect((await http.post('/oidc/auth-init')).status).toBe(404);
    for (const [method, path] of [
      ['DELETE', 'job'],
      ['PUT', `result/${ZERO}`],
      ['POST', 'queues/wait_times'],
      ['GET', `job/${ZERO}/action`],
    ] as const) {
      const answer = await http.send(method, `/v1/${path}`);
      expect([answer.status, answer.json], `${method} ${path}`).toEqual([
        405,
        { message: 'Method Not Allowed', detail: {} },
      ]);
    }
    expect((await http.get('/v1')).text).toBe((await http.get('/v1/')).text);
    expect((await http.get(`/v1/job/${ZERO}`)).status).toBe(204);
    expect((await http.get(`/v1/job/${ZERO}/position`)).status).toBe(410);
  });

  it('hands out by priority, then age, over all queues asked for, and never blocks on a job this agent may not run', async () => {
    const [one, two] = [queue(), queue()];
    const agent = new RealAgent(api.url, `agent-${randomUUID()}`, [one, two]);
    const other = new RealAgent(api.url, `other-${randomUUID()}`, [one, two]);
    await agent.start();
    await other.start();
    const excluded = await http.submit({ job_queue: one, exclude_agents: [agent.name] });
    const first = await http.submit({ job_queue: two });
    const second = await http.submit({ job_queue: one });
    // Priorities need a login; the record is what counts here.
    const { job: urgent } = await api.core.submits.submit({
      queue: two,
      owner: 'x',
      dialect: 'testflinger',
      spec: { command: null },
      payload: { job_queue: two },
      priority: 5,
    });
    expect((await http.get(`/v1/job/${excluded}/position`)).text).toBe('0');
    expect((await http.get(`/v1/job/${first}/position`)).text).toBe('1');
    expect((await http.get(`/v1/job/${urgent.id}/position`)).text).toBe('0');
    const order: unknown[] = [];
    for (let n = 0; n < 4; n += 1) order.push((await agent.poll())?.['job_id'] ?? null);
    expect(order).toEqual([urgent.id, first, second, null]);
    // Without a name no job comes that excludes anybody.
    expect((await http.get(`/v1/job?queue=${one}`)).status).toBe(204);
    expect((await other.poll())?.['job_id']).toBe(excluded);
  });

  it('makes an id that is posted again a fresh waiting job, in whatever spelling', async () => {
    const lab = queue();
    const hex = randomUUID().replaceAll('-', '');
    for (const ref of [
      randomUUID(),
      randomUUID().toUpperCase(),
      `urn:uuid:${randomUUID()}`,
      `{${randomUUID()}}`,
      hex,
    ]) {
      const path = encodeURIComponent(ref);
      const submit = async (mark: number): Promise<void> =>
        expect((await http.post('/v1/job', { job_queue: lab, job_id: ref, mark })).json).toEqual({ job_id: ref });
      await submit(1);
      await submit(2);
      expect((await http.get(`/v1/job?queue=${lab}`)).json).toMatchObject({ job_id: ref, mark: 2 });
      expect((await http.get(`/v1/job?queue=${lab}`)).status).toBe(204);
      // Running: who runs it is fenced off. Ended: it runs again.
      await http.post(`/v1/result/${path}`, { job_state: 'test', status: { setup: 1 } });
      await http.post(`/v1/result/${path}/log/output`, {
        fragment_number: 0,
        timestamp: '2026-01-01T00:00:00Z',
        phase: 'setup',
        log_data: 'old',
      });
      await submit(3);
      expect((await http.get(`/v1/result/${path}`)).json).toEqual({ job_state: 'waiting' });
      expect((await http.get(`/v1/job?queue=${lab}`)).json).toMatchObject({ job_id: ref, mark: 3 });
      await http.post(`/v1/result/${path}`, { job_state: 'complete' });
      await submit(4);
      expect(await http.stateOf(path)).toBe('waiting');
      expect((await http.get(`/v1/job?queue=${lab}`)).json).toMatchObject({ job_id: ref, mark: 4 });
    }
    // Another spelling is another id.
    expect((await http.get(`/v1/job/${hex.toUpperCase() === hex ? randomUUID() : hex.toUpperCase()}`)).status).toBe(
      204,
    );
    // Twice at the same moment: still one job.
    const both = randomUUID();
    await Promise.all([1, 2, 3, 4].map((mark) => http.post('/v1/job', { job_queue: lab, job_id: both, mark })));
    expect((await http.get(`/v1/job?queue=${lab}`)).json.job_id).toBe(both);
    expect((await http.get(`/v1/job?queue=${lab}`)).status).toBe(204);
    expect((await http.post('/v1/job', { job_queue: lab, job_id: '' })).json.job_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('finds jobs by tags and states', async () => {
    const lab = queue();
    const [a, b] = [`a-${lab}`, `b-${lab}`];
    const onlyA = await http.submit({ job_queue: lab, tags: [a] });
    const both = await http.submit({ job_queue: lab, tags: [a, b] });
    const search = async (query: string): Promise<string[]> =>
      ((await http.get(`/v1/job/search?${query}`)).json as { job_id: string }[]).map((job) => job.job_id);
    expect(await search(`tags=${a}&tags=${b}`)).toEqual([onlyA, both]);
    expect(await search(`tags=${a}&tags=${b}&match=all`)).toEqual([both]);
    expect(await search(`tags=${a}&state=waiting&nonsense=1`)).toEqual([onlyA, both]);
    await http.get(`/v1/job?queue=${lab}`);
    expect(await search(`tags=${a}&state=running`)).toEqual([onlyA]);
    await http.post(`/v1/result/${onlyA}`, { job_state: 'provision' });
    expect(await search(`tags=${a}&state=provision&state=test`)).toEqual([onlyA]);
    expect(await search(`tags=${a}&state=running`)).toEqual([]);
    await http.post(`/v1/job/${both}/action`, { action: 'cancel' });
    expect(await search(`tags=${a}&state=active`)).toEqual([onlyA]);
    expect(await search(`tags=${a}&state=active&state=cancelled`)).toEqual([onlyA]);
    await http.post(`/v1/result/${onlyA}`, { job_state: 'complete', status: { test: 1 } });
    expect(await search(`tags=${a}&state=completed`)).toEqual([onlyA]);
    expect(await search(`tags=${a}&state=complete&state=cancelled`)).toEqual([onlyA, both]);
    expect((await search('')).length).toBeGreaterThan(2);
    expect((await http.get('/v1/job/search?match=some')).json).toEqual({
      message: 'Validation error',
      detail: { query: { match: ['Must be one of: any, all.'] } },
    });
    expect((await http.get('/v1/job/search?state=asleep')).status).toBe(422);
    const odd = await http.get('/v1/job/search?tags=%00&tags=%ff');
    expect([odd.status, odd.json]).toEqual([200, []]);
  });

  it('answers a webhook that is silent, unreachable, not allowed or has its own mind', async () => {
    const send = (url: string) => http.post(`/v1/job/${ZERO}/events`, { job_status_webhook: url });
    const silent = await startWebhook({ silent: true });
    const started = Date.now();
    expect((await send(silent.url)).status).toBe(504);
    expect(Date.now() - started).toBeLessThan(10_000);
    await silent.close();
    expect((await send(silent.url)).status).toBe(502);
    expect((await send('http://169.254.169.254/latest/meta-data')).status).toBe(403);
    expect((await send('http://10.0.0.1/')).status).toBe(403);
    const refusing = await startWebhook({ status: 418, text: 'teapot' });
    expect(await send(refusing.url)).toMatchObject({ status: 418, text: 'teapot' });
    await refusing.close();
    // A redirect is the webhook's answer; where it points to is not visited.
    const target = await startWebhook();
    const away = await startWebhook({ status: 307, text: 'over there', location: target.url });
    expect(await send(away.url)).toMatchObject({ status: 307, text: 'over there' });
    expect([away.seen.length, target.seen.length]).toEqual([1, 0]);
    await Promise.all([away.close(), target.close()]);
    for (const bad of ['ftp//x', 7, 'gopher://x.y']) expect((await send(bad as string)).status).toBe(400);
    expect((await http.post('/v1/job/no-id/events', { job_status_webhook: 'http://x' })).status).toBe(400);
  });

  it('shows jobs of the other APIs, and hands them to no lab agent', async () => {
    const lab = queue();
    const { job } = await api.core.submits.submit({
      queue: lab,
      owner: 'x',
      dialect: 'native',
      spec: { command: ['echo', 'a b'] },
      tags: ['t'],
    });
    expect((await http.get(`/v1/job/${job.id}`)).json).toEqual({
      job_queue: lab,
      tags: ['t'],
      test_data: { test_cmds: "echo 'a b'" },
      job_id: job.id,
    });
    expect(await http.stateOf(job.id)).toBe('waiting');
    expect((await http.get(`/v1/queues/${lab}/jobs`)).json).toHaveLength(1);
    expect((await http.get(`/v1/job?queue=${lab}`)).status).toBe(204);
    const { job: pulled } = await api.core.submits.submit({
      queue: lab,
      owner: 'x',
      dialect: 'native',
      dispatch: 'pull',
      spec: { command: null },
      payload: { device: 7 },
    });
    expect((await http.get(`/v1/job?queue=${lab}`)).json).toMatchObject({
      job_queue: lab,
      device: 7,
      job_id: pulled.id,
    });
  });

  it('knows the percentiles of waits, also as more jobs are taken', async () => {
    const [lab, other] = [queue(), queue()];
    const insert = (name: string, seconds: number, n: number) =>
      api.core.store.sql.run(
        'INSERT INTO testflinger_wait VALUES ($1, $2, $3) ON CONFLICT (queue, seconds) DO UPDATE SET n = testflinger_wait.n + excluded.n',
        [name, seconds, n],
      );
    const ask = async (): Promise<unknown> =>
      (await http.get(`/v1/queues/wait_times?queue=${lab}&queue=${other}&queue=unknown`)).json;
    await insert(lab, 10, 1);
    await insert(lab, 20, 1);
    await insert(other, 7, 3);
    const sevens = { 5: 7, 10: 7, 50: 7, 90: 7, 95: 7 };
    const before = { [lab]: { 5: 10.5, 10: 11, 50: 15, 90: 19, 95: 19.5 }, [other]: sevens };
    expect([await ask(), await ask()]).toEqual([before, before]);
    await insert(lab, 20, 1);
    expect(await ask()).toEqual({ [lab]: { 5: 11, 10: 12, 50: 20, 90: 20, 95: 20 }, [other]: sevens });
    expect((await http.get('/v1/queues/wait_times')).json).toMatchObject({ [other]: sevens });
  });

  it('leaves no ticket behind for a job that was pulled', async () => {
    const lab = queue();
    const id = await http.submit({ job_queue: lab });
    await api.core.dispatcher.settled();
    expect(await api.core.tickets.missing(lab, [`${id}-1`])).toEqual([]);
    await http.get(`/v1/job?queue=${lab}`);
    await expectEventually(async () => (await api.core.tickets.missing(lab, [`${id}-1`])).length === 1);
  });
});
