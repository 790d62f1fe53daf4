import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReportItem } from '@drover/protocol';
import { expectEventually } from '../support/expect-eventually.js';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs | undefined;
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});

/** The columns that an index holds, or has in its condition: an update of one of them writes all indexes of the row. */
const INDEXED = `SELECT DISTINCT a.attname AS name
  FROM pg_index i
  JOIN pg_attribute a ON a.attrelid = i.indrelid
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid AND d.refobjid = i.indrelid
    AND d.refobjsubid = a.attnum
  WHERE i.indrelid = $1::regclass
    AND (d.objid IS NOT NULL OR a.attnum = ANY (i.indkey))`;

/** The columns that the start and the good end of a job change. */
const CHANGED = {
  job: ['state', 'started_at', 'finished_at', 'exit_code', 'cause', 'cause_detail', 'signal', 'updated_at', 'event_tx'],
  execution: ['state', 'phase', 'pid', 'container_id', 'spawned_at', 'first_byte_at', 'payload'],
};

const JOBS = 20;

async function lives({ submits, claims, reports, agent, dispatcher }: Jobs): Promise<void> {
  const node = await agent('node-1', ['line']);
  for (let n = 0; n < JOBS; n += 1) {
    const { job } = await submits.submit(submission({ queue: 'line' }));
    await dispatcher.settled();
    const [claimed] = await claims.claim(node, [{ ticket_id: `${job.id}-1`, job_id: job.id }]);
    if (claimed?.outcome !== 'claimed') throw new Error(`not claimed: ${JSON.stringify(claimed)}`);
    const { execution_id, epoch } = claimed.execution;
    const at = new Date().toISOString();
    const empty = { bytes: 0, sha256: createHash('sha256').update('').digest('hex') };
    const items: ReportItem[] = [
      { kind: 'started', execution_id, epoch, pid: 1, spawned_at: at },
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
        first_byte_at: null,
        stdout: empty,
        stderr: empty,
      },
    ];
    for (const item of items)
      expect(await reports.apply(node.id, [item])).toEqual([expect.objectContaining({ status: 200 })]);
  }
}

describe('the indexes of', () => {
  it.each(['job', 'execution'] as const)(
    '%s hold nothing that the start and the good end of a job change',
    async (table) => {
      jobs = await startJobs();
      const rows = await jobs.store.sql.rows<{ name: string }>(INDEXED, [table]);
      const indexed = rows.map(({ name }) => name);
      expect(indexed).toContain('id');
      expect(CHANGED[table].filter((name) => indexed.includes(name))).toEqual([]);
    },
  );
});

describe('the updates that each job goes through', () => {
  it('write no index but for the claim of the job and the end of its execution', async () => {
    jobs = await startJobs();
    await lives(jobs);
    const { store } = jobs;
    const counts = async (table: string): Promise<{ all: number; hot: number }> => {
      const [row] = await store.sql.rows<{ all: number; hot: number }>(
        'SELECT n_tup_upd::float8 AS all, n_tup_hot_upd::float8 AS hot FROM pg_stat_user_tables WHERE relname = $1',
        [table],
      );
      return row ?? { all: 0, hot: 0 };
    };
    // Connections hand their counts on when they have been idle for some seconds.
    await expectEventually(
      async () => (await counts('job')).all >= 3 * JOBS && (await counts('execution')).all >= 2 * JOBS,
      { withinMs: 60_000 },
    );
    const [job, execution] = [await counts('job'), await counts('execution')];
    expect(job.hot / job.all).toBeGreaterThan(0.6);
    expect(execution.hot / execution.all).toBeGreaterThan(0.45);
  });
});
