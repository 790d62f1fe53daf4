import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReportItem } from '@drover/protocol';
import { executionStore, jobStore, KEYED_SETTINGS } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs | undefined;
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});

/** A job's whole life, and what it ends for others. */
async function life({ submits, claims, reports, agent, dispatcher }: Jobs): Promise<string> {
  const node = await agent('node-1', ['line']);
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
