import { afterEach, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, FakeNode, jobDesc, post } from '../../../../test/support/fake-node.js';

let api: TestApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/**
 * The requests which the original's own pages make of a server, as they were recorded of a browser (jobs, job_view,
 * alarms, profiles, topology; of the version the document belongs to and of the newest one), in their order, and what
 * the pages read out of each answer.
 */
it.each(['seed', 'head'])('has what the pages of the original ask for, in the dialect %s', async (dialect) => {
  api = await startApi({
    env: {
      METRIC_PROXY_SYSTEM: 'off',
      METRIC_PROXY_NODE: 'vm',
      METRIC_PROXY_DIALECT: dialect,
      DROVER_ALARM_PERIOD: '0.2',
    },
  });
  const { url } = api;
  const got = async (path: string): Promise<any> => {
    // eslint-disable-line @typescript-eslint/no-explicit-any -- bodies of five pages
    const answer = await ask(url, path);
    expect(answer, path).toMatchObject({ status: 200, type: expect.stringContaining('json') as string });
    return answer.body;
  };
  const node = await FakeNode.register(url, 'vm');
  await node.system({ load_percent: 20 });
  await node.job('test1', { calls: 7 }, { desc: jobDesc('test1') });

  // jobs.html
  const listed = (await got('/job/list')) as Record<string, unknown>[];
  expect(listed.map((job) => job['jobid'])).toEqual(expect.arrayContaining(['main', 'Node: vm', 'test1']));
  for (const job of listed)
    expect(Object.keys(job)).toEqual([
      'jobid',
      'command',
      'size',
      'nodelist',
      'partition',
      'cluster',
      'run_dir',
      'start_time',
      'end_time',
    ]);

  // job_view.html?job=main
  const view = await got('/job?job=main');
  expect(view.desc.jobid).toBe('main');
  expect(view.counters.map((counter: { name: string }) => counter.name)).toEqual(
    expect.arrayContaining(['calls', 'load_percent']),
  );

  // alarms.html: its lists, an alarm made, seen raised, deleted
  expect((await got('/job')).map((job: { desc: { jobid: string } }) => job.desc.jobid)).toEqual(
    expect.arrayContaining(['main', 'test1']),
  );
  expect(await got('/alarms/')).toMatchObject({ main: [] });
  expect(await got('/alarms/list')).toMatchObject({ main: [] });
  const alarm = { name: 'busy', target: 'main', metric: 'load_percent', operation: '>', value: 10 };
  expect(await post(url, '/alarms/add', alarm)).toMatchObject({ status: 200, body: { success: true } });
  await expectEventually(async () =>
    expect((await got('/alarms/')).main).toMatchObject([{ name: 'busy', active: true }]),
  );
  expect((await got('/alarms/list')).main).toHaveLength(1);
  expect(await post(url, '/alarms/del', { target: 'main', name: 'busy' })).toMatchObject({
    status: 200,
    body: { success: true },
  });
  expect((await got('/alarms/list')).main).toEqual([]);

  // profiles.html, and a profile in job_view.html
  await node.job('test1', { calls: 7 }, { live: false });
  await expectEventually(async () =>
    expect(
      Object.values((await got('/profiles/percmd')) as Record<string, { jobid: string }[]>)
        .flat()
        .map((one) => one.jobid),
    ).toContain('test1'),
  );
  const profile = await got('/profiles/get?jobid=test1');
  expect(profile.desc.jobid).toBe('test1');
  expect(profile.counters.find((counter: { name: string }) => counter.name === 'calls').ctype.Counter.value).toBe(7);

  // topology.html
  expect(JSON.stringify(await got('/topo'))).toContain('vm');
  expect(await got('/join/list')).toMatchObject([{ target_url: '/system', ttype: 'System' }]);
});
