import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogNews } from '@drover/live';
import { executionOf } from '../../apps/api/src/native/execution-of.js';
import { ScriptedExecution, scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { ask } from '../support/fake-node.js';

let api: TestApi;
let agent: Awaited<ReturnType<typeof scriptedAgent>>;
beforeAll(async () => {
  api = await startApi({ passive: true });
  agent = await scriptedAgent(api.core);
});
afterAll(() => api.close());

/** A job that the agent was given without a ticket, as its row says then. */
async function pushed() {
  const { submits, claims, query } = api.core;
  const { job } = await submits.submit({ queue: 'default', owner: 'me', dialect: 'native', spec: { command: 'true' } });
  const [claim] = await claims.claimWaiting(agent.agent, { slots: 1, queues: [['default', 1]] });
  if (claim?.job_id !== job.id) throw new Error(`another job was claimed: ${JSON.stringify(claim)}`);
  const decline = (): Promise<unknown> =>
    api.core.reports.apply(agent.agent.id, [
      { kind: 'declined', execution_id: claim.execution_id, epoch: claim.epoch, reason: 'no slot' },
    ]);
  return { job: await query.get(job.id), claim, decline };
}

it('who follows the log of a job whose execution is declined gets that of the next one, to the end', async () => {
  const { job, claim, decline } = await pushed();
  const news: LogNews[] = [];
  const done = (async () => {
    const signal = AbortSignal.timeout(20_000);
    for await (const one of api.core.logFollower.follow({ jobId: job.id, nextExecutions: true, signal }))
      news.push(one);
  })();
  await expect.poll(() => news.map(({ type }) => type)).toEqual(['execution']);
  await decline();
  const [again] = await api.core.claims.claimWaiting(agent.agent, { slots: 1, queues: [['default', 1]] });
  expect(again?.epoch).toBe(claim.epoch + 1);
  const execution = new ScriptedExecution(api.core, agent.agent, again as typeof claim);
  await (await (await execution.started()).write('hello\n')).ended();
  await done;
  expect(news.map(({ type }) => type)).toEqual(['execution', 'execution', 'bytes', 'end']);
});

it('the log of a job is empty, not missing, when its execution is declined between two looks at the record', async () => {
  const { job, claim, decline } = await pushed();
  await decline();
  expect(await executionOf(api.core.query, job, undefined)).toBeNull();
  const { status } = await ask(api.url, `/api/v1/jobs/${job.id}/logs`);
  expect(status).toBe(200);
  for (const path of ['logs', 'logs/lines', 'logs/verify'])
    expect((await ask(api.url, `/api/v1/jobs/${job.id}/${path}?execution=${claim.execution_id}`)).status).toBe(404);
  for (const path of ['executions', 'explain', 'phases', 'runs', 'artifacts', 'logs/lines', 'logs/index'])
    expect([path, (await ask(api.url, `/api/v1/jobs/${job.id}/${path}`)).status]).toEqual([path, 200]);
});
