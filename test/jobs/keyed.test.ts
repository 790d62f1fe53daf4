import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReportItem } from '@drover/protocol';
import {
  claimPlaced,
  dispatchStore,
  executionStore,
  JobSeriesReader,
  jobStore,
  KEYED_SETTINGS,
  placementStore,
  type Sql,
  type Store,
} from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';
import { execute } from '../support/postgres.js';

let jobs: Jobs | undefined;
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});

/** A job's whole life, and what it ends for others. */
async function life({ submits, claims, reports, agent, dispatcher, direct }: Jobs): Promise<string> {
  const node = await agent('node-1', ['line']);
  direct.told(await agent('node-2', ['free']), { slots: 1 });
  await submits.submit(submission({ queue: 'free' }));
  const { job } = await submits.submit(submission({ queue: 'line' }));
  await submits.submit(submission({ queue: 'line', depends_on: [job.id] }));
  await submits.submit(submission({ queue: 'line', owner: 'other' }), { key: 'k', bodyHash: 'h' });
  await dispatcher.settled();
  const [claimed] = await claims.claim(node, [{ ticket_id: `${job.id}-1`, job_id: job.id }]);
  if (claimed?.outcome !== 'claimed') throw new Error(`not claimed: ${JSON.stringify(claimed)}`);
  const { execution_id, epoch } = claimed.execution;
  const at = new Date().toISOString();
  const items: ReportItem[] = [
    { kind: 'started', execution_id, epoch, pid: 1, spawned_at: at },
    {
      kind: 'chunk',
      execution_id,
      epoch,
      stream: 'stdout',
      offset: 0,
      length: 3,
      sequence: 0,
      at,
      data: gzipSync('abc').toString('base64'),
    },
    {
      kind: 'samples',
      execution_id,
      epoch,
      samples: [
        {
          at,
          cpu_percent: 1,
          memory_bytes: 2,
          gpu_percent: null,
          cpu_seconds: 1,
          read_bytes: null,
          write_bytes: null,
        } as never,
      ],
    },
    {
      kind: 'ended',
      execution_id,
      epoch,
      ok: true,
      cause: null,
      cause_detail: null,
      exit_code: 0,
      signal: null,
      exited_at: at,
      first_byte_at: at,
      stdout: { bytes: 3, sha256: createHash('sha256').update('abc').digest('hex') },
      stderr: { bytes: 0, sha256: createHash('sha256').update('').digest('hex') },
    },
  ];
  await submits.submit(submission({ queue: 'line' }));
  await direct.next(node, { slots: 1, queues: [['line', 1]] });
  for (const item of items)
    expect(await reports.apply(node.id, [item])).toEqual([expect.objectContaining({ status: 200 })]);
  return job.id;
}

describe('statements that every job goes through', () => {
  it('are planned for full tables, by key and row by row, even where they are planned while the tables are empty', async () => {
    jobs = await startJobs({ keyedPool: 1 });
    const { store } = jobs;
    const id = await life(jobs);
    expect((await jobStore.get(store.sql, id))?.state).toBe('succeeded');
    const prepared = await store.keyed.rows<{ statement: string }>('SELECT statement FROM pg_prepared_statements');
    const ours = prepared
      .map(({ statement }) => statement)
      .filter(
        (statement) =>
          !statement.includes('pg_prepared_statements') && /^(WITH|SELECT|INSERT|UPDATE|DELETE)/.test(statement.trim()),
      );
    expect(ours.length).toBeGreaterThan(8);
    expect(ours.some((statement) => statement.includes('taken AS'))).toBe(true);
    expect(ours.some((statement) => statement.includes('wanted AS'))).toBe(true);
    expect(ours.some((statement) => statement.includes('asked.turn'))).toBe(true);
    await store.tx(async (sql) => {
      for (const setting of KEYED_SETTINGS) await sql.run(`SET LOCAL ${setting}`);
      for (const statement of ours) {
        const plan = (await sql.rows<{ 'QUERY PLAN': string }>(`EXPLAIN (GENERIC_PLAN) ${statement}`)).map(
          (row) => row['QUERY PLAN'],
        );
        const whole = plan.filter((line) =>
          /Seq Scan|Hash Join|Hash Semi Join|Merge Join|Hash Anti Join|Hash Right|Hash Left/.test(line),
        );
        expect(whole, `${statement}\n${plan.join('\n')}`).toEqual([]);
      }
    });
  });

  it('are prepared once for a text, whatever they are asked with', async () => {
    jobs = await startJobs({ keyedPool: 1 });
    const { store } = jobs;
    const count = async (): Promise<number> =>
      (await store.keyed.rows('SELECT name FROM pg_prepared_statements')).length;
    await executionStore.openOfAgents(store.keyed, [crypto.randomUUID()]);
    const before = await count();
    for (let i = 0; i < 10; i += 1)
      await executionStore.openOfAgents(store.keyed, [crypto.randomUUID(), crypto.randomUUID()]);
    expect(await count()).toBe(before);
  });
});

/** Rows of a record that has been in use: so many that Postgres would notice to read them all. */
const USED = 20_000;

