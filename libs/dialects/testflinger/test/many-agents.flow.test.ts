import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { startRedis, type TestRedis } from '../../../../test/support/redis.js';
import { Session } from '../../../../test/support/testflinger-client.js';

const AGENTS = 100;
const JOBS = 1_000;
/** The pause of an agent that got nothing, before it asks again. */
const PAUSE_MS = 1_000;
/** Each agent serves two of them, so that every queue is fought over. */
const QUEUES = Array.from({ length: 10 }, (_, n) => `rack-${n}`);

describe('a hundred lab agents that poll at once', () => {
  let redis: TestRedis;
  let api: TestApi;
  beforeAll(async () => {
    redis = await startRedis();
    api = await startApi({ redisUrl: redis.url });
  });
  afterAll(async () => {
    await api.close();
    await redis.stop();
  });

  it('take a thousand jobs, each of them once, and each its own', async () => {
    const agents = await Promise.all(
      Array.from({ length: AGENTS }, async (_, n) => {
        const session = new Session(api.url);
        const queues = [QUEUES[n % 10] as string, QUEUES[(n + 3) % 10] as string];
        const name = `agent-${n}`;
        expect((await session.post(`/v1/agents/data/${name}`, { state: 'waiting', queues })).status).toBe(200);
        return { name, queues, session };
      }),
    );
    const cli = new Session(api.url);
    const ids: string[] = [];
    const submit = async (from: number, to: number): Promise<void> => {
      for (let n = from; n < to; n += 50)
        ids.push(
          ...(await Promise.all(
            Array.from({ length: 50 }, (_, m) =>
              cli.submit({ job_queue: QUEUES[(n + m) % 10] as string, number: n + m }),
            ),
          )),
        );
    };
    // Half of them wait already, the others come while the agents poll.
    await submit(0, JOBS / 2);
    const taken = new Map<string, string[]>();
    let submitted = false;
    const wrong: string[] = [];
    const polls = agents.map(async ({ name, queues, session }) => {
      for (;;) {
        const last = submitted;
        const answer = await session.get(`/v1/job?queue=${queues[0]}&queue=${queues[1]}`);
        if (answer.status === 200) {
          taken.set(answer.json.job_id, [...(taken.get(answer.json.job_id) ?? []), name]);
          if (!queues.includes(answer.json.job_queue)) wrong.push(`${name} got a job of ${answer.json.job_queue}`);
        } else if (answer.status !== 204) wrong.push(`${answer.status} ${answer.text}`);
        // Everything was there before this poll, and nothing of it was left.
        else if (last) return;
        else await pause(PAUSE_MS);
      }
    });
    await submit(JOBS / 2, JOBS);
    submitted = true;
    await Promise.all(polls);

    expect(wrong).toEqual([]);
    expect([...taken.values()].filter((names) => names.length > 1)).toEqual([]);
    expect([...taken.keys()].sort()).toEqual(ids.sort());
    // The record says the same: one execution a job, held by the agent that got it.
    const rows = await api.core.store.sql.rows<{ job_id: string; node: string }>('SELECT job_id, node FROM execution');
    expect(rows).toHaveLength(JOBS);
    for (const { job_id, node } of rows) expect(taken.get(job_id)).toEqual([node]);
    expect(await api.core.query.count({ dialect: 'testflinger', states: ['running'] })).toBe(JOBS);
    expect(Object.keys((await cli.get('/v1/queues/wait_times')).json).sort()).toEqual([...QUEUES].sort());
  });
});
