import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProfilesService } from '@drover/profiles';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { ask, FakeNode, post } from '../support/fake-node.js';

let api: TestApi;
let node: FakeNode;
beforeAll(async () => {
  api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1' }, passive: true });
  node = await FakeNode.register(api.url, 'n1');
});
afterAll(() => api.close());

/** Runs a job of Drover's to its end, with counters of its own and samples. */
async function ran(command: string, it: number, options: { exit?: number; cpu?: number } = {}): Promise<string> {
  const agent = await scriptedAgent(api.core, 'n1', ['lab']);
  const { id } = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command, resources: { tasks: 4 } })).body as {
    id: string;
  };
  // The placement would hand it out by itself; this agent takes it like any plain one.
  await api.core.store.sql.run(`UPDATE job SET dispatch = 'ticket' WHERE id = $1`, [id]);
  const execution = await (await agent.claim(id)).started();
  await node.job(id, { it_total: it }, { live: false });
  await api.core.reports.apply(agent.agent.id, [
    {
      execution_id: execution.id,
      epoch: execution.claim.epoch,
      kind: 'samples',
      samples: [1, 2].map((n) => ({
        at: new Date().toISOString(),
        cpu_percent: 50 * n,
        memory_bytes: 1000 * n,
        read_bytes: 10 * n,
        write_bytes: 0,
        cpu_seconds: (options.cpu ?? 1) * n,
        processes: 1,
        gpu_percent: null,
        gpu_memory_bytes: null,
      })),
    },
  ]);
  await execution.ended({ exit_code: options.exit ?? 0 });
  return id;
}

describe("a job of Drover's", () => {
  it("leaves a profile the moment it ends: its counters, its node's metrics, its summary", async () => {
    await node.system({ sys_g: 7 });
    const id = await ran('./solve -n 4', 30);
    const profile = await ask(api.url, `/api/v1/profiles/${id}`);
    expect(profile.status).toBe(200);
    expect(profile.body).toMatchObject({
      job: id,
      command: './solve -n 4',
      size: 4,
      queue: 'lab',
      node: 'n1',
      outcome: 'succeeded',
      cause: null,
      exit_code: 0,
      summary: {
        cpu_seconds: 2,
        peak_memory_bytes: 2000,
        read_bytes: 20,
        write_bytes: 0,
        samples: { samples: 2, cpu_percent_mean: 75, cpu_percent_max: 100, memory_bytes_mean: 1500 },
      },
      metrics: [
        { name: 'it_total', doc: 'doc of it_total', type: 'counter', value: 30 },
        { name: 'sys_g', type: 'gauge', value: 7 },
      ],
    });
    expect(profile.body.summary.wall_s).toBeGreaterThanOrEqual(0);
    expect((await ask(api.url, '/profiles')).body).toEqual([
      expect.objectContaining({ jobid: id, command: './solve -n 4', size: 4, partition: 'lab', nodelist: 'n1' }),
    ]);
    expect((await ask(api.url, `/job/?job=${id}`)).status).toBe(400);
  });

  it('is not profiled when it never ran', async () => {
    const { id } = (await post(api.url, '/api/v1/jobs', { queue: 'lab', command: 'x' })).body as { id: string };
    await post(api.url, `/api/v1/jobs/${id}/cancel`, {});
    expect((await ask(api.url, `/api/v1/profiles/${id}`)).status).toBe(404);
  });

  it('whose replica died before it wrote the profile gets it all the same', async () => {
    const id = await ran('./late', 1, { exit: 3 });
    const profiles = api.app.get(ProfilesService);
    await profiles.settle();
    await api.core.store.sql.run('DELETE FROM profile WHERE jobid = $1', [id]);
    expect(await profiles.recover()).toBe(1);
    expect((await ask(api.url, `/api/v1/profiles/${id}`)).body).toMatchObject({
      outcome: 'failed',
      cause: 'exit_code',
      exit_code: 3,
    });
    expect(await profiles.recover()).toBe(0);
  });
});

describe('profiles', () => {
  it('are listed newest first, by command, in pages', async () => {
    const ids = [await ran('./p', 1), await ran('./p', 2), await ran('./q', 3)];
    const page = (await ask(api.url, '/api/v1/profiles?command=./p&limit=1')).body;
    expect(page.profiles.map((one: { job: string }) => one.job)).toEqual([ids[1]]);
    const next = (await ask(api.url, `/api/v1/profiles?command=./p&limit=1&cursor=${page.next}`)).body;
    expect([next.profiles.map((one: { job: string }) => one.job), next.next]).toEqual([[ids[0]], null]);
    expect((await ask(api.url, '/api/v1/profiles?queue=lab')).body.profiles[0].job).toBe(ids[2]);
  });

  it('are compared figure by figure, with one other or with the median of the last of their command', async () => {
    const [a, b, c] = [
      await ran('./cmp', 10, { cpu: 1 }),
      await ran('./cmp', 30, { cpu: 3 }),
      await ran('./cmp', 40, { cpu: 4 }),
    ];
    const two = (await ask(api.url, `/api/v1/profiles/compare?job=${c}&with=${a}`)).body;
    const figure = (of: { figures: { name: string }[] }, name: string): object | undefined =>
      of.figures.find((one) => one.name === name);
    expect([two.with, figure(two, 'it_total'), figure(two, 'cpu_seconds')]).toEqual([
      [a],
      { name: 'it_total', with: 10, job: 40, ratio: 4 },
      { name: 'cpu_seconds', with: 2, job: 8, ratio: 4 },
    ]);
    const median = (await ask(api.url, `/api/v1/profiles/compare?job=${c}&last=5`)).body;
    expect([median.with, figure(median, 'it_total')]).toEqual([
      [b, a],
      { name: 'it_total', with: 20, job: 40, ratio: 2 },
    ]);
    expect((await ask(api.url, '/api/v1/profiles/compare?job=nope')).status).toBe(404);
    expect((await ask(api.url, '/api/v1/profiles/compare')).status).toBe(422);
  });

  it('can be deleted', async () => {
    const id = await ran('./gone', 1);
    expect((await ask(api.url, `/api/v1/profiles/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(api.url, `/api/v1/profiles/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await ask(api.url, `/get?jobid=${id}`)).status).toBe(400);
  });
});
