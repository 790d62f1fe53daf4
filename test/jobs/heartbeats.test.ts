import { afterEach, describe, expect, it } from 'vitest';
import { AgentsService } from '@drover/agents';
import { agentStore, executionStore } from '@drover/store';
import { startJobs, submission, type Jobs } from '../support/jobs.js';

let jobs: Jobs | undefined;
afterEach(async () => {
  await jobs?.close();
  jobs = undefined;
});

const agentsOf = (all: Jobs): AgentsService =>
  new AgentsService(all.store, all.sweep, (agent, executions) => all.claims.offers(agent, executions));

describe('heartbeats that come together', () => {
  it('are written by fewer statements than there are agents, and each is answered with what its agent is to do', async () => {
    jobs = await startJobs();
    const all = jobs;
    const service = agentsOf(all);
    const nodes = await Promise.all(Array.from({ length: 40 }, (_, n) => all.agent(`node-${n}`, [`line-${n}`])));
    const [first, second] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    for (const node of [first, second]) all.direct.told(node, { slots: 1 });
    const cancelled = await all.submits.submit(submission({ queue: 'line-0' }));
    const offered = await all.submits.submit(submission({ queue: 'line-1' }));
    await all.control.cancel(cancelled.job.id, 'not wanted');
    const [run] = await executionStore.openOfAgents(all.store.sql, [first.id]);
    const execution_id = run?.id ?? '';

    const answers = await Promise.all(
      nodes.map((node, n) =>
        service.heartbeat(node, { slots_free: n, running: n === 0 ? [{ execution_id, epoch: 1 }] : [] }),
      ),
    );
    // The transaction that wrote a row last is in its xmin.
    const [written] = await all.store.sql.rows<{ n: string }>('SELECT count(DISTINCT xmin::text) AS n FROM agent');
    expect(Number(written?.n)).toBeLessThan(nodes.length / 4);
    expect(answers[0]?.cancel).toEqual([{ execution_id, reason: 'not wanted' }]);
    expect(answers[1]?.start).toEqual([expect.objectContaining({ job_id: offered.job.id, pushed: true })]);
    for (const answer of answers.slice(2)) expect(answer).toEqual({ cancel: [], lost: [], drain: false });
    const stored = await agentStore.list(all.store.sql, {});
    expect(stored.map((agent) => [agent.name, agent.slots_free])).toEqual(
      expect.arrayContaining([
        ['node-0', 0],
        ['node-39', 39],
      ]),
    );
  });

  it('of which one cannot be written are written all the same, but for that one', async () => {
    jobs = await startJobs();
    const all = jobs;
    const service = agentsOf(all);
    const [good, bad] = [await all.agent('good'), await all.agent('bad')];
    const results = await Promise.allSettled([
      service.heartbeat(good, { slots_free: 3, running: [] }),
      service.heartbeat(bad, { slots_free: 3, running: [], facts: { hostname: 'a\u0000b' } as never }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await agentStore.byName(all.store.sql, 'good'))?.slots_free).toBe(3);
  });

  it('of an agent that is gone are refused with the remedy', async () => {
    jobs = await startJobs();
    const all = jobs;
    const node = await all.agent('node-1');
    await all.store.sql.run('DELETE FROM agent');
    await expect(agentsOf(all).heartbeat(node, { slots_free: 1, running: [] })).rejects.toThrow(/register again/);
  });

  it('keep facts, queues and load that they do not name, and forget what no longer keeps the agent from work', async () => {
    jobs = await startJobs();
    const all = jobs;
    const service = agentsOf(all);
    const node = await all.agent('node-1', ['line']);
    const facts = { hostname: 'h', executors: ['process'] } as never;
    await service.heartbeat(node, { slots_free: 1, running: [], facts, cpu_load: 2, blocked_by: 'disk_full' });
    await service.heartbeat(node, { slots_free: 2, running: [] });
    const stored = await agentStore.byName(all.store.sql, 'node-1');
    expect(stored).toMatchObject({ slots_free: 2, queues: ['line'], facts, state: 'online' });
    expect(stored?.payload).toEqual({ cpu_load: 2 });
  });
});
