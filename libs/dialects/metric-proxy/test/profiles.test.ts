import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { ask, FakeNode, jobDesc } from '../../../../test/support/fake-node.js';
import { countersOf, level } from './client.js';

let api: TestApi;
let node: FakeNode;
let other: FakeNode;
beforeAll(async () => {
  api = await startApi({ env: { METRIC_PROXY_SYSTEM: 'off', METRIC_PROXY_NODE: 'n1' }, passive: true });
  node = await FakeNode.register(api.url, 'n1');
  other = await FakeNode.register(api.url, 'n2');
});
afterAll(() => api.close());

describe('without a finished job', () => {
  it.each([
    ['/profiles', '[]'],
    ['/profiles/', '[]'],
    ['/percmd', '{}'],
    ['/profiles/percmd', '{}'],
    ['/percmd/', '{}'],
  ])('%s is %s', async (path, text) => {
    expect(await ask(api.url, path)).toMatchObject({ status: 200, text, type: 'application/json; charset=utf-8' });
  });
  it.each([
    ['/get', 'A GET parameter jobid must be passed'],
    ['/profiles/get', 'A GET parameter jobid must be passed'],
    ['/get?job=x', 'A GET parameter jobid must be passed'],
    ['/get?jobid=nope', 'Failed to get nope'],
    ['/profiles/get?jobid=nope', 'Failed to get nope'],
    ['/profiles/nope', '/profiles/nope'],
    ['/profiles/points', 'A GET parameter for a reference jobid must be passed'],
    ['/profiles/extrap?jobid=nope', 'No such jobid'],
  ])('%s is refused', async (path, operation) =>
    expect(await ask(api.url, path)).toMatchObject({ status: 400, body: { operation, success: false } }),
  );
});

