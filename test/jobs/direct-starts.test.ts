import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { ClaimedExecution, ReportItem } from '@drover/protocol';
import { agentStore, executionStore, jobStore, queueStore, type StoredAgent } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs | undefined;
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});

/** A worker with an open channel that has told free slots, and what was pushed to it. */
async function idleNode(all: Jobs, name: string, slots: number, queues = ['line']) {
  const agent = await all.agent(name, queues);
  const pushed: ClaimedExecution[] = [];
  const close = all.direct.connect(agent.id, (start) => {
    pushed.push(...start);
    return true;
  });
  all.direct.told(agent, { slots });
  return { agent, pushed, close };
}

const stateOf = async (all: Jobs, id: string): Promise<string | undefined> =>
  (await jobStore.get(all.store.sql, id))?.state;
const eventsOf = async (all: Jobs, id: string): Promise<string[]> =>
  (await all.store.sql.rows<{ type: string }>('SELECT type FROM event WHERE job_id = $1 ORDER BY id', [id])).map(
    (row) => row.type,
  );
const executionsOf = async (all: Jobs, id: string): Promise<string[]> =>
  (await all.store.sql.rows<{ id: string }>('SELECT id FROM execution WHERE job_id = $1 ORDER BY epoch', [id])).map(
    (row) => row.id,
  );
const submit = async (all: Jobs, fields: Parameters<typeof submission>[0] = {}): Promise<string> =>
  (await all.submits.submit(submission({ queue: 'line', ...fields }))).job.id;
const executionOf = async (all: Jobs, id: string): Promise<string> =>
  (await jobStore.get(all.store.sql, id))?.execution_id ?? '';