/** Jobs that have ended with their executions, usage and names, and as many marks that wait for a ticket store. */
const FILL = `
  INSERT INTO agent (id, name, kind, state, registered_at, last_seen_at)
  VALUES ('00000000-0000-7000-8000-000000000000', 'old', 'worker', 'online', now(), now());
  INSERT INTO job (id, queue, owner, dialect, dispatch, spec, state, created_at, updated_at, finished_at)
  SELECT gen_random_uuid(), 'line', 'tester', 'native', 'ticket', '{"command":"true"}', 'succeeded', now(), now(),
    now() - n * interval '1 minute'
  FROM generate_series(1, ${USED}) AS n;
  INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at,
    finished_at)
  SELECT gen_random_uuid(), id, 1, 1, '00000000-0000-7000-8000-000000000000', 'old', 'boot', 'ended', now(), now() FROM job;
  INSERT INTO job_usage (job_id, cpu_percent) SELECT id, 1 FROM job;
  INSERT INTO external_ref (dialect, external_id, job_id) SELECT 'hpc', id::text, id FROM job;
  INSERT INTO event (tx, job_id, queue, type, at) SELECT pg_current_xact_id(), id, queue, 'job.queued', now() FROM job;
  INSERT INTO outbox (ticket_id, job_id, queue, priority, created_at)
  SELECT id || '-1', id, queue, 0, now() + row_number() OVER () * interval '1 millisecond' FROM job;`;

/** Tables that grow with each job. Marks do not: they go as soon as their tickets are in BullMQ. */
const LARGE = ['job', 'execution', 'job_usage', 'external_ref', 'event'];

interface Asked {
  text: string;
  params: unknown[];
}

/** Reads as `store` does, writes nothing, and keeps what it was asked. */
function recorder(store: Store): { sql: Sql; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = async <T>(text: string, params: unknown[] = []): Promise<T[]> => {
    asked.push({ text, params });
    return store.sql.rows<T>(text, params);
  };
  const run = (text: string, params: unknown[] = []): Promise<number> => {
    asked.push({ text, params });
    return Promise.resolve(0);
  };
  return { asked, sql: { ...store.sql, rows: ask, prepared: ask, run } };
}

/** The parts of the plan of a statement that read one of these tables from end to end. */
async function readWhole(store: Store, { text, params }: Asked, tables: readonly string[]): Promise<string[]> {
  const plan = await store.sql.rows<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, params);
  return plan
    .map((row) => row['QUERY PLAN'].trim())
    .filter((line) => new RegExp(`Seq Scan on (${tables.join('|')})\\b`).test(line))
    .map((line) => `${line}: ${text}`);
}

describe('statements of placement, dispatch and the series of jobs', () => {
  it('read no table that grows with each job from end to end', async () => {
    jobs = await startJobs();
    const { store } = jobs;
    await execute(jobs.url, FILL);
    for (const table of LARGE) await execute(jobs.url, `VACUUM ANALYZE ${table}`);
    const node = await jobs.agent('node-1', ['line']);
    const { job } = await jobs.submits.submit(submission({ queue: 'line' }));
    const { sql, asked } = recorder(store);

    await placementStore.pending(sql);
    await placementStore.waiting(sql, 100);
    await placementStore.lockStartable(sql, [job.id]);
    await placementStore.nodes(sql, 10_000);
    await placementStore.lockNodes(sql, [node.id]);
    await placementStore.use(sql);
    await placementStore.reserve(sql, [{ id: node.id, reserved: 1, reserved_for: job.id }]);
    await placementStore.reserved(sql);
    const placed = { cpus: 1, rank: 0 } as never;
    const member = { execution_id: crypto.randomUUID(), job_id: job.id, epoch: 1, attempt: 1, agent_id: node.id };
    await claimPlaced(
      sql,
      [{ job_id: job.id, payload: null }],
      [{ ...member, node: 'node-1', boot_id: 'boot', placed }],
    );

    const mark = { ticket_id: `${job.id}-1`, job_id: job.id, queue: 'line', priority: 0, due_at: null };
    await dispatchStore.mark(sql, [mark]);
    await dispatchStore.pending(sql, 100, 0);
    await dispatchStore.oldest(sql);
    await dispatchStore.oldest(sql, job.id);
    await dispatchStore.clear(sql, [mark.ticket_id]);
    await dispatchStore.expected(sql, '0', 100, 0);

    // How many jobs there are in each state is counted from end to end: it is asked rarely.
    await new JobSeriesReader({ runningMax: 100, finishedForS: 300, finishedMax: 100, clientIdsOf: ['hpc'] }).current(
      sql,
      {
        countAll: false,
      },
    );

    expect(asked.length).toBeGreaterThan(15);
    const found: string[] = [];
    for (const one of asked) found.push(...(await readWhole(store, one, LARGE)));
    expect(found).toEqual([]);

    // A ticket store that was away leaves many marks, and each is cleared.
    const cleared = recorder(store);
    await dispatchStore.clear(cleared.sql, [mark.ticket_id]);
    expect(await readWhole(store, cleared.asked[0] as Asked, ['outbox'])).toEqual([]);
  });
});