describe('a job with programs on two nodes', () => {
  it('stays listed until the last of them leaves, and is then one profile with the right totals', async () => {
    await node.system({ sys_g: 4 });
    await node.job(
      'test1',
      { it: 12, res_g: 3 },
      { desc: jobDesc('test1', { command: './command_b ', size: 2, start_time: 1_700_000_100 }) },
    );
    await other.job(
      'test1',
      { it: 10 },
      { desc: jobDesc('test1', { command: './late ', nodelist: 'n[1-2]', start_time: 1_700_000_000 }) },
    );
    await other.job('test1', { it: 11 }, { live: false });
    expect((await ask(api.url, '/profiles')).text).toBe('[]');
    expect(countersOf((await ask(api.url, '/job/?job=test1')).body)).toEqual({
      it: 23,
      res_g: level(3),
      sys_g: level(4),
    });
    const before = Math.floor(Date.now() / 1000);
    await node.job('test1', { it: 14, res_g: 5 }, { live: false });
    const [desc, ...more] = (await ask(api.url, '/profiles')).body;
    expect(more).toEqual([]);
    expect(Object.keys(desc)).toEqual([
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
    expect(desc).toEqual({
      ...jobDesc('test1'),
      command: './command_b ',
      size: 2,
      nodelist: 'n[1-2]',
      start_time: 1_700_000_000,
      end_time: desc.end_time,
    });
    expect(desc.end_time).toBeGreaterThanOrEqual(before);
    for (const path of ['/get?jobid=test1', '/profiles/get?jobid=test1', '/profiles/get/?jobid=test1']) {
      const profile = (await ask(api.url, path)).body;
      expect(profile.desc).toEqual(desc);
      expect(countersOf(profile)).toEqual({ it: 25, res_g: level(5), sys_g: level(4) });
    }
  });

  it('is then no longer listed, and its alarms are gone', async () => {
    for (const path of ['/job/?job=test1', '/metrics/?job=test1']) expect((await ask(api.url, path)).status).toBe(400);
    expect((await ask(api.url, '/alarms/list')).body).toEqual({ main: [], 'Node: n1': [], 'Node: n2': [] });
  });

  it('keeps its part in the sums, also when it runs again and replaces its profile', async () => {
    expect(countersOf((await ask(api.url, '/job/?job=main')).body)).toEqual({
      it: 25,
      res_g: level(5),
      sys_g: level(4),
    });
    expect(countersOf((await ask(api.url, '/job/?job=Node:+n1')).body)).toEqual({
      it: 14,
      res_g: level(5),
      sys_g: level(4),
    });
    node.restart();
    await node.job('test1', { it: 2, res_g: 9 }, { desc: jobDesc('test1', { command: './command_b ' }) });
    expect(countersOf((await ask(api.url, '/job/?job=test1')).body)).toEqual({
      it: 2,
      res_g: level(9),
      sys_g: level(4),
    });
    expect(countersOf((await ask(api.url, '/job/?job=main')).body)).toEqual({
      it: 27,
      res_g: level(9),
      sys_g: level(4),
    });
    await node.job('test1', { it: 2, res_g: 9 }, { live: false });
    expect((await ask(api.url, '/profiles')).body).toHaveLength(1);
    expect(countersOf((await ask(api.url, '/get?jobid=test1')).body)).toMatchObject({ it: 2 });
    expect(countersOf((await ask(api.url, '/job/?job=main')).body)).toMatchObject({ it: 27 });
  });

  it('is found under its command to the byte', async () => {
    await node.job(
      'weird/../id with blank',
      { it: 1 },
      { desc: jobDesc('weird/../id with blank', { command: './command_b', size: 4, start_time: 0 }) },
    );
    await node.job('weird/../id with blank', { it: 1 }, { live: false });
    const byCommand = (await ask(api.url, '/percmd')).body;
    expect(Object.keys(byCommand)).toEqual(['./command_b ', './command_b']);
    expect((await ask(api.url, '/profiles/percmd')).body).toEqual(byCommand);
    expect((await ask(api.url, `/get?jobid=${encodeURIComponent('weird/../id with blank')}`)).body.desc.command).toBe(
      './command_b',
    );
  });

  it('gives points over the sizes of its command', async () => {
    await node.job(
      'test3',
      { it: 50, never_g: null },
      { desc: jobDesc('test3', { command: './command_b ', size: 8 }) },
    );
    await node.job('test3', { it: 50 }, { live: false });
    const points = (await ask(api.url, '/profiles/points?jobid=test1')).body;
    expect(points).toMatchObject({
      it: [
        [1, 2],
        [8, 50],
      ],
      res_g: [[1, 9]],
    });
    expect(points.walltime).toHaveLength(2);
    expect(points).not.toHaveProperty('never_g');
    const lines = (await ask(api.url, '/profiles/extrap?jobid=test1')).text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toContainEqual({ params: { size: 8 }, metric: 'it', callpath: './command_b ', value: 50 });
  });
});

describe('a client without a job id, main and nodes', () => {
  it('never become profiles', async () => {
    await node.job('', { free: 1 });
    await node.job('main', { free: 2 }, { desc: jobDesc('main') });
    await node.job('Node: x', { free: 3 }, { desc: jobDesc('Node: x') });
    for (const job of ['', 'main', 'Node: x']) await node.job(job, { free: 3 }, { live: false });
    expect((await ask(api.url, '/profiles')).body.map((desc: { jobid: string }) => desc.jobid)).not.toContain('main');
  });
});

describe('a job whose worker is lost', () => {
  it('ends as a profile', async () => {
    await other.job('lost', { it: 1 }, { desc: jobDesc('lost') });
    await api.core.store.sql.run(`UPDATE agent SET state = 'offline' WHERE id = $1`, [other.agentId]);
    const { CountersService } = await import('@drover/metrics');
    await api.app.get(CountersService).tend();
    await expectEventually(async () => (await ask(api.url, '/get?jobid=lost')).status === 200);
    expect((await ask(api.url, '/job/?job=lost')).status).toBe(400);
  });
});