const endOf = (execution: Pick<ClaimedExecution, 'execution_id' | 'epoch'>): ReportItem => {
  const nothing = { bytes: 0, sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' };
  const { execution_id, epoch } = execution;
  const at = new Date().toISOString();
  return {
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
    stdout: nothing,
    stderr: nothing,
  };
};

describe('a new job for which a node has told a free slot', () => {
  it('is claimed by the statement that accepts it, has no ticket and no mark, and is pushed to the node', async () => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 1);
    const id = await submit(jobs);
    await expect.poll(() => pushed.length).toBe(1);
    const job = await jobStore.get(jobs.store.sql, id);
    expect(job).toMatchObject({ state: 'claimed', epoch: 1, attempt: 1, node: 'node-1', agent_id: agent.id });
    expect(pushed[0]).toMatchObject({ job_id: id, execution_id: job?.execution_id, epoch: 1, pushed: true });
    expect(await eventsOf(jobs, id)).toEqual(['job.queued', 'job.claimed']);
    await jobs.dispatcher.settled();
    expect(jobs.sink.tickets.size).toBe(0);
    expect(await jobs.store.sql.rows('SELECT 1 FROM outbox')).toEqual([]);
    const [execution] = await executionStore.openOfAgents(jobs.store.sql, [agent.id]);
    expect(execution).toMatchObject({ id: job?.execution_id, job_id: id, epoch: 1, state: 'claimed', boot_id: 'boot' });
  });

  it('takes the slot: the next one gets a ticket', async () => {
    jobs = await startJobs();
    const { pushed } = await idleNode(jobs, 'node-1', 1);
    const [first, second] = [await submit(jobs), await submit(jobs)];
    await jobs.dispatcher.settled();
    expect([await stateOf(jobs, first), await stateOf(jobs, second)]).toEqual(['claimed', 'queued']);
    expect([...jobs.sink.tickets.keys()]).toEqual([`${second}-1`]);
    expect(pushed.map((one) => one.job_id)).toEqual([first]);
  });

  it('of a batch is the one with the highest priority', async () => {
    jobs = await startJobs();
    const { pushed } = await idleNode(jobs, 'node-1', 1);
    const made = await jobs.submits.submitBatch([0, 5, 3].map((priority) => submission({ queue: 'line', priority })));
    await expect.poll(() => pushed.map((one) => one.job_id)).toEqual([made[1]?.id]);
    await jobs.dispatcher.settled();
    expect(jobs.sink.tickets.size).toBe(2);
  });

  it('is spread over the nodes in turns', async () => {
    jobs = await startJobs();
    const [one, two] = [await idleNode(jobs, 'node-1', 2), await idleNode(jobs, 'node-2', 2)];
    for (let n = 0; n < 4; n++) await submit(jobs);
    await expect.poll(() => [one.pushed.length, two.pushed.length]).toEqual([2, 2]);
  });

  it.each<[string, (all: Jobs, agent: StoredAgent) => Promise<unknown>, Parameters<typeof submission>[0]?]>([
    ['another job waits in its queue', async (all) => keepWaiting(all, { held: true })],
    ['its queue is paused', (all) => queueStore.setPaused(all.store.sql, 'line', true)],
    ['the node drains', (all, agent) => agentStore.setState(all.store.sql, agent.id, 'draining')],
    ['the node was given up', (all, agent) => agentStore.setState(all.store.sql, agent.id, 'offline')],
    [
      'the node keeps slots for a job with demands',
      (all, agent) => all.store.sql.run('UPDATE agent SET reserved = 1 WHERE id = $1', [agent.id]),
    ],
    [
      'the disk of the node is full',
      (all, agent) =>
        all.store.sql.run(`UPDATE agent SET payload = '{"blocked_by": "disk_full"}' WHERE id = $1`, [agent.id]),
    ],
    [
      'the node serves the queue no more',
      (all, agent) => all.store.sql.run(`UPDATE agent SET queues = '{other}' WHERE id = $1`, [agent.id]),
    ],
    ['its time has not come', () => Promise.resolve(), { start_at: new Date(Date.now() + 3_600_000) }],
    [
      'it needs a container that the node cannot run',
      () => Promise.resolve(),
      { spec: { command: 'true', container: { image: 'x' } } },
    ],
    [
      'somebody wants to hear of its claim',
      () => Promise.resolve(),
      { spec: { command: 'true', webhooks: [{ url: 'http://127.0.0.1:9/', on: ['succeeded'] }] } },
    ],
  ])('goes by ticket when %s', async (_why, given, fields = {}) => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 4);
    await given(jobs, agent);
    const id = await submit(jobs, fields);
    await jobs.dispatcher.settled();
    expect(['queued', 'scheduled']).toContain(await stateOf(jobs, id));
    expect([...jobs.sink.tickets.keys()]).toContain(`${id}-1`);
    expect(pushed).toEqual([]);
  });

  it('goes by ticket when a job waits whose time has come a moment ago', async () => {
    jobs = await startJobs();
    const { pushed } = await idleNode(jobs, 'node-1', 4);
    const due = await submit(jobs, { start_at: new Date(Date.now() + 300) });
    await expect
      .poll(
        async () => (await jobs?.store.sql.rows('SELECT 1 FROM job WHERE id = $1 AND start_at < now()', [due]))?.length,
      )
      .toBe(1);
    const id = await submit(jobs);
    expect(await stateOf(jobs, id)).toBe('queued');
    expect(pushed).toEqual([]);
  });

  it('is told to the node by its other channel when this process has none of it', async () => {
    jobs = await startJobs();
    const { agent, close } = await idleNode(jobs, 'node-1', 1);
    close();
    const id = await submit(jobs);
    await expect.poll(() => jobs?.bells.some((bell) => bell.startsWith(`agent.${agent.id}`))).toBe(true);
    const open = await executionStore.openOfAgents(jobs.store.sql, [agent.id]);
    expect(await jobs.claims.offers(agent, open)).toEqual([
      expect.objectContaining({ job_id: id, epoch: 1, pushed: true, execution_id: await executionOf(jobs, id) }),
    ]);
  });

  it('waits again, with neither an attempt nor a loss counted, when the node declines it', async () => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 1);
    const id = await submit(jobs);
    await expect.poll(() => pushed.length).toBe(1);
    const { execution_id, epoch } = pushed[0] as ClaimedExecution;
    const declined: ReportItem = { kind: 'declined', execution_id, epoch, reason: 'no slot' };
    expect(await jobs.reports.apply(agent.id, [declined])).toEqual([{ status: 200 }]);
    // Told twice: the first answer was lost.
    expect(await jobs.reports.apply(agent.id, [declined])).toEqual([{ status: 200 }]);
    await jobs.dispatcher.settled();
    const waiting = { state: 'queued', attempt: 1, losses: 0, execution_id: null, node: null };
    expect(await jobStore.get(jobs.store.sql, id)).toMatchObject(waiting);
    expect(await executionsOf(jobs, id)).toEqual([]);
    expect([...jobs.sink.tickets.keys()]).toEqual([`${id}-2`]);
    const [again] = await jobs.claims.claim(agent, [{ ticket_id: `${id}-2`, job_id: id }]);
    expect(again).toMatchObject({ outcome: 'claimed', execution: { epoch: 2 } });
  });

  it('shows the execution of its former attempt again, when the node declines the next one', async () => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 1);
    const id = await submit(jobs);
    await expect.poll(() => pushed.length).toBe(1);
    const [first] = pushed as [ClaimedExecution];
    await jobs.reports.apply(agent.id, [endOf(first)]);
    await jobs.control.retry(id);
    const [second] = await jobs.direct.next(agent, { slots: 1, queues: [['line', 1]] });
    const { execution_id, epoch } = second as ClaimedExecution;
    await jobs.reports.apply(agent.id, [{ kind: 'declined', execution_id, epoch, reason: 'no slot' }]);
    const job = await jobStore.get(jobs.store.sql, id);
    expect(job).toMatchObject({ state: 'queued', attempt: 2, execution_id: first.execution_id, node: 'node-1' });
    expect(await executionsOf(jobs, id)).toEqual([first.execution_id]);
  });

  it('is cancelled when the node declines it after a cancel', async () => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 1);
    const id = await submit(jobs);
    await expect.poll(() => pushed.length).toBe(1);
    await jobs.control.cancel(id, 'not wanted');
    const { execution_id, epoch } = pushed[0] as ClaimedExecution;
    await jobs.reports.apply(agent.id, [{ kind: 'declined', execution_id, epoch, reason: 'no slot' }]);
    expect(await jobStore.get(jobs.store.sql, id)).toMatchObject({ state: 'cancelled', cause_detail: 'not wanted' });
  });

  it('cannot be declined once it runs', async () => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 1);
    await submit(jobs);
    await expect.poll(() => pushed.length).toBe(1);
    const { execution_id, epoch } = pushed[0] as ClaimedExecution;
    const spawned_at = new Date().toISOString();
    await jobs.reports.apply(agent.id, [{ kind: 'started', execution_id, epoch, pid: 1, spawned_at }]);
    const [answer] = await jobs.reports.apply(agent.id, [{ kind: 'declined', execution_id, epoch, reason: 'no slot' }]);
    expect(answer?.status).toBe(422);
  });

  it('cannot be declined by another node, nor once output of it is stored, which its project is charged for', async () => {
    jobs = await startJobs();
    const { agent, pushed } = await idleNode(jobs, 'node-1', 1);
    const other = await jobs.agent('node-2', ['line']);
    const id = await submit(jobs);
    await expect.poll(() => pushed.length).toBe(1);
    const { execution_id, epoch } = pushed[0] as ClaimedExecution;
    const declined: ReportItem = { kind: 'declined', execution_id, epoch, reason: 'no slot' };
    expect(await jobs.reports.apply(other.id, [declined])).toMatchObject([{ status: 409 }]);
    const at = new Date().toISOString();
    const data = gzipSync('hello').toString('base64');
    const chunk = { kind: 'chunk', execution_id, epoch, stream: 'stdout', offset: 0, length: 5, sequence: 0, at, data };
    const both = await jobs.reports.apply(agent.id, [chunk as ReportItem, declined]);
    expect(both.map(({ status }) => status)).toEqual([200, 422]);
    expect((await jobs.reports.apply(agent.id, [declined]))[0]?.status).toBe(422);
    expect(await executionsOf(jobs, id)).toEqual([execution_id]);
  });

  it('goes by ticket when the node is lost before it hears of it', async () => {
    jobs = await startJobs();
    const { agent } = await idleNode(jobs, 'node-1', 1);
    const id = await submit(jobs);
    await jobs.sweep.loseExecutions([agent.id], 'The node is gone.');
    await jobs.dispatcher.settled();
    expect(await stateOf(jobs, id)).toBe('queued');
    expect([...jobs.sink.tickets.keys()]).toEqual([`${id}-2`]);
  });

  it('has one outcome when its request is repeated under its key', async () => {
    jobs = await startJobs();
    const { pushed } = await idleNode(jobs, 'node-1', 4);
    const one = await jobs.submits.submit(submission({ queue: 'line' }), { key: 'k', bodyHash: 'h' });
    const two = await jobs.submits.submit(submission({ queue: 'line' }), { key: 'k', bodyHash: 'h' });
    expect(two.job.id).toBe(one.job.id);
    await expect.poll(() => pushed.map(({ job_id }) => job_id)).toEqual([one.job.id]);
  });
});

