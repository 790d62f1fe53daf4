import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { submission } from '../support/jobs.js';

let api: TestApi;
let agent: Awaited<ReturnType<typeof scriptedAgent>>;

beforeAll(async () => {
  api = await startApi({
    passive: true,
    env: { DROVER_AUTH: 'oauth2', DROVER_ENROLMENT_TOKEN: 'a token for new workers' },
  });
  agent = await scriptedAgent(api.core);
}, 120_000);

afterAll(() => api?.close());

async function running(): Promise<{ id: string; execution: ScriptedExecution }> {
  const { job } = await api.core.submits.submit(
    submission({ spec: { command: 'true', stdin: 'private', env: { NAME: 'private' } } }),
  );
  const { id } = job;
  return { id, execution: await (await agent.claim(id)).started() };
}

const ask = async (token: string, path: string, method = 'GET'): Promise<number> =>
  (
    await fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    })
  ).status;

describe('the token of an execution', { timeout: 60_000 }, () => {
  it('reads metrics and artifacts of its own job, pushes counters, and nothing else', async () => {
    const [one, other] = [await running(), await running()];
    const { token } = one.execution.claim;
    expect(await ask(token, `/api/v1/jobs/${one.id}/metrics`)).toBe(200);
    expect(await ask(token, `/api/v1/jobs/${one.id}/artifacts`)).toBe(200);
    expect(await ask(token, '/push?key=of_a_job&doc=x')).toBe(200);
    const closed = [
      `/api/v1/jobs/${one.id}`,
      `/api/v1/jobs/${one.id}/logs`,
      `/api/v1/jobs/${one.id}/events`,
      `/api/v1/jobs/${other.id}/metrics`,
      `/api/v1/jobs/${other.id}/artifacts`,
      '/api/v1/jobs',
      '/api/v1/agents',
      '/metrics',
      '/tasks',
      '/v1/jobs',
    ];
    for (const path of closed) expect(await ask(token, path), path).toBe(401);
    for (const [path, method] of [
      [`/api/v1/jobs/${one.id}/cancel`, 'POST'],
      [`/api/v1/jobs/${one.id}`, 'DELETE'],
      ['/api/v1/jobs', 'POST'],
    ] as const)
      expect(await ask(token, path, method), path).toBe(401);
  });

  it('dies with the execution, however that ends', async () => {
    const { id, execution } = await running();
    const path = `/api/v1/jobs/${id}/metrics`;
    expect(await ask(execution.claim.token, path)).toBe(200);
    await execution.ended();
    expect(await ask(execution.claim.token, path)).toBe(401);
    expect(await ask(execution.claim.token, '/push?key=of_a_dead_job&doc=x')).toBe(401);

    const lost = await running();
    expect(await ask(lost.execution.claim.token, `/api/v1/jobs/${lost.id}/metrics`)).toBe(200);
    await api.core.sweep.loseExecutions([agent.agent.id], 'The agent was not heard of.');
    expect(await ask(lost.execution.claim.token, `/api/v1/jobs/${lost.id}/metrics`)).toBe(401);
  });

  it('of another form is no token, and no error', async () => {
    const { id, execution } = await running();
    const [executionId = '', jobId = '', mac = ''] = execution.claim.token.split('.');
    for (const token of [
      `x.${jobId}.${mac}`,
      `${executionId}.${jobId}.`,
      `${executionId}.x.${mac}`,
      `${executionId}.${jobId}.${mac}x`,
      `${executionId}.${jobId}.${mac}.${mac}`,
    ]) {
      expect([401, 200], token).toContain(await ask(token, `/api/v1/jobs/${id}/metrics`));
    }
  });
});
