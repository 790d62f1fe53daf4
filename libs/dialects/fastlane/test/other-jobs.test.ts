import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api?.close());

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  // eslint-disable-line @typescript-eslint/no-explicit-any -- two APIs' bodies
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

const submit = async (): Promise<string> =>
  (await ask('POST', '/api/v1/jobs', { command: ['echo', 'hello'], queue: 'night', env: { API_TOKEN: 'sesame' } })).body
    .id as string;

describe('a job of another API', () => {
  it('is shown under its queue, without its environment, and in no list of tasks', async () => {
    const id = await submit();
    expect((await ask('GET', '/tasks/night/')).body.jobs).toMatchObject([{ id }]);
    const { body } = await ask('GET', `/tasks/night/jobs/${id}/`);
    expect(body.job).toMatchObject({
      taskId: 'night',
      command: 'echo hello',
      executionCount: 1,
      executions: [{ executionId: id, status: 'enqueued', log: null }],
    });
    expect(JSON.stringify(body)).not.toContain('sesame');
    expect((await ask('GET', `/tasks/night/jobs/${id}/executions/${id}/`)).body.execution).toMatchObject({
      executionId: id,
      command: 'echo hello',
    });
    expect((await ask('GET', '/tasks/')).body).toMatchObject({ total: 0, items: [] });
    expect((await ask('GET', `/tasks/day/jobs/${id}/`)).status).toBe(404);
  });

  it('is stopped as a job or as an execution, and cannot be retried', async () => {
    for (const path of ['', 'executions/ID/']) {
      const id = await submit();
      expect((await ask('POST', `/tasks/night/jobs/${id}/${path.replace('ID', id)}stop/`)).status).toBe(200);
      expect((await ask('GET', `/api/v1/jobs/${id}`)).body.state).toBe('cancelled');
      expect((await ask('GET', `/tasks/night/jobs/${id}/`)).body.job.executions).toMatchObject([{ status: 'stopped' }]);
      expect((await ask('POST', `/tasks/night/jobs/${id}/retry/`)).status).toBe(404);
    }
    const other = await submit();
    expect((await ask('POST', `/tasks/day/jobs/${other}/stop/`)).status).toBe(404);
    expect((await ask('GET', `/api/v1/jobs/${other}`)).body.state).toBe('queued');
  });

  it('that is only observed is cancelled in the record', async () => {
    await ask('POST', '/v1/jobs', { id: 'seen-1', user: 'alice', nodes: ['n1'] });
    const [seen] = (await ask('GET', '/api/v1/jobs?limit=100')).body.jobs.filter(
      (job: { dialect: string }) => job.dialect === 'hpc',
    ) as { id: string; queue: string }[];
    const stopped = await ask('POST', `/tasks/${encodeURIComponent(seen?.queue ?? '')}/jobs/${seen?.id}/stop/`);
    expect(stopped).toMatchObject({ status: 200, body: { jobId: seen?.id } });
    expect((await ask('GET', '/v1/jobs/seen-1')).body.state).toBe('cancelled');
  });
});
