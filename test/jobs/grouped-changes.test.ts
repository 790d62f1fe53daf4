import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectEventually } from '../support/expect-eventually.js';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

describe('changes of jobs', () => {
  let jobs: Jobs;
  let other: Client;
  beforeEach(async () => {
    jobs = await startJobs();
    other = new Client({ connectionString: jobs.url });
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await jobs.close();
  });

  const submitted = async (n: number): Promise<string[]> =>
    (await jobs.submits.submitBatch(Array.from({ length: n }, () => submission()))).map((job) => job.id);
  const endingsOf = (id: string) =>
    jobs.store.sql.rows<{ type: string; tx: string }>(
      `SELECT type, tx::text AS tx FROM event WHERE job_id = $1 AND type <> 'job.queued' AND type <> 'job.scheduled'`,
      [id],
    );
  const waitsForLock = (): Promise<unknown> =>
    expectEventually(async () => {
      await other.query('SELECT pg_stat_clear_snapshot()');
      const { rows } = await other.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rows.length).toBe(1);
    });

  it('that are asked for at once share a few transactions', async () => {
    const ids = await submitted(300);
    const cancelled = await Promise.all(ids.map((id) => jobs.control.cancel(id)));
    expect(cancelled.every((job) => job.state === 'cancelled')).toBe(true);
    const [row] = await jobs.store.sql.rows<{ n: number }>(
      `SELECT count(DISTINCT event.tx::text)::int AS n FROM event WHERE type = 'job.cancelled'`,
    );
    expect(row?.n).toBeLessThan(20);
  });

  it('are answered each for itself: who is refused spoils nothing for the others', async () => {
    const [ended = '', waiting = ''] = await submitted(2);
    await jobs.control.cancel(ended);
    const unknown = uuidv7();
    const results = await Promise.allSettled([
      jobs.control.cancel(ended),
      jobs.control.cancel(unknown),
      jobs.control.cancel(waiting),
    ]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'terminal' } },
      { status: 'rejected', reason: { code: 'not_found' } },
      { status: 'fulfilled', value: { state: 'cancelled' } },
    ]);
  });

  it('whose own writing fails are undone alone', async () => {
    const [bad = '', good = ''] = await submitted(2);
    const results = await Promise.allSettled([
      jobs.control.change(bad, 'job.test', (job, changes) => {
        changes.patch(job, { priority: 7 });
        return { also: async (sql) => void (await sql.run('SELECT 1 / 0')) };
      }),
      jobs.control.change(good, 'job.test', (job, changes) => changes.patch(job, { priority: 7 })),
    ]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
    const rows = await jobs.store.sql.rows<{ id: string; priority: number }>(
      'SELECT id, priority FROM job WHERE id = ANY($1::uuid[])',
      [[bad, good]],
    );
    expect(new Map(rows.map((row) => [row.id, row.priority]))).toEqual(
      new Map([
        [bad, 0],
        [good, 7],
      ]),
    );
  });

  it('of one job, asked for together, come one after the other', async () => {
    const [id = ''] = await submitted(1);
    const seen: number[] = [];
    await Promise.all(
      [1, 2, 3].map((n) =>
        jobs.control.change(id, 'job.test', (job, changes) => {
          seen.push(job.priority);
          changes.patch(job, { priority: job.priority + n });
        }),
      ),
    );
    expect(seen).toEqual([0, 1, 3]);
  });

  it('of a job and of what waits for it, in one group, end each of them once', async () => {
    const [first = ''] = await submitted(1);
    const { job: second } = await jobs.submits.submit(submission({ depends_on: [first] }));
    await Promise.all([jobs.control.cancel(first), jobs.control.cancel(second.id)]);
    expect((await endingsOf(first)).map((event) => event.type)).toEqual(['job.cancelled']);
    expect((await endingsOf(second.id)).map((event) => event.type)).toEqual(['job.cancelled']);
  });

  it('do not wait for a job that another transaction holds', async () => {
    const [held = '', ...free] = await submitted(20);
    await other.query('BEGIN');
    await other.query('SELECT 1 FROM job WHERE id = $1 FOR UPDATE', [held]);
    let done = false;
    const late = jobs.control.cancel(held).then((job) => {
      done = true;
      return job;
    });
    expect(
      (await Promise.all(free.map((id) => jobs.control.cancel(id)))).every((job) => job.state === 'cancelled'),
    ).toBe(true);
    await waitsForLock();
    const more = await submitted(3);
    await Promise.all(more.map((id) => jobs.control.cancel(id)));
    expect(done).toBe(false);
    await other.query('COMMIT');
    expect((await late).state).toBe('cancelled');
  });
});
