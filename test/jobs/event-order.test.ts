import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportItem } from '@drover/protocol';
import { eventStore, Store, type Sql, type StoredAgent } from '@drover/store';
import { expectEventually } from '../support/expect-eventually.js';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs;
let agent: StoredAgent;
/** Connections of their own for who looks and who holds rows: writers that wait must not take theirs. */
let aside: Store;
beforeEach(async () => {
  jobs = await startJobs();
  aside = await Store.open({ url: jobs.url, pool: 4 });
  agent = await jobs.agent('node-1');
});
afterEach(async () => {
  await aside.close();
  await jobs.close();
});

const NOTHING = { bytes: 0, sha256: createHash('sha256').update('').digest('hex') };
const ended = (execution: { execution_id: string; epoch: number }, ok = true): ReportItem => ({
  kind: 'ended',
  execution_id: execution.execution_id,
  epoch: execution.epoch,
  ok,
  cause: ok ? null : 'exit_code',
  cause_detail: null,
  exit_code: ok ? 0 : 1,
  signal: null,
  exited_at: new Date().toISOString(),
  first_byte_at: null,
  stdout: NOTHING,
  stderr: NOTHING,
});

/** Jobs that run, in the order in which every writer locks them. */
async function running(count: number) {
  const made = await jobs.submits.submitBatch(Array.from({ length: count }, () => submission()));
  const results = await jobs.claims.claim(
    agent,
    made.map(({ id }) => ({ ticket_id: `${id}-1`, job_id: id })),
  );
  const executions = results.flatMap((result) => (result.outcome === 'claimed' ? [result.execution] : []));
  expect(executions).toHaveLength(count);
  return executions.sort((a, b) => (a.job_id < b.job_id ? -1 : 1));
}

/** Holds the rows of these jobs until it is told to let go. */
async function hold(ids: string[]): Promise<() => Promise<void>> {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let held: () => void = () => undefined;
  const holding = new Promise<void>((resolve) => (held = resolve));
  const over = aside.tx(async (sql: Sql) => {
    await sql.rows('SELECT id FROM job WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE', [ids]);
    held();
    await released;
  });
  await holding;
  return async () => {
    letGo();
    await over;
  };
}

/** Transactions of this database that wait for a row. */
const waiting = (count: number): Promise<unknown> =>
  expectEventually(async () => {
    const [row] = await aside.sql.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(row?.n).toBe(count);
  });

const types = async (filter: { job_id?: string }, cursor?: string): Promise<string[]> =>
  (await eventStore.after(aside.sql, cursor, filter, 1_000)).map((event) => event.type);

describe('the events of one job', () => {
  it('are in the order of its transitions, though the transaction of a later one began first', async () => {
    const [first, second] = await running(2);
    if (!first || !second) throw new Error('no jobs');
    const letFirstGo = await hold([first.job_id]);
    const letSecondGo = await hold([second.job_id]);
    // The cancel is the first to wait for the second job, without a transaction id.
    const cancelled = jobs.control.cancel(second.job_id);
    await waiting(1);
    // The report gets its transaction id with the first job's row; then it waits behind the cancel.
    const reported = jobs.reports.apply(agent.id, [ended(first), ended(second)]);
    await waiting(2);
    await letFirstGo();
    await waiting(2);
    await letSecondGo();
    await Promise.all([cancelled, reported]);
    await expectEventually(async () =>
      expect(await types({ job_id: second.job_id })).toEqual([
        'job.queued',
        'job.claimed',
        'job.cancelling',
        'job.succeeded',
      ]),
    );
    // For who follows everything, too.
    const all = (await eventStore.after(aside.sql, undefined, {}, 1_000)).filter(
      (event) => event.job_id === second.job_id,
    );
    expect(all.map((event) => event.type)).toEqual(['job.queued', 'job.claimed', 'job.cancelling', 'job.succeeded']);
  });

  it('come each once to a follower that resumes after every page, whatever waits and commits meanwhile', async () => {
    const executions = await running(4);
    const ids = executions.map((execution) => execution.job_id);
    const seen: { job_id: string; id: string; type: string }[] = [];
    let cursor: string | undefined;
    let writing = true;
    const follow = (async () => {
      for (let last = false; !last;) {
        last = !writing;
        for (
          let page = await eventStore.after(aside.sql, cursor, {}, 3);
          page.length > 0;
          page = await eventStore.after(aside.sql, cursor, {}, 3)
        ) {
          seen.push(...page);
          cursor = page.at(-1)?.id;
        }
      }
    })();
    for (let round = 0; round < 5; round += 1) {
      const some = ids.filter((_, at) => at % 2 === round % 2);
      const letGo = await hold(some);
      const work = [
        ...some.map((id) => jobs.control.cancel(id).catch(() => undefined)),
        jobs.reports.apply(
          agent.id,
          executions.map((execution) => ended(execution, round % 2 === 0)),
        ),
        ...ids.map((id) => jobs.control.retry(id).catch(() => undefined)),
        jobs.sweep.expired(),
      ];
      await expectEventually(async () => {
        const [row] = await aside.sql.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(row?.n).toBeGreaterThan(1);
      });
      await letGo();
      await Promise.all(work);
    }
    const [{ n } = { n: 0 }] = await aside.sql.rows<{ n: number }>('SELECT count(*)::int AS n FROM event');
    await expectEventually(async () =>
      expect((await eventStore.after(aside.sql, undefined, {}, 10_000)).length).toBe(n),
    );
    writing = false;
    await follow;
    expect(seen).toHaveLength(n);
    expect(new Set(seen.map((event) => event.id)).size).toBe(n);
    // A job's events are numbered while its row is locked.
    for (const id of ids) {
      const numbers = seen.filter((event) => event.job_id === id).map((event) => Number(event.id.split('-')[1]));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });
});
