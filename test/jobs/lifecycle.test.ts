import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReportItem } from '@drover/protocol';
import { eventStore, executionStore, jobStore, logStore, type StoredAgent, type StoredJob } from '@drover/store';
import { expectEventually } from '../support/expect-eventually.js';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs;
let agent: StoredAgent;
beforeEach(async () => {
  jobs = await startJobs();
  agent = await jobs.agent('node-1');
});
afterEach(() => jobs.close());

const get = async (id: string): Promise<StoredJob> => (await jobStore.get(jobs.store.sql, id)) as StoredJob;
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

async function claim(id: string, by = agent) {
  const [result] = await jobs.claims.claim(by, [{ ticket_id: `${id}-1`, job_id: id }]);
  return result;
}

async function claimed(id: string, by = agent) {
  const result = await claim(id, by);
  if (result?.outcome !== 'claimed') throw new Error(`not claimed: ${JSON.stringify(result)}`);
  return result.execution;
}

function ended(
  execution: { execution_id: string; epoch: number },
  outcome: Partial<Extract<ReportItem, { kind: 'ended' }>> = {},
): ReportItem {
  return {
    kind: 'ended',
    execution_id: execution.execution_id,
    epoch: execution.epoch,
    ok: true,
    cause: null,
    cause_detail: null,
    exit_code: 0,
    signal: null,
    exited_at: new Date().toISOString(),
    first_byte_at: null,
    stdout: { bytes: 0, sha256: sha('') },
    stderr: { bytes: 0, sha256: sha('') },
    ...outcome,
  };
}

const chunk = (
  execution: { execution_id: string; epoch: number },
  offset: number,
  text: string,
  sequence = 0,
): ReportItem => ({
  kind: 'chunk',
  execution_id: execution.execution_id,
  epoch: execution.epoch,
  stream: 'stdout',
  offset,
  length: Buffer.byteLength(text),
  sequence,
  at: new Date().toISOString(),
  data: gzipSync(text).toString('base64'),
});

const started = (execution: { execution_id: string; epoch: number }): ReportItem => ({
  kind: 'started',
  execution_id: execution.execution_id,
  epoch: execution.epoch,
  pid: 42,
  spawned_at: new Date().toISOString(),
});

