import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client, type Answer } from '../support/http.js';
import { execute } from '../support/postgres.js';

const ACTIONS = '/api/v1/jobs/actions';

describe('a bulk action', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
  });
  afterAll(() => api.close());

  const submit = async (n: number, body: object): Promise<string[]> =>
    (await http.post('/api/v1/jobs/batch', { jobs: Array.from({ length: n }, () => ({ command: 'true', ...body })) }))
      .body.ids;
  const count = async (query: string): Promise<number> => (await http.get(`/api/v1/jobs/count?${query}`)).body.count;
  /** Asks, and does the work of the periodic tick. */
  const run = async (body: object): Promise<Answer['body']> => {
    const asked = await http.post(ACTIONS, body);
    expect(asked.status, JSON.stringify(asked.body)).toBe(202);
    await api.core.bulk.work();
    return (await http.get(asked.headers.get('location') as string)).body;
  };

  it('cancels the thousands of jobs of a filter, and those alone that there were', async () => {
    await submit(5_000, { queue: 'many', name: 'in' });
    await submit(3, { queue: 'many', name: 'out' });
    const body = { action: 'cancel', filter: { queue: 'many', name: 'in' }, reason: 'not needed' };
    const preview = await http.post(`${ACTIONS}/preview`, body);
    expect(preview.body).toMatchObject({ count: 5_000, exact: true });
    expect(preview.body.examples.map((job: { name: string }) => job.name)).toEqual(['in', 'in', 'in']);
    expect(await count('queue=many&state=queued')).toBe(5_003);
    const asked = await http.post(ACTIONS, body);
    expect([asked.status, asked.body]).toMatchObject([202, { state: 'running', matched: 5_000, done: 0 }]);
    const later = await submit(2, { queue: 'many', name: 'in' });
    const start = performance.now();
    await api.core.bulk.work();
    expect(performance.now() - start).toBeLessThan(50_000);
    expect((await http.get(`${ACTIONS}/${asked.body.id}`)).body).toMatchObject({
      action: 'cancel',
      state: 'done',
      done: 5_000,
      skipped: 0,
      reasons: [],
      finished_at: expect.any(String),
    });
    expect(await count('queue=many&state=queued')).toBe(5);
    for (const id of later) expect((await http.get(`/api/v1/jobs/${id}`)).body.state).toBe('queued');
    const one = (await http.get('/api/v1/jobs?queue=many&state=cancelled&limit=1')).body.jobs[0];
    expect(one).toMatchObject({ cause: 'cancelled', cause_detail: 'not needed' });
    expect((await http.get(ACTIONS)).body.actions[0].id).toBe(asked.body.id);
  }, 120_000);

  it('retries what failed, changes priorities of what waits, gives tags and takes them away', async () => {
    const agent = await scriptedAgent(api.core, 'bulk-node', ['mixed']);
    const [broken, ended, waits] = (await submit(3, { queue: 'mixed' })) as [string, string, string];
    await (await (await agent.claim(broken)).started()).ended({ exit_code: 3 });
    await (await (await agent.claim(ended)).started()).ended({ exit_code: 0 });
    const filter = { queue: 'mixed' };
    expect(await run({ action: 'retry', filter })).toMatchObject({ matched: 1, done: 1, skipped: 0 });
    expect((await http.get(`/api/v1/jobs/${broken}`)).body).toMatchObject({ state: 'queued', attempt: 2 });
    expect(await run({ action: 'priority', filter, priority: 9 })).toMatchObject({ done: 2 });
    expect((await http.get(`/api/v1/jobs/${waits}`)).body.priority).toBe(9);
    expect(await run({ action: 'tag', filter, tags: ['old', 'x'] })).toMatchObject({ done: 3 });
    expect(await run({ action: 'untag', filter: { ...filter, tag: ['x'] }, tags: ['x', 'y'] })).toMatchObject({
      done: 3,
    });
    expect((await http.get(`/api/v1/jobs/${ended}`)).body.tags).toEqual(['old']);
    const events = await api.core.query.events(undefined, { job_id: waits }, 20);
    expect(events.map(({ type }) => type)).toEqual(['job.queued', 'job.prioritised', 'job.tagged', 'job.tagged']);
  });

  it('gives a job of another priority a new ticket, and takes back the one before', async () => {
    const [id] = (await submit(1, { queue: 'moved' })) as [string];
    const missing = (): Promise<string[]> => api.core.tickets.missing('moved', [`${id}-1`, `${id}-2`]);
    await expectEventually(async () => expect(await missing()).toEqual([`${id}-2`]));
    await run({ action: 'priority', ids: [id], priority: 5 });
    await expectEventually(async () => expect(await missing()).toEqual([`${id}-1`]));
  });

  it('says what it skipped and why, by reason with examples', async () => {
    const agent = await scriptedAgent(api.core, 'skip-node', ['skips']);
    const [ended, runs, waits] = (await submit(3, { queue: 'skips' })) as [string, string, string];
    await (await (await agent.claim(ended)).started()).ended({ exit_code: 0 });
    await (await agent.claim(runs)).started();
    const gone = randomUUID();
    expect(await run({ action: 'retry', ids: [ended, runs, waits, gone] })).toMatchObject({
      done: 1,
      skipped: 3,
      reasons: [
        { reason: 'The job does not exist, or it belongs to another project.', count: 1, examples: [gone] },
        { reason: expect.stringMatching(/^The job is running; only a job that has ended/), examples: [runs] },
        { reason: expect.stringMatching(/^The job is queued; only a job/), count: 1, examples: [waits] },
      ],
    });
    expect(await run({ action: 'priority', ids: [runs], priority: 1 })).toMatchObject({
      done: 0,
      reasons: [{ reason: 'The job is running; a priority counts for jobs that wait.' }],
    });
    expect(await run({ action: 'cancel', filter: { queue: 'skips', state: ['succeeded', 'queued'] } })).toMatchObject({
      done: 2,
      skipped: 0,
    });
  });

  it('goes on where a process that died has stopped, and changes no job twice', async () => {
    const ids = await submit(30, { queue: 'torn' });
    const asked = (await http.post(ACTIONS, { action: 'cancel', filter: { queue: 'torn' } })).body;
    // As a process leaves it that dies behind the transaction of ten changes: its lease, and their steps.
    const dead = ids.slice(0, 10);
    for (const id of dead) await http.post(`/api/v1/jobs/${id}/cancel`);
    const steps = dead.map((id) => `('${asked.id}', '${id}')`).join(', ');
    await execute(api.databaseUrl, `INSERT INTO bulk_action_step (action_id, job_id) VALUES ${steps}`);
    const lease = (until: string): Promise<void> =>
      execute(
        api.databaseUrl,
        `UPDATE bulk_action SET lease = gen_random_uuid(), lease_until = ${until} WHERE id = '${asked.id}'`,
      );
    await lease(`now() + interval '1 minute'`);
    await api.core.bulk.work();
    expect((await http.get(`${ACTIONS}/${asked.id}`)).body).toMatchObject({ state: 'running', done: 0 });
    await lease(`now() - interval '1 second'`);
    await api.core.bulk.work();
    expect((await http.get(`${ACTIONS}/${asked.id}`)).body).toMatchObject({ state: 'done', done: 30, skipped: 0 });
    const left = await api.core.store.sql.rows('SELECT * FROM bulk_action_step');
    expect(left).toEqual([]);
    for (const id of dead) {
      const events = await api.core.query.events(undefined, { job_id: id }, 20);
      expect(events.filter(({ type }) => type === 'job.cancelled')).toHaveLength(1);
    }
  });

  it('is stopped by a cancel, and only once', async () => {
    await submit(5, { queue: 'spared' });
    const { id } = (await http.post(ACTIONS, { action: 'cancel', filter: { queue: 'spared' } })).body;
    expect((await http.post(`${ACTIONS}/${id}/cancel`)).body).toMatchObject({ state: 'cancelled' });
    await api.core.bulk.work();
    expect(await count('queue=spared&state=queued')).toBe(5);
    expect((await http.post(`${ACTIONS}/${id}/cancel`)).status).toBe(409);
    expect((await http.post(`${ACTIONS}/${randomUUID()}/cancel`)).status).toBe(404);
  });

  it('is the same for a repeated key, and refuses the key with another body', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { action: 'tag', filter: { queue: 'keyed' }, tags: ['once'] };
    const answers = await Promise.all(Array.from({ length: 10 }, () => http.post(ACTIONS, body, key)));
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    const other = await http.post(ACTIONS, { ...body, tags: ['twice'] }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
    await api.core.bulk.work();
  });

  it('takes 10,000 ids at once, and no more', async () => {
    const ids = await submit(1_200, { queue: 'chosen' });
    const all = [...ids, ...Array.from({ length: 8_800 }, () => randomUUID())];
    const preview = await http.post(`${ACTIONS}/preview`, { action: 'cancel', ids: all });
    expect(preview.body).toMatchObject({ count: 1_200, exact: true });
    expect(preview.body.examples.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 3));
    expect(await run({ action: 'cancel', ids })).toMatchObject({ state: 'done', done: 1_200, skipped: 0 });
    expect(await count('queue=chosen&state=cancelled')).toBe(1_200);
    const refused = await http.post(ACTIONS, { action: 'cancel', ids: [...all, randomUUID()] });
    expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'ids']);
  });

  it('is refused when its fields do not go together, and when too many go on', async () => {
    const faults = async (body: object): Promise<unknown> =>
      (await http.post(ACTIONS, body)).body.errors?.map((fault: { field: string }) => fault.field);
    expect(await faults({ action: 'cancel' })).toEqual(['filter']);
    expect(await faults({ action: 'cancel', filter: {}, ids: [randomUUID()] })).toEqual(['filter']);
    expect(await faults({ action: 'priority', filter: {} })).toEqual(['priority']);
    expect(await faults({ action: 'retry', filter: {}, reason: 'x', tags: ['a'] })).toEqual(['reason', 'tags']);
    expect(await faults({ action: 'stop', filter: {} })).toEqual(['action']);
    expect(await faults({ action: 'cancel', filter: { created_after: '1h', created_before: '2h' } })).toEqual([
      'filter.created_before',
    ]);
    expect(await faults({ action: 'cancel', filter: { queu: 'x' } })).toEqual(['filter.queu']);
    for (const text of ['\u0000', '\ud800'])
      for (const body of [
        { action: 'cancel', filter: { q: text } },
        { action: 'cancel', filter: { queue: 'x' }, reason: text },
        { action: 'tag', filter: { tag: [text] }, tags: [text] },
      ])
        expect((await http.post(ACTIONS, body)).status, JSON.stringify(body)).toBe(422);
    const answers = await Promise.all(
      Array.from({ length: 21 }, () => http.post(ACTIONS, { action: 'cancel', filter: { queue: 'none' } })),
    );
    await api.core.bulk.work();
    expect(answers.map(({ status }) => status)).not.toContain(500);
    const before = await Promise.all(
      Array.from({ length: 20 }, () => http.post(ACTIONS, { action: 'cancel', filter: { queue: 'none' } })),
    );
    expect(before.map(({ status }) => status)).not.toContain(500);
    const last = await http.post(ACTIONS, { action: 'cancel', filter: { queue: 'none' } });
    expect([last.status, last.headers.get('retry-after')]).toEqual([429, '5']);
    await api.core.bulk.work();
  });
});