/** A job that waits in the line, whatever nodes there are. */
async function keepWaiting(all: Jobs, _: { held: boolean }): Promise<void> {
  await queueStore.setPaused(all.store.sql, 'line', true);
  await submit(all);
  await queueStore.setPaused(all.store.sql, 'line', false);
}

describe('a node that asks for its next jobs', () => {
  /** Jobs that wait by ticket. */
  async function waiting(all: Jobs, queue: string, priorities: number[]): Promise<string[]> {
    const ids: string[] = [];
    for (const priority of priorities) ids.push(await submit(all, { queue, priority }));
    await all.dispatcher.settled();
    return ids;
  }
  const next = async (all: Jobs, agent: StoredAgent, slots: number, queues: [string, number][]): Promise<string[]> =>
    (await all.direct.next(agent, { slots, queues })).map((one) => one.job_id);

  it('gets the best of its queue, and their tickets go', async () => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['line']);
    const [low, high, middle] = await waiting(jobs, 'line', [0, 9, 5]);
    expect(await next(jobs, agent, 2, [['line', 2]])).toEqual([high, middle]);
    await expect.poll(() => [...(jobs?.sink.tickets.keys() ?? [])]).toEqual([`${low}-1`]);
    expect([await stateOf(jobs, high as string), await stateOf(jobs, low as string)]).toEqual(['claimed', 'queued']);
  });

  it('gets of each queue in turn, and of none more than it asked for', async () => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['a', 'b']);
    const a = await waiting(jobs, 'a', [0, 0, 0, 0]);
    const b = await waiting(jobs, 'b', [0]);
    expect(
      await next(jobs, agent, 4, [
        ['b', 1],
        ['a', 2],
      ]),
    ).toEqual([b[0], a[0], a[1]]);
  });

  it('gets nothing of a paused queue, of a queue that it does not serve, or while it keeps slots for a job with demands', async () => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['line']);
    await waiting(jobs, 'line', [0]);
    await waiting(jobs, 'other', [0]);
    expect(await next(jobs, agent, 2, [['other', 2]])).toEqual([]);
    await queueStore.setPaused(jobs.store.sql, 'line', true);
    expect(await next(jobs, agent, 2, [['line', 2]])).toEqual([]);
    await queueStore.setPaused(jobs.store.sql, 'line', false);
    await jobs.store.sql.run('UPDATE agent SET reserved = slots WHERE id = $1', [agent.id]);
    expect(await next(jobs, agent, 2, [['line', 2]])).toEqual([]);
  });

  it.each<[string, string]>([
    ['drains', `UPDATE agent SET state = 'draining' WHERE id = $1`],
    ['was given up', `UPDATE agent SET state = 'offline' WHERE id = $1`],
    ['has a full disk', `UPDATE agent SET payload = '{"blocked_by": "disk_full"}' WHERE id = $1`],
  ])('gets nothing when it %s, whatever it asks for', async (_why, given) => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['line']);
    const [id] = await waiting(jobs, 'line', [0]);
    await jobs.store.sql.run(given, [agent.id]);
    expect(await next(jobs, agent, 2, [['line', 2]])).toEqual([]);
    expect(await stateOf(jobs, id as string)).toBe('queued');
  });

  it('gets a job that it declines again and again once a second, with two events each time', async () => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['line']);
    const [id] = (await waiting(jobs, 'line', [0])) as [string];
    const began = Date.now();
    let declined = 0;
    while (Date.now() - began < 2_500) {
      for (const { execution_id, epoch } of await jobs.direct.next(agent, { slots: 1, queues: [['line', 1]] })) {
        await jobs.reports.apply(agent.id, [{ kind: 'declined', execution_id, epoch, reason: 'no slot' }]);
        declined += 1;
      }
    }
    // Three at once, then one a second.
    expect(declined).toBeGreaterThan(3);
    expect(declined).toBeLessThanOrEqual(6);
    expect(await eventsOf(jobs, id)).toHaveLength(1 + 2 * declined);
    expect(await jobStore.get(jobs.store.sql, id)).toMatchObject({ attempt: 1, losses: 0, epoch: declined });
  });

  it('shares the line with another node: no job goes to both', async () => {
    jobs = await startJobs();
    const [one, two] = [await jobs.agent('node-1', ['line']), await jobs.agent('node-2', ['line'])];
    const ids = await waiting(
      jobs,
      'line',
      Array.from({ length: 12 }, () => 0),
    );
    const all = jobs;
    const got = (await Promise.all([one, two, one, two].map((agent) => next(all, agent, 3, [['line', 3]])))).flat();
    expect(got.toSorted()).toEqual(ids.toSorted());
  });

  it('is asked by a veto first', async () => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['line']);
    const [kept, free] = await waiting(jobs, 'line', [0, 0]);
    jobs.claims.veto((_agent, ids) => {
      const why = { reason: 'kept', delay_ms: 1_000 };
      return Promise.resolve(new Map(ids.filter((id) => id === kept).map((id) => [id, why])));
    }, 'someone');
    expect(await next(jobs, agent, 2, [['line', 2]])).toEqual([free]);
  });

  it('hears of them with its next beat when the answer was lost, and never runs one twice', async () => {
    jobs = await startJobs();
    const agent = await jobs.agent('node-1', ['line']);
    const [id] = await waiting(jobs, 'line', [0]);
    const [lost] = await jobs.direct.next(agent, { slots: 1, queues: [['line', 1]] });
    const open = await executionStore.openOfAgents(jobs.store.sql, [agent.id]);
    const [offered] = await jobs.claims.offers(agent, open);
    expect(offered).toEqual(lost);
    expect(await jobs.reports.apply(agent.id, [endOf(offered as ClaimedExecution)])).toEqual([{ status: 200 }]);
    expect(await stateOf(jobs, id as string)).toBe('succeeded');
  });
});