describe('a job', () => {
  it('goes from queued through claimed and running to succeeded, with one event a step', async () => {
    const { job } = await jobs.submits.submit(submission());
    const execution = await claimed(job.id);
    expect((await get(job.id)).state).toBe('claimed');
    const results = await jobs.reports.apply(agent.id, [
      started(execution),
      chunk(execution, 0, 'hello\n'),
      ended(execution, { stdout: { bytes: 6, sha256: sha('hello\n') } }),
    ]);
    expect(results.map((result) => result.status)).toEqual([200, 200, 200]);
    expect(await get(job.id)).toMatchObject({
      state: 'succeeded',
      cause: null,
      exit_code: 0,
      node: 'node-1',
      attempt: 1,
      epoch: 1,
    });
    expect((await executionStore.get(jobs.store.sql, execution.execution_id))?.log_complete).toBe(true);
    // Events come after the oldest transaction of the whole server, which may be another database's.
    await expectEventually(async () =>
      expect(
        (await eventStore.after(jobs.store.sql, undefined, { job_id: job.id }, 100)).map((event) => event.type),
      ).toEqual(['job.queued', 'job.claimed', 'job.running', 'job.succeeded']),
    );
  });

  it('is claimed by exactly one of many agents', async () => {
    const made = await jobs.submits.submitBatch(Array.from({ length: 50 }, () => submission()));
    const agents = await Promise.all(Array.from({ length: 8 }, (_, i) => jobs.agent(`n${i}`)));
    const tickets = made.map((job) => ({ ticket_id: `${job.id}-1`, job_id: job.id }));
    const rounds = await Promise.all(agents.map((by) => jobs.claims.claim(by, tickets)));
    const wins = rounds.flat().filter((result) => result.outcome === 'claimed');
    expect(wins).toHaveLength(50);
  });

  it('is given again to the agent that asks twice because the first answer was lost, as the same execution', async () => {
    const { job } = await jobs.submits.submit(submission());
    const first = await claimed(job.id);
    expect(await claimed(job.id)).toMatchObject({ execution_id: first.execution_id, epoch: 1 });
    expect(await claim(job.id, await jobs.agent('other'))).toMatchObject({ outcome: 'refused' });
  });

  it('is not handed out to an agent of other queues that knows its id', async () => {
    const { job } = await jobs.submits.submit(
      submission({ queue: 'kept-apart', spec: { command: 'true', stdin: 'a secret' } }),
    );
    const result = await claim(job.id);
    expect(result).toMatchObject({ outcome: 'later', reason: 'this agent does not serve the queue kept-apart' });
    expect(JSON.stringify(result)).not.toContain('a secret');
    expect((await get(job.id)).state).toBe('queued');
  });

  it('is not handed out while it waits for its time', async () => {
    const { job } = await jobs.submits.submit(submission({ start_at: new Date(Date.now() + 3_600_000) }));
    expect(await claim(job.id)).toMatchObject({ outcome: 'later' });
    await jobs.store.sql.run(`UPDATE job SET start_at = now() WHERE id = $1`, [job.id]);
    expect(await jobs.sweep.due()).toBe(1);
    expect(await claim(job.id)).toMatchObject({ outcome: 'claimed' });
  });

  it('is not handed out while its queue is paused', async () => {
    const { job } = await jobs.submits.submit(submission());
    await jobs.control.pause('default');
    expect(await claim(job.id)).toMatchObject({ outcome: 'later' });
    await jobs.control.resume('default');
    expect(await claim(job.id)).toMatchObject({ outcome: 'claimed' });
  });

  it('whose time has come by the clock of the record is due in the ticket store, whatever clock its workers have', async () => {
    const { job } = await jobs.submits.submit(submission({ start_at: new Date(Date.now() + 3_600_000) }));
    const { job: later } = await jobs.submits.submit(submission({ start_at: new Date(Date.now() + 3_600_000) }));
    await jobs.store.sql.run(`UPDATE job SET start_at = now() WHERE id = $1`, [job.id]);
    await jobs.sweep.due();
    expect((await get(job.id)).state).toBe('queued');
    expect((await get(later.id)).state).toBe('scheduled');
    expect(jobs.sink.promoted).toEqual([`${job.id}-1`]);
  });

  it('that expired never starts', async () => {
    const { job } = await jobs.submits.submit(submission({ expires_at: new Date(Date.now() - 1_000) }));
    expect(await claim(job.id)).toMatchObject({ outcome: 'refused' });
    await jobs.sweep.expired();
    expect(await get(job.id)).toMatchObject({ state: 'expired', cause: 'expired' });
  });

  it('that started in time no longer expires, though it is lost, taken back or tried again later than that', async () => {
    const inTime = () =>
      submission({
        expires_at: new Date(Date.now() + 60_000),
        spec: { command: 'x', retry: { max: 1, backoff_s: 0 } },
      });
    const [lost, takenBack, retried, handedOut] = await jobs.submits.submitBatch([
      inTime(),
      inTime(),
      inTime(),
      inTime(),
    ]);
    const executions = await Promise.all(
      [lost, takenBack, retried, handedOut].map((job) => claimed(job?.id as string)),
    );
    const [lostOne, takenOne, retriedOne] = executions;
    if (!lostOne || !takenOne || !retriedOne) throw new Error('not claimed');
    await jobs.reports.apply(agent.id, [lostOne, takenOne, retriedOne].map(started));
    await jobs.store.sql.run(`UPDATE job SET expires_at = now() - interval '1 second'`);
    await jobs.control.requeue(takenOne.job_id, takenOne.execution_id, 'taken back');
    await jobs.reports.apply(agent.id, [ended(retriedOne, { ok: false, cause: 'exit_code', exit_code: 1 })]);
    expect(await jobs.sweep.loseExecutions([agent.id], 'The node is gone.')).toBe(2);
    await jobs.sweep.due();
    await jobs.sweep.expired();
    expect((await get(handedOut?.id as string)).state).toBe('expired');
    for (const { job_id } of [lostOne, takenOne, retriedOne]) {
      expect(await get(job_id)).toMatchObject({ state: 'queued', expires_at: null });
      const again = await claimed(job_id);
      await jobs.reports.apply(agent.id, [started(again), ended(again)]);
      expect((await get(job_id)).state).toBe('succeeded');
    }
  });

  it('that was cancelled while queued never starts, and its ticket is taken back', async () => {
    const { job } = await jobs.submits.submit(submission());
    await jobs.dispatcher.settled();
    await jobs.control.cancel(job.id, 'not needed');
    expect(await get(job.id)).toMatchObject({ state: 'cancelled', cause: 'cancelled', cause_detail: 'not needed' });
    expect(await claim(job.id)).toMatchObject({ outcome: 'refused' });
    await expect.poll(() => jobs.sink.tickets.size).toBe(0);
    await expect(jobs.control.cancel(job.id)).rejects.toMatchObject({ code: 'terminal' });
  });

  it('cancelled while running is cancelling until its processes are gone', async () => {
    const { job } = await jobs.submits.submit(submission({ spec: { command: 'sleep 9', retry: { max: 3 } } }));
    const execution = await claimed(job.id);
    await jobs.reports.apply(agent.id, [started(execution)]);
    await jobs.control.cancel(job.id);
    expect((await get(job.id)).state).toBe('cancelling');
    expect(jobs.bells).toContain(`agent.${agent.id} `);
    await jobs.reports.apply(agent.id, [
      ended(execution, { ok: false, cause: 'cancelled', exit_code: null, signal: 'SIGTERM' }),
    ]);
    expect(await get(job.id)).toMatchObject({ state: 'cancelled', signal: 'SIGTERM', attempt: 1 });
  });

  it('is retried with growing waits, then fails with the last cause', async () => {
    const { job } = await jobs.submits.submit(
      submission({ spec: { command: 'exit 3', retry: { max: 2, backoff_s: 10, factor: 3 } } }),
    );
    for (const [attempt, wait] of [
      [1, 10],
      [2, 30],
    ] as const) {
      const execution = await claimed(job.id);
      await jobs.reports.apply(agent.id, [
        started(execution),
        ended(execution, { ok: false, cause: 'exit_code', exit_code: 3 }),
      ]);
      const waiting = await get(job.id);
      expect(waiting).toMatchObject({ state: 'scheduled', attempt: attempt + 1 });
      const delay = ((waiting.start_at as Date).getTime() - Date.now()) / 1000;
      expect(delay).toBeGreaterThan(wait * 0.75);
      expect(delay).toBeLessThan(wait * 1.25);
      await jobs.store.sql.run(`UPDATE job SET start_at = now() WHERE id = $1`, [job.id]);
    }
    const execution = await claimed(job.id);
    await jobs.reports.apply(agent.id, [ended(execution, { ok: false, cause: 'exit_code', exit_code: 3 })]);
    expect(await get(job.id)).toMatchObject({
      state: 'failed',
      cause: 'exit_code',
      exit_code: 3,
      attempt: 3,
      epoch: 3,
    });
  });

  it('starts when all it depends on succeeded, and fails when one of them did not', async () => {
    const [a, b] = await jobs.submits.submitBatch([submission(), submission()]);
    const { job: after } = await jobs.submits.submit(submission({ depends_on: [a?.id as string, b?.id as string] }));
    const { job: last } = await jobs.submits.submit(submission({ depends_on: [after.id] }));
    expect((await get(after.id)).state).toBe('scheduled');
    await jobs.reports.apply(agent.id, [ended(await claimed(a?.id as string))]);
    expect((await get(after.id)).state).toBe('scheduled');
    await jobs.reports.apply(agent.id, [ended(await claimed(b?.id as string))]);
    expect((await get(after.id)).state).toBe('queued');
    await jobs.reports.apply(agent.id, [
      ended(await claimed(after.id), { ok: false, cause: 'exit_code', exit_code: 1 }),
    ]);
    expect(await get(last.id)).toMatchObject({ state: 'failed', cause: 'dependency_failed' });
    const { job: late } = await jobs.submits.submit(submission({ depends_on: [after.id] }));
    expect((await get(late.id)).state).toBe('failed');
  });

  it('of a lost agent is queued again without spending an attempt, and the old execution is fenced', async () => {
    const { job } = await jobs.submits.submit(submission({ spec: { command: 'sleep 9', retry: { max: 1 } } }));
    const old = await claimed(job.id);
    await jobs.reports.apply(agent.id, [started(old)]);
    await jobs.store.sql.run(`UPDATE agent SET last_seen_at = now() - interval '11 seconds'`);
    const now = Date.now();
    expect(await jobs.sweep.lostAgents(now)).toBe(0);
    for (let t = 0; t <= 11_000; t += 1_000) await jobs.sweep.listen(now + t);
    expect(await jobs.sweep.lostAgents(now + 11_000)).toBe(1);
    expect(await get(job.id)).toMatchObject({ state: 'queued', attempt: 1, losses: 1 });
    expect((await executionStore.get(jobs.store.sql, old.execution_id))?.cause).toBe('agent_lost');
    const results = await jobs.reports.apply(agent.id, [chunk(old, 0, 'late'), ended(old)]);
    expect(results.map((result) => result.status)).toEqual([409, 409]);
    const other = await jobs.agent('node-2');
    const fresh = await claimed(job.id, other);
    expect(fresh.epoch).toBe(2);
    await jobs.reports.apply(other.id, [ended(fresh)]);
    expect(await get(job.id)).toMatchObject({ state: 'succeeded', node: 'node-2' });
  });

  it('is never taken from an agent because the API itself was away', async () => {
    const { job } = await jobs.submits.submit(submission());
    await claimed(job.id);
    await jobs.store.sql.run(`UPDATE agent SET last_seen_at = now() - interval '60 seconds'`);
    const now = Date.now();
    await jobs.sweep.listen(now);
    await jobs.sweep.listen(now + 60_000);
    expect(await jobs.sweep.lostAgents(now + 60_500)).toBe(0);
    expect((await get(job.id)).state).toBe('claimed');
  });

  it('can be retried by hand after its end, as its next attempt', async () => {
    const { job } = await jobs.submits.submit(submission());
    await expect(jobs.control.retry(job.id)).rejects.toMatchObject({ code: 'conflict' });
    await jobs.control.cancel(job.id);
    await jobs.control.retry(job.id);
    expect(await get(job.id)).toMatchObject({ state: 'queued', attempt: 2, cause: null, cancel_requested_at: null });
    const execution = await claimed(job.id);
    await jobs.reports.apply(agent.id, [ended(execution)]);
    expect((await get(job.id)).state).toBe('succeeded');
  });
});

