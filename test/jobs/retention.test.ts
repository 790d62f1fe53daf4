import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderBlobStore } from '@drover/blobs';
import { RetentionService, type Retention } from '@drover/jobs';
import { startJobs, submission, type Jobs } from '../support/jobs.js';
import { execute } from '../support/postgres.js';

const DAY_S = 86_400;
const kept = (seconds: number, queues: Record<string, number> = {}) => ({ seconds, queues });
const FOR_EVER: Retention = {
  jobs: kept(0),
  executions: kept(0),
  logs: kept(0),
  artifacts: kept(0),
  events: kept(0),
  profiles: kept(0),
  auditS: 0,
};
const quiet = { info: () => undefined, warn: () => undefined };

let jobs: Jobs;
let folder: string;
let blobs: FolderBlobStore;

beforeEach(async () => {
  jobs = await startJobs();
  folder = mkdtempSync(join(tmpdir(), 'drover-retention-'));
  blobs = new FolderBlobStore(folder);
});
afterEach(async () => {
  await jobs.close();
  rmSync(folder, { recursive: true, force: true });
});

const retention = (
  changed: Partial<Retention>,
  options: ConstructorParameters<typeof RetentionService>[4] = {},
  sink: { delete(key: string): Promise<void> } = blobs,
): RetentionService =>
  new RetentionService(jobs.store, sink, { ...FOR_EVER, ...changed }, quiet, { rest: 0, ...options });

/** A job that succeeded so many days ago, with an execution, output, an artifact with its file, and all the rest. */
async function old(days: number, fields: Parameters<typeof submission>[0] = {}): Promise<string> {
  const { job } = await jobs.submits.submit(submission(fields));
  await jobs.dispatcher.settled();
  const at = `now() - interval '${days} days'`;
  const key = `artifacts/${job.id}`;
  await blobs.put(key, Readable.from(['text']));
  await execute(
    jobs.url,
    `WITH e AS (
       INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, finished_at, stdout_bytes)
       VALUES (gen_random_uuid(), '${job.id}', 1, 1, gen_random_uuid(), 'n', 'b', 'ended', ${at}, ${at}, 4) RETURNING id
     ),
     l AS (
       INSERT INTO log_chunk (execution_id, stream, "offset", length, sequence, at, data)
       SELECT id, 'stdout', 0, 4, 0, ${at}, 'text' FROM e
     ),
     a AS (
       INSERT INTO artifact (job_id, path, size, sha256, content_type, blob_key, created_at)
       VALUES ('${job.id}', 'a', 4, '', 'text/plain', '${key}', ${at})
     ),
     s AS (INSERT INTO sample (job_id, at, cpu_percent) VALUES ('${job.id}', ${at}, 1)),
     p AS (
       INSERT INTO profile (jobid, command, description, queue, finished_at)
       VALUES ('${job.id}', 'true', '{}', '${job.queue}', ${at})
     ),
     v AS (UPDATE event SET at = ${at} WHERE job_id = '${job.id}')
     UPDATE job SET state = 'succeeded', created_at = ${at}, finished_at = ${at}, execution_id = e.id
     FROM e WHERE job.id = '${job.id}'`,
  );
  return job.id;
}

