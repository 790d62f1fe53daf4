import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CountersService, descOfJob } from '@drover/metrics';
import { ProfilesService } from '@drover/profiles';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { ask, FakeNode, jobDesc, post } from '../support/fake-node.js';

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
      { name: 'it_total', with: 10, job: 40, ratio: 4, low: 10, high: 30, unit: null, better: null },
      { name: 'cpu_seconds', with: 2, job: 8, ratio: 4, low: 2, high: 6, unit: 'seconds', better: 'less' },
    ]);
    expect([two.other.job, two.runs]).toEqual([a, [b, a]]);
    const median = (await ask(api.url, `/api/v1/profiles/compare?job=${c}&last=5`)).body;
    expect([median.with, median.other, figure(median, 'it_total')]).toEqual([
      [b, a],
      null,
      { name: 'it_total', with: 20, job: 40, ratio: 2, low: 10, high: 30, unit: null, better: null },
    ]);
    expect((await ask(api.url, `/api/v1/profiles/compare?job=${c}&with=nope`)).status).toBe(404);
    expect((await ask(api.url, '/api/v1/profiles/compare?job=nope')).status).toBe(404);
    expect((await ask(api.url, '/api/v1/profiles/compare')).status).toBe(422);
  });

  it('show what was used over the time since the start, beside another run or the median of the last', async () => {
    const ids: string[] = [];
    for (const cpu of [10, 20, 60, 40]) {
      const id = await ran('./curve', 1);
      ids.push(id);
      await api.app.get(ProfilesService).settle();
      // A run of 3 s that ended now: a reading in the middle of each second.
      await api.core.store.sql.run(
        `UPDATE profile SET finished_at = date_trunc('second', now()), wall_s = 3,
           summary = summary || '{"wall_s":3}' WHERE jobid = $1`,
        [id],
      );
      await api.core.store.sql.run('DELETE FROM sample WHERE job_id = $1', [id]);
      await api.core.store.sql.run(
        `INSERT INTO sample (job_id, at, cpu_percent, memory_bytes, read_bytes)
         SELECT p.jobid::uuid, p.finished_at - (2.5 - n) * interval '1 second', $2::real * (n + 1), 1000, 50 * n
         FROM profile p, generate_series(0, 2) n WHERE p.jobid = $1::text`,
        [id, cpu],
      );
    }
    const [a, b, c, d] = ids;
    for (const [id, growth] of [
      [a, 5],
      [d, 20],
    ] as const) {
      await api.core.store.sql.run('DELETE FROM counter_reading WHERE job_id = $1', [id]);
      await api.core.store.sql.run(
        `INSERT INTO counter_reading (job_id, at, vals)
         SELECT p.jobid::uuid, p.finished_at - (2.5 - n) * interval '1 second',
           jsonb_build_object('c', jsonb_build_object('it_total', $2::int * n))
         FROM profile p, generate_series(0, 2) n WHERE p.jobid = $1::text`,
        [id, growth],
      );
    }
    const median = (await ask(api.url, `/api/v1/profiles/curves?job=${d}`)).body;
    expect([median.step_s, median.runs]).toEqual([1, [c, b, a]]);
    const curve = (of: { curves: { name: string }[] }, name: string): object | undefined =>
      of.curves.find((one) => one.name === name);
    expect(curve(median, 'cpu_percent')).toMatchObject({
      ...{ unit: 'percent', job: [40, 80, 120, null], with: [20, 40, 60, null] },
      ...{ low: [10, 20, 30, null], high: [60, 120, 180, null] },
    });
    expect(curve(median, 'read_bytes_per_second')).toMatchObject({ unit: 'bytes', job: [null, 50, 50, null] });
    expect(curve(median, 'gpu_percent')).toBeUndefined();
    const two = (await ask(api.url, `/api/v1/profiles/curves?job=${d}&with=${a}&last=2`)).body;
    expect([two.runs, curve(two, 'cpu_percent')]).toMatchObject([
      [c, b],
      { with: [10, 20, 30, null], low: [20, 40, 60, null] },
    ]);
    const pushed = (await ask(api.url, `/api/v1/profiles/curves?job=${d}&with=${a}`)).body;
    expect(curve(pushed, 'it_total')).toMatchObject({
      ...{ per_second: true, job: [null, 20, 20, null], with: [null, 5, 5, null] },
    });
    expect((await ask(api.url, `/api/v1/profiles/curves?job=${d}&with=nope`)).status).toBe(404);
    expect((await ask(api.url, `/api/v1/profiles/curves?job=${d}&last=21`)).status).toBe(422);
  });

  it('are found by owner, outcome, time of the end, and a part of the name or command, page by page', async () => {
    const ids = [await ran('./find 100%', 1), await ran('./find 100x', 1, { exit: 1 })];
    await api.app.get(ProfilesService).settle();
    await api.core.store.sql.run(
      `UPDATE profile SET owner = 'ada', name = 'Nightly_1', finished_at = now() - interval '2 days' WHERE jobid = $1`,
      [ids[0]],
    );
    const found = async (query: string): Promise<string[]> =>
      (await ask(api.url, `/api/v1/profiles?${query}`)).body.profiles.map((one: { job: string }) => one.job);
    expect(await found('q=FIND')).toEqual([ids[1], ids[0]]);
    expect(await found('q=100%25')).toEqual([ids[0]]);
    expect(await found('q=nightly_')).toEqual([ids[0]]);
    expect(await found('owner=ada')).toEqual([ids[0]]);
    expect(await found('outcome=failed&q=find')).toEqual([ids[1]]);
    expect(await found('finished_before=1d')).toEqual([ids[0]]);
    expect(await found('finished_after=1h&q=find')).toEqual([ids[1]]);
    const page = (await ask(api.url, '/api/v1/profiles?q=find&limit=1')).body;
    expect(await found(`q=find&limit=1&cursor=${page.next}`)).toEqual([ids[0]]);
    for (const bad of ['finished_after=soon', 'finished_after=1h&finished_before=2h', 'q=', 'owner='])
      expect((await ask(api.url, `/api/v1/profiles?${bad}`)).status, bad).toBe(422);
  });

  it('are no search of more time than it has', async () => {
    const { store } = api.core;
    await store.sql.run(
      `INSERT INTO profile (jobid, command, description, finished_at)
       SELECT 'long ' || n, repeat(md5(n::text), 600), '{}', now() - interval '2 days' FROM generate_series(1, 2000) n`,
    );
    const counters = api.app.get(CountersService);
    const hurried = new ProfilesService(store, counters, descOfJob, { warn: () => undefined }, { searchMs: 20 });
    await expect(hurried.list({ q: 'nowhere' }, 10)).rejects.toMatchObject({
      code: 'invalid',
      details: { faults: [expect.objectContaining({ field: 'q' })] },
    });
    expect((await hurried.list({}, 10)).profiles).toHaveLength(10);
    await store.sql.run(`DELETE FROM profile WHERE jobid LIKE 'long %'`);
  });

  it('of a program that says a start that is no time are listed', async () => {
    await node.job('ageless', { it_total: 1 }, { desc: jobDesc('ageless', { start_time: 1e300 }) });
    await node.job('ageless', { it_total: 1 }, { live: false });
    const profile = await ask(api.url, '/api/v1/profiles/ageless');
    expect([profile.status, profile.body.started_at]).toEqual([200, null]);
    expect((await ask(api.url, '/api/v1/profiles')).status).toBe(200);
  });

  it('can be deleted', async () => {
    const id = await ran('./gone', 1);
    expect((await ask(api.url, `/api/v1/profiles/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ask(api.url, `/api/v1/profiles/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await ask(api.url, `/get?jobid=${id}`)).status).toBe(400);
  });
});
