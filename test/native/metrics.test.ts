import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Exposition } from '@drover/http';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { client } from '../support/http.js';

const PROMTOOL = ['/usr/bin/promtool', '/usr/local/bin/promtool'].find(existsSync);

describe('/metrics', () => {
  let api: TestApi;
  let http: ReturnType<typeof client>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = client(api.url);
  });
  afterAll(() => api.close());

  const scrape = async (): Promise<string> => (await http.get('/metrics')).body;
  const value = (text: string, series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')
        .at(-1) ?? NaN,
    );

  it("shows queues, states, agents and each step of a job's life, without ids", async () => {
    const agent = await scriptedAgent(api.core);
    const before = await scrape();
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await http.post('/api/v1/jobs', { command: 'x' })).body.id);
    const execution = await (await agent.claim(ids[0] as string)).started();
    await execution.write('x');
    await execution.ended({ exit_code: 1 });
    const after = await scrape();
    expect(value(after, 'drover_jobs{queue="default",state="queued"}')).toBe(2);
    expect(value(after, 'drover_queue_depth{queue="default"}')).toBe(2);
    expect(value(after, 'drover_queue_oldest_seconds{queue="default"}')).toBeGreaterThan(0);
    expect(value(after, 'drover_agents{kind="worker",state="online"}')).toBe(1);
    expect(value(after, 'drover_record_up')).toBe(1);
    const grown = (series: string): number => value(after, series) - (value(before, series) || 0);
    expect(grown('drover_jobs_accepted_total')).toBe(3);
    expect(grown('drover_jobs_ended_total{state="failed",cause="exit_code"}')).toBe(1);
    for (const step of [
      'accept_to_queued',
      'queued_to_claimed',
      'claimed_to_spawned',
      'spawned_to_first_byte',
      'exit_to_result',
    ]) {
      expect(grown(`drover_job_step_seconds_count{step="${step}"}`), step).toBeGreaterThan(0);
    }
    expect(grown('drover_job_run_seconds_count')).toBe(1);
    expect(grown('drover_http_request_seconds_count{method="POST",route="/api/v1/jobs",status="2xx"}')).toBe(3);
    // Only the service's own families count: those of the observability API have a job_id by their contract.
    const own = after
      .split('\n')
      .filter((line) => line.startsWith('drover_'))
      .join('\n');
    for (const id of ids) expect(own).not.toContain(id);
    expect(own).not.toContain(execution.id);
  });

  it('has a limit on what clients can make labels of', async () => {
    await http.post('/api/v1/jobs/batch', {
      jobs: Array.from({ length: 150 }, (_, n) => ({ queue: `many-${n}`, command: 'x' })),
    });
    await fetch(`${api.url}/a/path/of/my/own`, { method: 'PROPFIND' });
    const text = await scrape();
    expect(new Set(text.match(/drover_queue_depth\{queue="[^"]*"/g)).size).toBe(101);
    expect(value(text, 'drover_queue_depth{queue="other"}')).toBe(51);
    expect(text).not.toContain('/a/path/of');
    expect(text).toContain('route="none"');
  });

  it('ends in # EOF once, whatever its contributors give, and leaves out one that fails', async () => {
    const exposition = api.app.get(Exposition);
    exposition.contribute('one', () => Promise.resolve('# HELP one_x A\n# TYPE one_x gauge\none_x 1\n# EOF\n'));
    exposition.contribute('two', () => Promise.resolve('# TYPE two_x gauge\ntwo_x 2'));
    exposition.contribute('broken', () => Promise.reject(new Error('away')));
    const answer = await http.get('/metrics');
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body.match(/# EOF/g)).toHaveLength(1);
    expect(answer.body).toContain('one_x 1\n# TYPE two_x gauge\ntwo_x 2\n');
    expect(answer.body.endsWith('\n# EOF\n')).toBe(true);
    expect((await http.get('/metrics/')).status).toBe(200);
  });

  it.runIf(PROMTOOL)('is what promtool calls valid', async () => {
    const text = await scrape();
    const said = await new Promise<string>((resolve) => {
      const child = execFile(PROMTOOL as string, ['check', 'metrics'], { timeout: 20_000 }, (error, stdout, stderr) =>
        resolve(error ? `${stdout}${stderr}` : ''),
      );
      child.stdin?.end(text);
    });
    // Lint of names is about process metrics of prom-client; a parse error is not.
    expect(said).not.toMatch(/error while linting|parse|invalid/i);
  });

  it('gives each answer a request id, the one that came if it is one', async () => {
    expect((await http.get('/livez', { 'x-request-id': 'trace-1' })).headers.get('x-request-id')).toBe('trace-1');
    expect((await http.get('/livez', { 'x-request-id': 'not an id' })).headers.get('x-request-id')).toMatch(
      /^[0-9a-f-]{36}$/,
    );
    expect((await http.get('/nobody')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