const count = async (table: string, where: string): Promise<number> => {
  const [row] = await jobs.store.sql.rows<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`);
  return Number(row?.n);
};
const isThere = async (id: string): Promise<boolean> => (await count('job', `id = '${id}'`)) === 1;
const fileOf = async (id: string): Promise<boolean> => {
  try {
    (await blobs.get(`artifacts/${id}`)).destroy();
    return true;
  } catch {
    return false;
  }
};

describe('a job that has had its time', () => {
  it('goes with its executions, output, artifacts, samples and files; a younger one stays', async () => {
    const [gone, stays] = [await old(11), await old(9)];
    expect(await fileOf(gone)).toBe(true);
    const swept = await retention({ jobs: kept(10 * DAY_S) }).run();
    expect(swept).toMatchObject({ jobs: 1, blobs: 1 });
    expect([await isThere(gone), await isThere(stays)]).toEqual([false, true]);
    for (const table of ['execution', 'artifact', 'sample'])
      expect(await count(table, `job_id = '${gone}'`), table).toBe(0);
    expect(await count('log_chunk', 'true')).toBe(1);
    expect([await fileOf(gone), await fileOf(stays)]).toEqual([false, true]);
  });

  it('goes by the time of its queue where that differs, and stays for ever where that is 0', async () => {
    const [fast, slow, plain] = [await old(2, { queue: 'fast' }), await old(99, { queue: 'slow' }), await old(2)];
    await retention({ jobs: kept(10 * DAY_S, { fast: DAY_S, slow: 0 }) }).run();
    expect([await isThere(fast), await isThere(slow), await isThere(plain)]).toEqual([false, true, true]);
  });

  it('stays while it is pinned, with its output, its artifacts, its events and its profile', async () => {
    const id = await old(99, { pinned: true });
    const all = kept(DAY_S);
    await retention({ jobs: all, executions: all, logs: all, artifacts: all, events: all, profiles: all }).run();
    expect(await isThere(id)).toBe(true);
    expect(await fileOf(id)).toBe(true);
    expect(await count('log_chunk', 'true')).toBe(1);
    expect(await count('event', `job_id = '${id}'`)).toBeGreaterThan(0);
    expect(await count('profile', `jobid = '${id}'`)).toBe(1);
    await jobs.control.pin(id, false);
    await retention({ jobs: all }).run();
    expect(await isThere(id)).toBe(false);
  });

  it('stays while a job waits for it, a child has not ended, a node holds it or a notice is to be sent', async () => {
    const [waited, parent, held, told, free] = [
      await old(99),
      await old(99),
      await old(99),
      await old(99),
      await old(99),
    ];
    const { job } = await jobs.submits.submit(submission({ start_at: new Date(Date.now() + 60_000) }));
    await jobs.submits.submit(submission({ parent_id: parent }));
    await execute(
      jobs.url,
      `INSERT INTO job_dependency (job_id, depends_on) VALUES ('${job.id}', '${waited}');
       UPDATE execution SET state = 'running', finished_at = NULL WHERE job_id = '${held}';
       INSERT INTO delivery (id, job_id, source, kind, event, target, max_tries, backoff_min_ms, backoff_factor)
       VALUES (gen_random_uuid(), '${told}', 'native', 'webhook', 'ended', 'http://x', 1, 1, 1)`,
    );
    const sweeper = retention({ jobs: kept(DAY_S) });
    await sweeper.run();
    expect(await Promise.all([waited, parent, held, told, free].map(isThere))).toEqual([true, true, true, true, false]);
  });

  it('that has not ended is never deleted, however old it is', async () => {
    const { job } = await jobs.submits.submit(submission());
    await execute(jobs.url, `UPDATE job SET created_at = now() - interval '99 days' WHERE id = '${job.id}'`);
    await retention({ jobs: kept(DAY_S) }).run();
    expect(await isThere(job.id)).toBe(true);
  });
});

describe('of a job that is kept', () => {
  it('output, artifacts and earlier executions go by times of their own', async () => {
    const id = await old(9);
    await execute(
      jobs.url,
      `INSERT INTO execution (id, job_id, epoch, attempt, agent_id, node, boot_id, state, claimed_at, finished_at)
       VALUES (gen_random_uuid(), '${id}', 0, 1, gen_random_uuid(), 'n', 'b', 'ended', now() - interval '9 days',
         now() - interval '9 days')`,
    );
    expect(await retention({ logs: kept(10 * DAY_S) }).run()).toMatchObject({ logs: 0 });
    const week = kept(7 * DAY_S);
    expect(await retention({ logs: week, artifacts: week, executions: week }).run()).toMatchObject({
      jobs: 0,
      logs: 1,
      artifacts: 1,
      executions: 1,
      blobs: 1,
    });
    expect(await isThere(id)).toBe(true);
    expect(await count('log_chunk', 'true')).toBe(0);
    expect(await count('execution', `job_id = '${id}' AND epoch = 1 AND stdout_bytes = 0 AND NOT log_complete`)).toBe(
      1,
    );
    expect(await count('execution', `job_id = '${id}'`)).toBe(1);
    expect(await fileOf(id)).toBe(false);
  });
});

describe('events, profiles, keys and entries of trails', () => {
  it('go when they have had their time', async () => {
    const [aged, young] = [await old(40), await old(1)];
    await execute(
      jobs.url,
      `INSERT INTO audit (at, actor, action, kind, object_id, project)
       VALUES (now() - interval '40 days', 'a', 'x', 'job', '1', 'default'), (now(), 'a', 'x', 'job', '2', 'default');
       INSERT INTO job_trail (job_id, external_id, change_type, changed_at, changed_by, source, correlation_id, snapshot)
       SELECT '${young}', 'e', 'update', now() - days * interval '1 day', 'a', 'x', 'c', '{}' FROM (VALUES (40), (1)) AS t(days);
       INSERT INTO idempotency_key (owner, key, body_hash, job_id, created_at)
       VALUES ('o', 'k', '', '${young}', now() - interval '25 hours'), ('o', 'l', '', '${young}', now())`,
    );
    const month = kept(30 * DAY_S);
    const swept = await retention({ events: month, profiles: month, auditS: 31 * DAY_S }).run();
    expect(swept).toMatchObject({ profiles: 0, audit: 1, trails: 1, keys: 1 });
    expect(swept.events).toBeGreaterThan(0);
    expect(await count('event', `job_id = '${aged}'`)).toBe(0);
    expect(await count('event', `job_id = '${young}'`)).toBeGreaterThan(0);
    expect(await count('audit', `object_id IN ('1', '2')`)).toBe(1);
    expect(await count('job_trail', 'true')).toBe(1);
    expect(await count('idempotency_key', 'true')).toBe(1);
  });

  it('of profiles keep the newest 20 of each command: others are compared with them', async () => {
    await execute(
      jobs.url,
      `INSERT INTO profile (jobid, command, description, finished_at)
       SELECT 'p-' || n, 'make', '{}', now() - interval '400 days' FROM generate_series(1, 25) n`,
    );
    expect(await retention({ profiles: kept(DAY_S) }).run()).toMatchObject({ profiles: 5 });
    expect(await count('profile', `command = 'make'`)).toBe(20);
  });

  it('younger than 30 days are kept by the database itself in the audit trail', async () => {
    await execute(
      jobs.url,
      `INSERT INTO audit (at, actor, action, kind, object_id, project) VALUES (now() - interval '29 days', 'a', 'x', 'job', '1', 'default')`,
    );
    await expect(jobs.store.sql.run('DELETE FROM audit')).rejects.toThrow('append-only');
  });
});

describe('retention', () => {
  it('deletes in small batches, each a transaction of its own', async () => {
    for (let n = 0; n < 7; n += 1) await old(99);
    const sweeper = retention({ jobs: kept(DAY_S) }, { batch: 3, runMs: 0 });
    expect((await sweeper.run()).jobs).toBe(3);
    expect((await sweeper.run()).jobs).toBe(3);
    expect((await sweeper.run()).jobs).toBe(1);
    expect(await count('job', 'true')).toBe(0);
    expect(await jobs.store.sql.rows('SELECT sum(jobs)::int AS n FROM project_usage')).toEqual([{ n: 0 }]);
  });

  it('of two replicas at once deletes each job once, and neither waits for the other', async () => {
    for (let n = 0; n < 20; n += 1) await old(99);
    const [a, b] = [retention({ jobs: kept(DAY_S) }, { batch: 5 }), retention({ jobs: kept(DAY_S) }, { batch: 5 })];
    const swept = await Promise.all([a.run(), b.run()]);
    expect(swept[0].jobs + swept[1].jobs).toBe(20);
    expect(await count('job', 'true')).toBe(0);
  });

  it('that died before the files were deleted is made good by the next: nothing is half-deleted', async () => {
    const id = await old(99);
    const died = { delete: () => Promise.reject(new Error('killed')) };
    expect(await retention({ jobs: kept(DAY_S) }, {}, died).run()).toMatchObject({ jobs: 1, blobs: 0 });
    expect([await isThere(id), await fileOf(id)]).toEqual([false, true]);
    expect(await retention({}).run()).toMatchObject({ blobs: 1 });
    expect(await fileOf(id)).toBe(false);
    expect(await count('blob_garbage', 'true')).toBe(0);
  });
});