describe('the log of an execution', () => {
  it('takes each byte once: repeats are answered, gaps are refused with where to go on', async () => {
    const { job } = await jobs.submits.submit(submission());
    const execution = await claimed(job.id);
    expect(
      await jobs.reports.apply(agent.id, [
        chunk(execution, 0, 'abc', 0),
        chunk(execution, 0, 'abc', 0),
        chunk(execution, 5, 'x', 1),
        chunk(execution, 3, 'de', 1),
      ]),
    ).toEqual([
      { status: 200, stored: 3 },
      { status: 200, stored: 3 },
      { status: 416, stored: 3 },
      { status: 200, stored: 5 },
    ]);
    const stored = await logStore.ofStream(jobs.store.sql, execution.execution_id, 'stdout', 0, 10);
    expect(stored.map((c) => [c.offset, c.length])).toEqual([
      [0, 3],
      [3, 2],
    ]);
  });

  it('of an ended execution answers repeats of its own report and refuses anything new', async () => {
    const { job } = await jobs.submits.submit(submission());
    const execution = await claimed(job.id);
    const end = ended(execution, { stdout: { bytes: 2, sha256: sha('ab') } });
    await jobs.reports.apply(agent.id, [chunk(execution, 0, 'ab'), end]);
    expect((await jobs.reports.apply(agent.id, [chunk(execution, 0, 'ab'), end])).map((r) => r.status)).toEqual([
      200, 200,
    ]);
    expect((await jobs.reports.apply(agent.id, [chunk(execution, 2, 'cd')])).map((r) => r.status)).toEqual([409]);
    await expectEventually(async () =>
      expect(
        (await eventStore.after(jobs.store.sql, undefined, { job_id: job.id }, 100)).filter(
          (event) => event.type === 'job.succeeded',
        ),
      ).toHaveLength(1),
    );
  });

  it('is refused from any agent but its own', async () => {
    const { job } = await jobs.submits.submit(submission());
    const execution = await claimed(job.id);
    const other = await jobs.agent('thief');
    expect(
      (await jobs.reports.apply(other.id, [chunk(execution, 0, 'ab'), ended(execution)])).map((r) => r.status),
    ).toEqual([409, 409]);
    expect((await jobs.reports.apply(agent.id, [{ ...ended(execution), epoch: 7 }])).map((r) => r.status)).toEqual([
      409,
    ]);
    expect((await get(job.id)).state).toBe('claimed');
  });
});
