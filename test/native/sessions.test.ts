import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client, type Answer } from '../support/http.js';
import { createTestDatabase, dropTestDatabase, execute } from '../support/postgres.js';

interface Session {
  application: string;
  idle_in_transaction: string;
  statement: string;
}

let api: TestApi;
let databaseUrl: string;

beforeAll(async () => {
  databaseUrl = await createTestDatabase();
  // Postgres itself writes down with which limits each session begins.
  await execute(
    databaseUrl,
    'CREATE TABLE session_seen (application text, idle_in_transaction text, statement text); GRANT SELECT ON session_seen TO PUBLIC',
  );
  await execute(
    databaseUrl,
    `CREATE FUNCTION note_session() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
       INSERT INTO public.session_seen VALUES (current_setting('application_name'), current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout'));
     END $$`,
  );
  await execute(databaseUrl, 'CREATE EVENT TRIGGER note_session ON login EXECUTE FUNCTION note_session()');
  api = await startApi({ databaseUrl, passive: true });
});
afterAll(async () => {
  await api.close();
  await dropTestDatabase(databaseUrl);
});

describe('every session of the API with Postgres', () => {
  it('has a limit on transactions whose owner says nothing and on single statements, those of the ticket store and of the bus too', async () => {
    const http = client(api.url);
    expect((await http.post('/api/v1/jobs', { command: 'true' })).status).toBe(201);
    const seen = (): Promise<Session[]> =>
      api.core.store.sql.rows<Session>(
        `SELECT * FROM session_seen WHERE application LIKE 'drover%' AND application <> 'drover-test'`,
      );
    await expectEventually(async () =>
      expect((await seen()).map(({ application }) => application)).toEqual(
        expect.arrayContaining(['drover-api', 'drover-tickets', 'drover-bus']),
      ),
    );
    for (const session of await seen())
      expect(session).toMatchObject({
        idle_in_transaction: '30s',
        statement: expect.not.stringMatching(/^0$/) as string,
      });
  });
});

describe('a transaction that sits idle for longer than its limit', () => {
  /** The next transaction of the API stops within itself, as that of a frozen process does, until Postgres has ended it. */
  function freezeNext(): { ended: () => boolean } {
    const { store } = api.core;
    let ended = false;
    const original = store.tx.bind(store);
    vi.spyOn(store, 'tx').mockImplementationOnce((work) =>
      original(async (sql) => {
        const [session] = await sql.rows<{ pid: number }>(
          `SELECT pg_backend_pid() AS pid, set_config('idle_in_transaction_session_timeout', '100', true)`,
        );
        await expectEventually(async () => {
          const others = await store.sql.rows('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [session?.pid]);
          expect(others).toEqual([]);
        });
        ended = true;
        return work(sql);
      }),
    );
    return { ended: () => ended };
  }

  const submit = (headers = {}): Promise<Answer> => client(api.url).post('/api/v1/jobs', { command: 'true' }, headers);
  const requests: Record<string, (id: string) => Promise<Answer>> = {
    'a submit with a key': () => submit({ 'idempotency-key': randomUUID() }),
    'a submit of fastlane': () => client(api.url).post('/tasks/t1', { image: 'i', command: 'true' }),
    'a delete': (id) => client(api.url).delete(`/api/v1/jobs/${id}`),
  };

  it.each(Object.entries(requests))(
    'answers %s with 503 and a time to try again, and the API goes on',
    async (_, ask) => {
      const { id } = (await submit()).body as { id: string };
      await client(api.url).post(`/api/v1/jobs/${id}/cancel`);
      const frozen = freezeNext();
      try {
        const answer = await ask(id);
        expect(frozen.ended()).toBe(true);
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^[1-9]\d*$/)]);
      } finally {
        vi.restoreAllMocks();
      }
      expect((await ask(id)).status).toBeLessThan(300);
      expect((await client(api.url).get('/readyz')).status).toBe(200);
    },
  );
});
