import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Store } from '@drover/store';
import { JWT_KEY, mint } from '../access/support.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';
import { createTestDatabase, dropTestDatabase } from '../support/postgres.js';

const NOBODY = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';

describe('a family of jobs', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  let parent: string;
  let children: string[];
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
    parent = (await http.post('/api/v1/jobs', { name: 'sweep', command: 'true', queue: 'families' })).body.id;
    const jobs = Array.from({ length: 30 }, (_, at) => ({
      name: `part ${at}`,
      command: 'true',
      queue: 'families',
      parent_id: parent,
    }));
    children = (await http.post('/api/v1/jobs/batch', { jobs })).body.ids;
    for (const id of children.slice(0, 4)) await http.post(`/api/v1/jobs/${id}/cancel`, {});
  });
  afterAll(() => api.close());

  it('is counted by state, for several parents at once', async () => {
    const { status, body } = await http.get(`/api/v1/jobs/families?parent=${parent},${children[0]},${NOBODY}`);
    expect([status, body]).toEqual([
      200,
      { families: [{ parent, name: 'sweep', counts: { queued: 26, cancelled: 4 }, total: 30, exact: true }] },
    ]);
  });

  it('is listed in few words, page by page, newest first', async () => {
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await http.get(`/api/v1/jobs/${parent}/children?limit=7${cursor}`);
      seen.push(...body.children.map(({ id }: { id: string }) => id));
      expect(Object.keys(body.children[0])).toEqual(['id', 'name', 'state', 'cause', 'exit_code', 'node']);
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(seen).toEqual([...children].reverse());
    expect((await http.get(`/api/v1/jobs/${children[0]}/children`)).body).toEqual({ children: [], next: null });
    expect((await http.get(`/api/v1/jobs/${NOBODY}/children`)).status).toBe(404);
  });

  it('is a filter of lists, of counts and of actions', async () => {
    const listed = (await http.get(`/api/v1/jobs?parent=${parent}&state=cancelled`)).body.jobs;
    expect(listed.map(({ id }: { id: string }) => id)).toEqual(children.slice(0, 4).reverse());
    expect((await http.get(`/api/v1/jobs/count?parent=${parent}`)).body).toEqual({ count: 30, exact: true });
    const preview = await http.post('/api/v1/jobs/actions/preview', { action: 'cancel', filter: { parent } });
    expect(preview.body).toMatchObject({ count: 26 });
    const faulty = await http.get('/api/v1/jobs?parent=sweep');
    expect([faulty.status, faulty.body.errors[0].field]).toEqual([422, 'parent']);
  });

  it('takes no child of a parent that does not exist, and names the field', async () => {
    const one = await http.post('/api/v1/jobs', { command: 'true', parent_id: NOBODY });
    expect([one.status, one.body.errors]).toEqual([
      422,
      [{ field: 'parent_id', message: `names job ${NOBODY}, which does not exist`, value: NOBODY }],
    ]);
    const many = await http.post('/api/v1/jobs/batch', {
      jobs: [
        { command: 'true', parent_id: parent },
        { command: 'true', parent_id: NOBODY },
      ],
    });
    expect([many.status, many.body.errors[0].field]).toEqual([422, 'jobs.1.parent_id']);
    expect((await http.get(`/api/v1/jobs/count?parent=${parent}`)).body.count).toBe(30);
  });

  it('is asked for twenty parents at most', async () => {
    const ids = Array.from({ length: 21 }, () => NOBODY).join(',');
    expect((await http.get(`/api/v1/jobs/families?parent=${ids}`)).status).toBe(422);
    expect((await http.get('/api/v1/jobs/families')).status).toBe(422);
  });
});

describe('a family of another project', () => {
  it('is not there, and gets no new child', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    try {
      const of = async (project: string): Promise<ReturnType<typeof client>> =>
        client(api.url, {
          authorization: `Bearer ${await mint({ client_id: `of ${project}`, role: 'submitter', project })}`,
        });
      const [ours, theirs] = [await of('ours'), await of('theirs')];
      const parent = (await ours.post('/api/v1/jobs', { command: 'true' })).body.id;
      await ours.post('/api/v1/jobs', { command: 'true', parent_id: parent });
      expect((await ours.get(`/api/v1/jobs/families?parent=${parent}`)).body.families).toHaveLength(1);
      expect((await theirs.get(`/api/v1/jobs/families?parent=${parent}`)).body.families).toEqual([]);
      expect((await theirs.get(`/api/v1/jobs/${parent}/children`)).status).toBe(404);
      expect((await theirs.get(`/api/v1/jobs?parent=${parent}`)).body.jobs).toEqual([]);
      expect((await theirs.post('/api/v1/jobs', { command: 'true', parent_id: parent })).status).toBe(422);
    } finally {
      await api.close();
    }
  });
});

describe('a family whose parents hold much', () => {
  /** How often Postgres fetched a value of a job that is too long for its row. */
  const FETCHED = `SELECT idx_scan::int AS n
    FROM pg_stat_all_tables
    WHERE relid = (SELECT reltoastrelid FROM pg_class WHERE oid = 'job'::regclass)`;
  const PARENTS = 20;

  it('leaves that unread when a child is submitted, and when children are counted', async () => {
    const databaseUrl = await createTestDatabase();
    const admin = await Store.open({ url: databaseUrl, pool: 1 });
    const during = async <T>(work: (http: ReturnType<typeof client>) => Promise<T>): Promise<T> => {
      const api = await startApi({ databaseUrl, passive: true });
      return work(client(api.url)).finally(() => api.close());
    };
    // A connection has told what it fetched when it is gone.
    const fetched = (): Promise<number> =>
      expectEventually(async () => {
        const others = await admin.sql.rows(
          'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        );
        expect(others).toEqual([]);
        return (await admin.sql.rows<{ n: number }>(FETCHED))[0]?.n ?? 0;
      });
    try {
      const parents = await during(async (http) => {
        const jobs = Array.from({ length: PARENTS }, () => ({
          command: 'true',
          stdin: randomBytes(50_000).toString('base64'),
        }));
        return (await http.post('/api/v1/jobs/batch', { jobs })).body.ids as string[];
      });
      const before = await fetched();
      await during(async (http) => {
        const jobs = parents.map((parent_id) => ({ command: 'true', parent_id }));
        expect((await http.post('/api/v1/jobs/batch', { jobs })).status).toBe(201);
        const { families } = (await http.get(`/api/v1/jobs/families?parent=${parents.join(',')}`)).body;
        expect(families).toHaveLength(PARENTS);
      });
      expect((await fetched()) - before).toBeLessThan(PARENTS);
    } finally {
      await admin.close();
      await dropTestDatabase(databaseUrl);
    }
  });
});
