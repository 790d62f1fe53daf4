import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentStore } from '@drover/store';
import { tryFirstJob, type FirstJobOutcome } from '../../apps/cli/src/up/first-job.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { execute } from '../support/postgres.js';

describe('the first job of npm start', () => {
  let api: TestApi;
  let said: string[];
  beforeEach(async () => {
    api = await startApi({ passive: true });
    said = [];
  });
  afterEach(() => api.close());

  const screen = { step: (text: string) => void said.push(text), say: (text: string) => void said.push(text) };
  const run = (signal = new AbortController().signal): Promise<FirstJobOutcome> =>
    tryFirstJob(api.url, 'default', screen, signal, { shouldRunMs: 100, patienceMs: 2_000 });
  const only = (): Promise<string> =>
    expectEventually(async () => {
      const [job] = (await api.core.query.list({}, { limit: 1 })).jobs;
      if (!job) throw new Error('there is no job yet');
      return job.id;
    });

  it('shows the output as it comes and names the node', async () => {
    const agent = await scriptedAgent(api.core);
    const outcome = run();
    const execution = await (await agent.claim(await only())).started();
    await execution.write('Hello\n');
    await execution.ended();
    expect(await outcome).toEqual({ node: 'scripted' });
    expect(said).toContain('    Hello');
  });

  it('is not run where the record holds jobs', async () => {
    await api.core.submits.submit({ queue: 'other', owner: 'x', dialect: 'native', spec: { command: 'x' } });
    expect(await run()).toEqual({});
    expect(said).toEqual([]);
  });

  it('only warns when the queue is paused, with the remedy', async () => {
    await scriptedAgent(api.core);
    await api.core.control.pause('default');
    expect((await run()).warning).toMatch(
      /^The first job [0-9a-f-]{36} waits, and the broker goes on: The queue default is paused\. Resume it: /,
    );
  });

  it('only warns when every slot is busy', async () => {
    const { agent } = await scriptedAgent(api.core);
    await agentStore.upsert(api.core.store.sql, { ...agent, slots_free: 0, token_hash: null });
    expect((await run()).warning).toMatch(/waits, and the broker goes on: All 4 slots .* are busy\./);
  });

  it('only warns when somebody deletes or cancels it, or when it fails', async () => {
    const agent = await scriptedAgent(api.core);
    const cancelled = run();
    const first = await only();
    await api.core.control.cancel(first);
    expect((await cancelled).warning).toMatch(/ended as cancelled.*The broker goes on/);
    await api.core.control.delete(first);

    const deleted = run();
    const second = await only();
    await execute(api.databaseUrl, `DELETE FROM job WHERE id = '${second}'`);
    expect((await deleted).warning).toBe(`The first job ${second} was deleted before it had ended; the broker goes on`);

    const failed = run();
    await (await (await agent.claim(await only())).started()).ended({ exit_code: 3 });
    expect((await failed).warning).toMatch(/ended as failed with exit code 3; see `drover logs/);
  });

  it('only warns when it runs on for longer than the user should wait', async () => {
    const agent = await scriptedAgent(api.core);
    const outcome = run();
    await (await agent.claim(await only())).started();
    expect((await outcome).warning).toMatch(/is still running after \d+ s/);
  });

  it('only warns when the API does not answer', async () => {
    expect((await tryFirstJob('http://127.0.0.1:1', 'default', screen, new AbortController().signal)).warning).toMatch(
      /could not be run/,
    );
  });

  it('ends at once when the broker is to stop', async () => {
    const stop = new AbortController();
    const outcome = run(stop.signal);
    await only();
    stop.abort();
    await expect(outcome).rejects.toThrow();
  });
});
