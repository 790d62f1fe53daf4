import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dispatchStore, jobStore } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs;
beforeEach(async () => {
  jobs = await startJobs();
});
afterEach(() => jobs.close());

const count = async (): Promise<number> => jobStore.count(jobs.store.sql, {});
const key = (name: string, body = name) => ({ key: name, bodyHash: createHash('sha256').update(body).digest('hex') });

describe('submit', () => {
  it('puts the job into the record and its ticket into the queue, with ids only', async () => {
    const { job } = await jobs.submits.submit(
      submission({ spec: { command: 'echo hi', env: { TOKEN: 'very-secret' } }, priority: 3 }),
    );
    await jobs.dispatcher.settled();
    expect(await jobStore.get(jobs.store.sql, job.id)).toMatchObject({
      state: 'queued',
      priority: 3,
      spec: { command: 'echo hi' },
    });
    expect([...jobs.sink.tickets.values()]).toEqual([
      { ticket_id: `${job.id}-1`, job_id: job.id, queue: 'default', priority: 3 },
    ]);
    expect(await jobs.store.sql.rows('SELECT * FROM outbox')).toEqual([]);
  });

  it('makes one job of 100 concurrent submits with one idempotency key', async () => {
    const results = await Promise.all(Array.from({ length: 100 }, () => jobs.submits.submit(submission(), key('k'))));
    expect(new Set(results.map(({ job }) => job.id)).size).toBe(1);
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(await count()).toBe(1);
  });

  it('makes one job of concurrent submits with one key through two replicas', async () => {
    const other = await startJobs();
    try {
      const second = new (jobs.submits.constructor as typeof import('@drover/jobs').SubmitService)(
        jobs.store,
        other.dispatcher,
        { publish: () => undefined },
        (await import('@drover/jobs')).silentObserver,
      );
      const results = await Promise.all(
        Array.from({ length: 60 }, (_, i) => (i % 2 ? second : jobs.submits).submit(submission(), key('k'))),
      );
      expect(new Set(results.map(({ job }) => job.id)).size).toBe(1);
      expect(await count()).toBe(1);
    } finally {
      await other.close();
    }
  });

  it('refuses a known idempotency key with another body', async () => {
    await jobs.submits.submit(submission(), key('k', 'one'));
    await expect(jobs.submits.submit(submission(), key('k', 'two'))).rejects.toMatchObject({
      code: 'idempotency_mismatch',
    });
    const together = await Promise.allSettled([
      jobs.submits.submit(submission(), key('n', 'one')),
      jobs.submits.submit(submission(), key('n', 'two')),
    ]);
    expect(together.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await count()).toBe(2);
  });

  it('answers a known key before it asks anything about the jobs, for one job and for a batch', async () => {
    const { job } = await jobs.submits.submit(submission(), key('one'));
    const { ids } = await jobs.submits.submitAll(
      { owner: 'tester', make: () => [submission(), submission()] },
      key('many'),
    );
    jobs.submits.admit(() => Promise.reject(new Error('nothing is admitted any more')));
    const never = (): never => {
      throw new Error('judged again');
    };
    expect(await jobs.submits.submit({ owner: 'tester', make: never }, key('one'))).toMatchObject({
      created: false,
      job: { id: job.id },
    });
    expect(await jobs.submits.submitAll({ owner: 'tester', make: never }, key('many'))).toMatchObject({
      created: false,
      ids,
    });
    await expect(jobs.submits.submit({ owner: 'tester', make: never }, key('new'))).rejects.toThrow('judged again');
    await expect(jobs.submits.submit(submission(), key('new'))).rejects.toThrow('nothing is admitted');
  });

  it('takes a batch whole or not at all', async () => {
    const batch = Array.from({ length: 1_000 }, (_, i) => submission({ name: `job ${i}` }));
    expect(await jobs.submits.submitBatch(batch)).toHaveLength(1_000);
    await expect(jobs.submits.submitBatch([submission(), submission({ queue: '' })])).rejects.toMatchObject({
      code: 'invalid',
      details: { faults: [{ field: 'jobs.1.queue' }] },
    });
    expect(await count()).toBe(1_000);
    await jobs.dispatcher.settled();
    expect(jobs.sink.tickets.size).toBe(1_000);
  });

  it('keeps a job that was accepted while the ticket store was away, and sends its ticket later', async () => {
    jobs.sink.away = true;
    const { job } = await jobs.submits.submit(submission());
    await jobs.dispatcher.settled();
    expect(jobs.sink.tickets.size).toBe(0);
    jobs.sink.away = false;
    expect(await jobs.dispatcher.drain(0)).toBe(1);
    expect([...jobs.sink.tickets.keys()]).toEqual([`${job.id}-1`]);
  });

  it('takes the marks of all queues in turn, and passes by those it is told to', async () => {
    jobs.sink.away = true;
    await jobs.submits.submitBatch(Array.from({ length: 300 }, () => submission({ queue: 'long' })));
    await jobs.submits.submit(submission({ queue: 'short' }));
    await jobs.dispatcher.settled();
    expect((await dispatchStore.pending(jobs.store.sql, 2, 0)).map(({ queue }) => queue)).toEqual(['long', 'short']);
    expect((await dispatchStore.pending(jobs.store.sql, 250, 0, ['long'])).map(({ queue }) => queue)).toEqual([
      'short',
    ]);
    expect(await dispatchStore.oldest(jobs.store.sql)).toBeGreaterThan(0);
  });

  it('finds the tickets an emptied queue lost, and only those', async () => {
    const made = await jobs.submits.submitBatch(Array.from({ length: 30 }, () => submission()));
    await jobs.dispatcher.settled();
    jobs.sink.tickets.clear();
    await jobs.sink.add([
      { ticket_id: `${made[0]?.id}-1`, job_id: made[0]?.id as string, queue: 'default', priority: 0 },
    ]);
    await jobs.store.sql.run(`UPDATE job SET updated_at = now() - interval '5 seconds'`);
    expect(await jobs.dispatcher.reconcile()).toBe(29);
    expect(await jobs.dispatcher.reconcile()).toBe(0);
  });

  it('pauses a queue again that an emptied ticket store has forgotten', async () => {
    await jobs.control.pause('lab');
    await jobs.control.pause('other');
    await jobs.control.resume('other');
    jobs.sink.paused.clear();
    await jobs.dispatcher.repause();
    expect([...jobs.sink.paused]).toEqual(['lab']);
  });

  it.each([
    ['a NUL character', { spec: { command: 'echo \u0000' } }, 'command'],
    ['a lone surrogate', { metadata: { text: '\ud800' } }, 'metadata.text'],
    [
      'an endless nesting',
      { payload: JSON.parse('{"a":'.repeat(100) + '1' + '}'.repeat(100)) as Record<string, unknown> },
      'payload',
    ],
    ['a priority out of range', { priority: 10_000_000 }, 'priority'],
    ['an unreadable cron', { cron: { pattern: 'every day', timezone: 'UTC' } }, 'cron'],
    ['an unknown time zone', { cron: { pattern: '* * * * *', timezone: 'Mars/Olympus' } }, 'cron'],
    ['an environment name with =', { spec: { command: 'true', env: { 'A=B': 'c' } } }, 'env.A=B'],
    ['an unknown dependency', { depends_on: ['0190f5fe-7c00-7a00-8000-000000000000'] }, 'depends_on'],
    ['a dependency that is no id', { depends_on: ['../x'] }, 'depends_on.0'],
  ])('refuses %s and stores nothing', async (_what, fields, field) => {
    await expect(jobs.submits.submit(submission(fields))).rejects.toMatchObject({
      code: 'invalid',
      details: { faults: [expect.objectContaining({ field: expect.stringContaining(field) as string }) as unknown] },
    });
    expect(await count()).toBe(0);
  });

  it('refuses an external id that is taken in its dialect, and only that request', async () => {
    await jobs.submits.submit(submission({ dialect: 'hpc', external_ids: ['a'] }));
    const results = await Promise.allSettled(
      ['a', 'b', 'a'].map((id) => jobs.submits.submit(submission({ dialect: 'hpc', external_ids: [id] }))),
    );
    expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled', 'rejected']);
    expect(await count()).toBe(2);
  });
});
