import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { execute } from '../../../../test/support/postgres.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { RealAgent } from './agent.js';

describe('an HTTP-pull agent among the agents', () => {
  let api: TestApi;
  let http: Session;
  let agent: RealAgent;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    http = new Session(api.url);
    agent = new RealAgent(api.url, 'rack-1', ['lab']);
    await agent.start();
  });
  afterAll(() => api.close());

  const seen = async (): Promise<unknown[]> => {
    const { agents } = (await (await fetch(`${api.url}/api/v1/agents`)).json()) as {
      agents: { name: string; state: string; slots_free: number }[];
    };
    const one = (await (await fetch(`${api.url}/api/v1/agents/rack-1`)).json()) as {
      state: string;
      slots_free: number;
    };
    const found = agents.find(({ name }) => name === 'rack-1');
    expect([one.state, one.slots_free]).toEqual([found?.state, found?.slots_free]);
    return [found?.state, found?.slots_free];
  };
  const silentFor = (minutes: number): Promise<unknown> =>
    execute(
      api.databaseUrl,
      `UPDATE agent SET last_seen_at = now() - interval '${minutes} minutes' WHERE name = 'rack-1'`,
    );

  it('is online and free while it asks for jobs, offline when it has fallen silent, and back with its next word', async () => {
    expect(await seen()).toEqual(['online', 1]);
    await silentFor(20);
    expect(await seen()).toEqual(['offline', 1]);
    expect((await http.get('/agents')).text).toMatch(/rack-1<\/a><\/td><td>offline<\/td>/);
    await agent.start();
    expect(await seen()).toEqual(['online', 1]);
  });

  it('is busy while it runs a job, although a provisioning says nothing for long', async () => {
    await http.submit({ job_queue: 'lab' });
    await agent.poll();
    expect(await seen()).toEqual(['online', 0]);
    await silentFor(20);
    expect(await seen()).toEqual(['online', 0]);
    await silentFor(120);
    expect(await seen()).toEqual(['offline', 0]);
  });
});
