import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasExpired, isReady, itsTimeHasCome, JOB_STATES, mayStart, transition, type Readiness } from '@drover/domain';
import { dispatchStore, jobStore, placementStore, type StoredAgent, type StoredJob } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

const HOUR_MS = 3_600_000;
const TIMES = [null, -HOUR_MS, HOUR_MS];

/** Every combination of what the conditions look at. */
const EVERY: Readiness[] = JOB_STATES.flatMap((state) =>
  [0, 1].flatMap((pending_dependencies) =>
    [false, true].flatMap((held) =>
      [null, '0 4 * * *'].flatMap((cron) =>
        TIMES.flatMap((start) =>
          TIMES.map((expires) => ({
            state,
            pending_dependencies,
            held,
            cron: cron === null ? null : { schedule: cron, timezone: 'UTC' },
            start_at: start === null ? null : new Date(Date.now() + start),
            expires_at: expires === null ? null : new Date(Date.now() + expires),
          })),
        ),
      ),
    ),
  ),
) as Readiness[];

let jobs: Jobs;
let agent: StoredAgent;
/** One job of each combination, of each way to be handed out. */
const made = new Map<'ticket' | 'placed' | 'pull', StoredJob[]>();

beforeAll(async () => {
  jobs = await startJobs();
  agent = await jobs.agent('node-1', ['ticket', 'pull']);
  const template = (await jobs.submits.submit(submission({ queue: 'none' }))).job;
  for (const dispatch of ['ticket', 'placed', 'pull'] as const) {
    const rows = EVERY.map(
      (readiness) => ({ ...template, ...readiness, id: uuidv7(), dispatch, queue: dispatch }) as StoredJob,
    );
    await jobStore.accept(jobs.store.sql, rows, new Map(), new Map());
    made.set(dispatch, rows);
  }
  await jobs.store.sql.run(`UPDATE job SET updated_at = now() - interval '1 hour'`);
});
afterAll(() => jobs.close());

const of = (dispatch: 'ticket' | 'placed' | 'pull'): StoredJob[] => made.get(dispatch) as StoredJob[];
const idsOf = (rows: { id: string }[]): string[] => rows.map((row) => row.id).sort();
const now = new Date();

describe('that a job may be handed out', () => {
  it('is true of some and false of most', () => {
    expect(EVERY).toHaveLength(9 * 2 * 2 * 2 * 3 * 3);
    expect(EVERY.filter((job) => mayStart(job, now))).toHaveLength(2 * 2 * 2);
    expect(EVERY.filter(isReady)).toHaveLength(2 * 3 * 3);
  });

  it('allows a claim by the table of states whenever it is true', () => {
    for (const job of EVERY.filter((one) => mayStart(one, now)))
      expect(transition(job.state, { type: 'claim' })?.state).toBe('claimed');
  });

  it('is the same to the comparison of record and tickets', async () => {
    const rows = await dispatchStore.expected(jobs.store.sql, '0', 10_000, 1_000);
    const wanted = of('ticket').filter(isReady);
    expect(rows.flatMap((row) => (row.queue === 'ticket' ? [row.job_id] : [])).sort()).toEqual(idsOf(wanted));
  });

  it('is the same to the sweep of jobs whose time has come', async () => {
    const wanted = [...made.values()]
      .flat()
      .filter((job) => job.state === 'scheduled' && isReady(job) && job.start_at !== null && itsTimeHasCome(job, now));
    expect((await jobStore.idsOfDue(jobs.store.sql, 10_000)).sort()).toEqual(idsOf(wanted));
  });

  it('is the same to the sweep of jobs that expire', async () => {
    const wanted = [...made.values()]
      .flat()
      .filter((job) => (job.state === 'scheduled' || job.state === 'queued') && hasExpired(job, now));
    expect((await jobStore.idsOfExpired(jobs.store.sql, 10_000)).sort()).toEqual(idsOf(wanted));
  });

  it('is the same to placement', async () => {
    const wanted = idsOf(of('placed').filter((job) => mayStart(job, now)));
    expect(idsOf(await placementStore.waiting(jobs.store.sql, 10_000))).toEqual(wanted);
    const locked = await jobs.store.tx((sql) =>
      placementStore.lockStartable(
        sql,
        of('placed').map((job) => job.id),
      ),
    );
    expect([...locked.keys()].sort()).toEqual(wanted);
  });

  it('is the same to the claim of a worker with tickets', async () => {
    const claims = of('ticket').map((job) => ({ job_id: job.id, execution_id: uuidv7() }));
    const taken = await jobStore.claim(jobs.store.sql, agent, claims);
    expect(idsOf(taken)).toEqual(idsOf(of('ticket').filter((job) => mayStart(job, now))));
  });

  it('is the same to the pull of an agent, which gets queued jobs only', async () => {
    const wanted = of('pull').filter((job) => job.state === 'queued' && mayStart(job, now));
    const taken: StoredJob[] = [];
    for (;;) {
      const job = await jobStore.claimNext(jobs.store.sql, agent, ['pull'], uuidv7());
      if (!job) break;
      taken.push(job);
    }
    expect(idsOf(taken)).toEqual(idsOf(wanted));
  });
});
