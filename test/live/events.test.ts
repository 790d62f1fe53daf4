import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { JobEvent } from '@drover/domain';
import type { EventFollowOptions } from '@drover/live';
import { eventStore, Store } from '@drover/store';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { asLogin, createTestDatabase, dropTestDatabase } from '../support/postgres.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ passive: true });
});
afterAll(() => api?.close());

const submit = async () =>
  (await api.core.submits.submit({ queue: 'default', owner: 'me', dialect: 'native', spec: { command: 'true' } })).job;

/** Follows until the test is over. `types` of what came so far. */
function follow(options: Omit<EventFollowOptions, 'signal'>): { types(): string[]; seen: JobEvent[] } {
  const stop = new AbortController();
  const seen: JobEvent[] = [];
  const done = (async () => {
    for await (const { events } of api.core.eventFollower.follow({ ...options, signal: stop.signal }))
      seen.push(...events);
  })();
  onTestFinished(async () => {
    stop.abort();
    await done;
  });
  return { seen, types: () => seen.map((event) => event.type) };
}

/** A transaction that has written something and stays open until it is told to end, or the test is over. */
async function openTransaction(
  url: string,
  statement = 'SELECT',
  params: unknown[] = [],
): Promise<{ tx: string; commit(): Promise<void> }> {
  const client = new Client({ connectionString: url });
  let open = true;
  const commit = async (): Promise<void> => {
    if (!open) return;
    open = false;
    await client.query('COMMIT');
    await client.end();
  };
  await client.connect();
  onTestFinished(commit);
  await client.query('BEGIN');
  await client.query(statement, params);
  const { rows } = await client.query<{ tx: string }>('SELECT pg_current_xact_id()::text AS tx');
  return { tx: rows[0]?.tx ?? '', commit };
}

const WRITE = `INSERT INTO event (tx, job_id, queue, type, at) VALUES (pg_current_xact_id(), $1, 'default', $2, now())`;

describe('who follows events', () => {
  it('gets each exactly once, also those committed out of order', async () => {
    const { types } = follow({ from: await api.core.eventFollower.now() });
    const [early, late] = [await submit(), await submit()];
    const { commit } = await openTransaction(api.databaseUrl, WRITE, [early.id, 'slow']);
    await api.core.store.sql.run(WRITE, [late.id, 'quick']);
    await expectEventually(() => expect(types()).toEqual(['job.queued', 'job.queued']));
    await commit();
    await expectEventually(() => expect(types()).toEqual(['job.queued', 'job.queued', 'slow', 'quick']));
  });

  it('from now on gets nothing of before, though it was held back by a transaction still open', async () => {
    const { commit } = await openTransaction(api.databaseUrl);
    const before = await submit();
    const { seen } = follow({ from: await api.core.eventFollower.now() });
    const after = await submit();
    await commit();
    await expectEventually(() => expect(seen.map((event) => event.job_id)).toContain(after.id));
    expect(seen.map((event) => event.job_id)).not.toContain(before.id);
  });

  it('from now on gets what a transaction writes that was open then', async () => {
    const job = await submit();
    const { commit } = await openTransaction(api.databaseUrl, WRITE, [job.id, 'begun before']);
    const { types } = follow({ from: await api.core.eventFollower.now() });
    await commit();
    await expectEventually(() => expect(types()).toEqual(['begun before']));
  });

  it('does not wait for transactions of other databases of the same server', async () => {
    const other = await createTestDatabase({ empty: true });
    onTestFinished(() => dropTestDatabase(other));
    const [whole, fromNow] = [follow({}), follow({ from: await api.core.eventFollower.now() })];
    await openTransaction(other);
    const job = await submit();
    for (const { seen } of [whole, fromNow])
      await expectEventually(() => expect(seen.map((event) => event.job_id)).toContain(job.id), { withinMs: 5_000 });
    expect((await api.core.query.events(undefined, { job_id: job.id }, 10)).map((event) => event.type)).toEqual([
      'job.queued',
    ]);
  });

  it('needs no rights for that beyond a login', async () => {
    const other = await createTestDatabase({ empty: true });
    onTestFinished(() => dropTestDatabase(other));
    // It has no right to anything of the record.
    const store = await Store.open({ url: asLogin(api.databaseUrl, 'tickets'), pool: 1 });
    try {
      const [theirs, ours] = [await openTransaction(other), await openTransaction(api.databaseUrl)];
      // A snapshot knows of open transactions from the next end of one on.
      await submit();
      const foreign = await eventStore.foreign(store.sql);
      expect(foreign).toContain(theirs.tx);
      expect(foreign).not.toContain(ours.tx);
    } finally {
      await store.close();
    }
  });
});