describe('with logins, a bulk action', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
  });
  afterAll(() => api.close());

  const as = async (client_id: string, role: string, project: string, more: object = {}) =>
    client(api.url, { authorization: `Bearer ${await mint({ client_id, role, project, ...more })}` });
  const ended = async (http: ReturnType<typeof client>, id: string): Promise<Answer['body']> =>
    expectEventually(async () => {
      const { body } = await http.get(`${ACTIONS}/${id}`);
      expect(body.state).toBe('done');
      return body;
    });

  it('is worked off by the broker with the rights of who asked: own jobs alone, no jobs of other projects', async () => {
    const [alice, bob, mallory] = [
      await as('alice', 'submitter', 'red'),
      await as('bob', 'submitter', 'red'),
      await as('mallory', 'submitter', 'blue'),
    ];
    const viewer = await as('vera', 'viewer', 'red');
    const operator = await as('oscar', 'operator', 'none');
    const mine = (await alice.post('/api/v1/jobs', { queue: 'shared', command: 'true' })).body.id;
    const theirs = (await bob.post('/api/v1/jobs', { queue: 'shared', command: 'true' })).body.id;
    const body = { action: 'cancel', filter: { queue: 'shared' } };
    expect((await viewer.post(ACTIONS, body)).status).toBe(403);
    const blue = (await mallory.post(ACTIONS, { action: 'cancel', ids: [mine] })).body;
    expect(await ended(mallory, blue.id)).toMatchObject({ matched: 0, done: 0, skipped: 1 });
    expect((await mallory.post(`${ACTIONS}/preview`, body)).body).toMatchObject({ count: 0 });
    const none = (await mallory.post(ACTIONS, body)).body;
    expect(await ended(mallory, none.id)).toMatchObject({ matched: 0, done: 0, skipped: 0, reasons: [] });
    const { id } = (await alice.post(ACTIONS, body)).body;
    expect(await ended(alice, id)).toMatchObject({
      matched: 2,
      done: 1,
      skipped: 1,
      reasons: [{ reason: 'The job belongs to bob; only its owner or an operator may change it.', examples: [theirs] }],
    });
    expect((await alice.get(`/api/v1/jobs/${mine}`)).body.state).toBe('cancelled');
    expect((await bob.get(`/api/v1/jobs/${theirs}`)).body.state).toBe('queued');
    expect((await viewer.get(`${ACTIONS}/${id}`)).status).toBe(200);
    expect((await mallory.get(`${ACTIONS}/${id}`)).status).toBe(404);
    expect((await mallory.get(ACTIONS)).body.actions.map((one: { id: string }) => one.id)).toEqual([none.id, blue.id]);
    expect((await mallory.post(`${ACTIONS}/${id}/cancel`)).status).toBe(404);
    expect((await bob.post(`${ACTIONS}/${id}/cancel`)).status).toBe(403);
    expect((await operator.post(`${ACTIONS}/${id}/cancel`)).status).toBe(409);
    const all = (await operator.post(ACTIONS, body)).body;
    expect(await ended(operator, all.id)).toMatchObject({ done: 1 });
    const trail = (await operator.get(`/api/v1/audit?object=${mine}&action=job.cancel`)).body.entries;
    expect(trail).toMatchObject([{ actor: 'alice', role: 'submitter' }]);
  });

  it('gives no priority that its client may not give', async () => {
    const modest = await as('modest', 'submitter', 'red', { max_priority: { '*': 3 } });
    const { id } = (await modest.post('/api/v1/jobs', { queue: 'vip', command: 'true' })).body;
    const raise = async (priority: number): Promise<unknown> => {
      const asked = (await modest.post(ACTIONS, { action: 'priority', ids: [id], priority })).body;
      return ended(modest, asked.id);
    };
    expect(await raise(3)).toMatchObject({ done: 1 });
    expect(await raise(4)).toMatchObject({
      done: 0,
      reasons: [{ reason: 'This client may give jobs of queue vip a priority of at most 3.' }],
    });
  });
});
