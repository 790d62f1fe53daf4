import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CRON_TICK, CronService, schedule } from '@drover/jobs';
import { createInternalJobs, migrateTicketStore, type InternalJobs } from '@drover/queue';
import { jobStore } from '@drover/store';
import { expectEventually } from '../support/expect-eventually.js';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs;
let replicas: InternalJobs[];
let cron: CronService;

beforeEach(async () => {
  jobs = await startJobs();
  await migrateTicketStore({ backend: 'postgres', url: jobs.url });
  replicas = [];
  for (let i = 0; i < 2; i += 1) {
    const internal = await createInternalJobs({ backend: 'postgres', url: jobs.url });
    const service = new CronService(jobs.store, internal, jobs.submits, (parent, reason) =>
      jobs.control.withdraw(parent.id, reason),
    );
    internal.handle({ [CRON_TICK]: (data: { job_id: string }, run) => service.tick(data, run.due_at) });
    replicas.push(internal);
    if (i === 0) cron = service;
  }
});
afterEach(async () => {
  for (const replica of replicas) await replica.close();
  await jobs.close();
});

const parentOf = async (pattern: string) =>
  (await jobs.submits.submit(submission({ name: 'tick', cron: { pattern, timezone: 'Europe/Lisbon' } }))).job;
const children = (parent: string) => jobStore.list(jobs.store.sql, { parent_id: parent }, { limit: 100 });

describe('a cron job', () => {
  it('makes one child a tick, however many replicas there are, until it is cancelled', async () => {
    const parent = await parentOf('* * * * * *');
    expect(parent.state).toBe('scheduled');
    await schedule(replicas[0] as InternalJobs, parent);
    await expectEventually(async () => (await children(parent.id)).length >= 3, {
      withinMs: 10_000,
      what: 'Three ticks',
    });
    const made = await children(parent.id);
    const seconds = made.map((child) => Math.floor(child.created_at.getTime() / 1000));
    expect(new Set(seconds).size).toBe(seconds.length);
    await jobs.control.cancel(parent.id);
    await replicas[0]?.removeCron(parent.id);
    expect(await replicas[0]?.crons()).toEqual([]);
  });

  it('fires once for the ticks missed while everything was down and its scheduler was lost', async () => {
    const parent = await parentOf('*/10 * * * *');
    await jobs.store.sql.run(`UPDATE job SET created_at = now() - interval '2 hours' WHERE id = $1`, [parent.id]);
    await cron.sync();
    await cron.sync();
    expect(await children(parent.id)).toHaveLength(1);
    expect(await replicas[0]?.crons()).toEqual([parent.id]);
  });

  it('makes no second child when a tick is repeated after a crash', async () => {
    const parent = await parentOf('0 0 1 1 *');
    const due = new Date('2026-01-01T00:00:00Z');
    await Promise.all([cron.tick({ job_id: parent.id }, due), cron.tick({ job_id: parent.id }, due)]);
    await cron.tick({ job_id: parent.id }, due);
    expect(await children(parent.id)).toHaveLength(1);
  });
});
