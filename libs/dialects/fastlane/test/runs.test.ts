import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Stack } from '../../../../test/support/stack.js';
import { Client, spellings } from './client.js';

const IMAGE = 'busybox:latest';
const GONE = { error: 'Execution stopped on request.', status: 'failed' };

let stack: Stack;
let client: Client;

beforeAll(async () => {
  stack = await Stack.start({ workers: [{ slots: 8 }], env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
  client = new Client(stack.url);
});
afterAll(() => stack?.stop());

const run = (task: string, command: string, more: Record<string, unknown> = {}) =>
  client.enqueue(task, { image: IMAGE, command, ...more });

describe('an execution', () => {
  it.each([
    [`echo 'it works'`, { status: 'done', log: 'it works\n', error: '', exitCode: 0 }],
    [`bash -c 'echo "it failed" && exit 123'`, { status: 'failed', log: 'it failed\n', error: '', exitCode: 123 }],
    [
      `bash -c 'qwe'`,
      { status: 'failed', log: '', error: expect.stringMatching(/qwe: command not found\n$/), exitCode: 127 },
    ],
    [
      'no-such-program',
      { status: 'failed', log: '', error: expect.stringContaining('Command not found'), exitCode: null },
    ],
    [`sh -c 'kill -9 $$'`, { status: 'failed', log: '', error: '', exitCode: 137 }],
  ])('%s ends as it should', async (command, expected) => {
    const { path } = await run('ends', command);
    const last = await client.lastIs(path, expected.status);
    expect(last).toMatchObject({
      ...expected,
      image: IMAGE,
      command,
      createdAt: expect.any(String),
      finishedAt: expect.any(String),
    });
    if (expected.exitCode !== null)
      expect(last.metadata).toEqual({ container_id: expect.any(String), docker_host: 'node-1', docker_port: 2375 });
  });

  it('shows logs, both streams and the exit code by every spelling of the path', async () => {
    const { path, executionId } = await run('logs', `sh -c 'echo out; echo err >&2; exit 3'`);
    await client.lastIs(path, 'failed');
    for (const at of [path, `${path}/executions/${executionId}`]) {
      for (const [part, text] of [
        ['stdout', 'out\n'],
        ['stderr', 'err\n'],
        ['logs', 'out\n\n-=-\nerr\n'],
      ] as const) {
        for (const spelled of spellings(`${at}/${part}`)) {
          const answer = await client.get(spelled);
          expect([spelled, answer.status, answer.text, answer.headers.get('fastlane-exit-code')]).toEqual([
            spelled,
            200,
            text,
            '3',
          ]);
          expect([answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual([
            'text/plain; charset=utf-8',
            'nosniff',
          ]);
        }
      }
      for (const spelled of spellings(`${path}/executions/${executionId}`))
        expect((await client.get(spelled)).json.execution.executionId).toBe(executionId);
    }
    const nobody = await client.get(`${path}/executions/nobody/logs`);
    expect([nobody.status, nobody.json.error]).toEqual([400, 'No executions found in job with specified arguments.']);
    const missing = await client.get(`${path}/executions/nobody`);
    expect([missing.status, missing.json.error]).toEqual([
      404,
      `Job Execution (nobody) not found in job (${path.split('/').at(-1)}).`,
    ]);
  });

  it('has empty logs and no exit code while it runs, and a separator even when one stream is empty', async () => {
    const { path } = await run('running-logs', `sh -c 'echo hi; sleep 2'`);
    const running = await client.lastIs(path, 'running');
    expect(running).toMatchObject({
      log: null,
      error: null,
      exitCode: null,
      finishedAt: null,
      startedAt: expect.any(String),
    });
    for (const part of ['stdout', 'stderr', 'logs']) {
      const answer = await client.get(`${path}/${part}/`);
      expect([answer.status, answer.text, answer.headers.get('fastlane-exit-code')]).toEqual([200, '', 'None']);
    }
    await client.lastIs(path, 'done');
    expect((await client.get(`${path}/logs`)).text).toBe('hi\n\n-=-\n');
  });

  it('has its environment, whose secrets are shown to nobody', async () => {
    const { path, executionId } = await run('secrets', `sh -c 'echo "$MY_PASSWORD $PLAIN"'`, {
      envs: { MY_PASSWORD: 'open sesame', PLAIN: 'x' },
    });
    expect((await client.lastIs(path, 'done')).log).toBe('open sesame x\n');
    expect((await client.job(path)).metadata['envs']).toEqual({ MY_PASSWORD: '***', PLAIN: 'x' });
    const native = await client.get(`/api/v1/jobs/${executionId}`);
    expect(native.json.env).toEqual({ MY_PASSWORD: '***', PLAIN: 'x' });
    expect(native.text).not.toContain('sesame');
  });

  it('is seen through the native API as a job of its own', async () => {
    const { path, executionId } = await run('native', 'true', { metadata: { who: 'me' } });
    await client.lastIs(path, 'done');
    expect((await client.get(`/api/v1/jobs/${executionId}`)).json).toMatchObject({
      dialect: 'fastlane',
      state: 'succeeded',
      name: path.replace('/tasks/', '').replace('/jobs', ''),
      metadata: { who: 'me' },
      exit_code: 0,
    });
  });

  it('is timed out within a second of its time, with its output and one kind of notice', async () => {
    const { path } = await run('timeout', `sh -c 'echo begun; sleep 60'`, { timeout: 2, retries: 2 });
    const last = await client.lastIs(path, 'timedout', 10_000);
    expect(last).toMatchObject({ log: 'begun\n', error: 'Job execution timed out after 2 seconds.' });
    expect(Date.parse(`${last.finishedAt}Z`) - Date.parse(`${last.startedAt}Z`)).toBeLessThan(4_000);
    expect((await client.job(path)).executionCount).toBe(1);
  });

  it('that comes too late is expired and never starts', async () => {
    const { path } = await run('expired', 'echo never', { expiration: 1_500_000_000 });
    const last = await client.lastIs(path, 'expired');
    expect(last).toMatchObject({
      startedAt: null,
      exitCode: null,
      log: '',
      error: expect.stringMatching(/^Job was to be done before 2017-07-14T02:40:00.000Z, but was started at /),
    });
    expect(last.finishedAt).not.toBeNull();
  });
});

describe('a schedule', () => {
  it('starts at a time, or after one', async () => {
    for (const when of [
      { startAt: Math.floor(Date.now() / 1000) },
      { startIn: '1s' },
      { startAt: String(Math.floor(Date.now() / 1000) + 1) },
    ]) {
      const { path, executionId } = await run('later', 'echo later', when);
      expect(executionId).toBeNull();
      const last = await client.lastIs(path, 'done', 10_000);
      expect(last).toMatchObject({ log: 'later\n', requestIPAddress: null });
      expect((await client.job(path)).scheduled).toBe(false);
    }
  });

  it('has no execution before its time, and can be stopped before it', async () => {
    const { path, queueJobId } = await run('much-later', 'echo later', { startIn: '1h' });
    expect((await client.job(path)).executionCount).toBe(0);
    const logs = await client.get(`${path}/stdout/`);
    expect([logs.status, logs.json.error]).toEqual([400, `No executions found in job (${path.split('/').at(-1)}).`]);
    const retry = await client.ask('POST', `${path}/retry`);
    expect([retry.status, retry.json]).toEqual([400, { error: 'No execution yet to retry.', operation: 'retry_job' }]);
    expect((await client.get('/status/')).json.queues.scheduled).toMatchObject({
      length: 1,
      nextTimeStamp: expect.any(Number),
    });
    expect((await client.get(`/api/v1/jobs/${queueJobId}`)).json.state).toBe('scheduled');
    for (let twice = 0; twice < 2; twice++) {
      const stop = await client.ask('POST', `${path}/stop/`);
      expect([stop.status, stop.json.jobUrl]).toEqual([200, stack.url + path]);
    }
    const none = await client.ask('POST', `${path}/retry`);
    expect([none.status, none.json.error]).toEqual([400, 'No execution yet to retry.']);
    expect(await client.job(path)).toMatchObject({ executionCount: 0, scheduled: false, metadata: { retry_count: 1 } });
    expect((await client.get('/status/')).json.queues.scheduled.length).toBe(0);
  });

  it('is replaced by a PUT', async () => {
    const { path } = await run('replaced', 'echo old', { startIn: '5000s' });
    const put = await client.ask('PUT', path, { image: IMAGE, command: 'echo new', startIn: '2s' });
    expect(put.status).toBe(200);
    const last = await client.lastIs(path, 'done', 15_000);
    expect(last).toMatchObject({ log: 'new\n', command: 'echo new' });
    expect((await client.job(path)).executionCount).toBe(1);
  });

  it('repeats until it is stopped, and an execution stop does not stop it', async () => {
    // Six fields, the last one being seconds: every other second.
    const { path, executionId } = await run('cron', `sh -c 'echo tick; sleep 30'`, {
      cron: '* * * * * */2',
      envs: { MY_KEY: 'x' },
    });
    expect(executionId).toBeNull();
    const first = await client.lastIs(path, 'running', 15_000);
    expect(await client.job(path)).toMatchObject({ scheduled: true, metadata: { cron: '* * * * * */2' } });
    const { scheduled } = (await client.get('/status/')).json.jobs;
    expect(scheduled).toEqual([
      expect.objectContaining({
        url: stack.url + path,
        stopUrl: `${stack.url}${path}/stop/`,
        nextScheduledAt: expect.any(String),
        task: { id: 'cron', url: `${stack.url}/tasks/cron` },
        metadata: expect.objectContaining({ envs: { MY_KEY: '***' } }),
      }),
    ]);
    const refused = await client.ask('POST', `${path}/retry`);
    expect([refused.status, refused.json.error]).toEqual([400, "Can't retry a scheduled job."]);
    const stopped = await client.ask('POST', `${path}/executions/${first.executionId}/stop`);
    expect(stopped.json).toEqual({
      execution: { id: first.executionId, url: `${stack.url}${path}/executions/${first.executionId}/` },
      job: { id: path.split('/').at(-1), url: `${stack.url}${path}/` },
      task: { id: 'cron', url: `${stack.url}/tasks/cron/` },
    });
    expect((await client.get(`${path}/executions/${first.executionId}`)).json.execution).toMatchObject(GONE);
    const { executionCount } = await client.job(path);
    await expectEventually(async () => (await client.job(path)).executionCount > executionCount, {
      withinMs: 15_000,
      what: 'Another tick',
    });
    expect((await client.job(path)).scheduled).toBe(true);
    expect((await client.ask('POST', `${path}/stop/`)).status).toBe(200);
    expect((await client.job(path)).scheduled).toBe(false);
    const after = (await client.job(path)).executionCount;
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    expect((await client.job(path)).executionCount).toBe(after);
    for (const { executionId: id } of (await client.job(path)).executions)
      await client.ask('POST', `${path}/executions/${id}/stop`);
  }, 90_000);
});

describe('stopping', () => {
  it('ends the last execution as failed with its real exit code, and no retry follows', async () => {
    const { path } = await run('stopped', 'sleep 100', { retries: 3 });
    await client.lastIs(path, 'running');
    for (const spelled of spellings(`${path}/stop`)) expect((await client.ask('POST', spelled)).status).toBe(200);
    const job = await client.job(path);
    expect(job.executions[0]).toMatchObject({ ...GONE, exitCode: 143 });
    expect(job.metadata.retry_count).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect((await client.job(path)).executionCount).toBe(1);
  });

  it('ends an execution that was not started yet as stopped, and it never starts', async () => {
    await client.ask('POST', '/api/v1/queues/default/pause');
    const { path } = await run('not-started', 'echo never');
    expect((await client.ask('POST', `${path}/stop`)).status).toBe(200);
    await client.ask('POST', '/api/v1/queues/default/resume');
    expect((await client.job(path)).executions[0]).toMatchObject({
      status: 'stopped',
      error: 'Execution stopped on request.',
      exitCode: null,
      startedAt: null,
    });
  });
});

describe('retrying', () => {
  it('happens by itself, later each time, and each failed attempt counts', async () => {
    const { path } = await run('retries', `sh -c 'exit 7'`, { retries: 2 });
    const executions = await client.executionsAre(path, 3, 30_000);
    expect(executions.map((one) => [one.status, one.exitCode])).toEqual([
      ['failed', 7],
      ['failed', 7],
      ['failed', 7],
    ]);
    const [third, second, first] = executions.map((one) => ({
      from: Date.parse(`${one.startedAt}Z`),
      to: Date.parse(`${one.finishedAt}Z`),
    }));
    expect((second?.from ?? 0) - (first?.to ?? 0)).toBeGreaterThanOrEqual(1_990);
    expect((third?.from ?? 0) - (second?.to ?? 0)).toBeGreaterThanOrEqual(3_990);
    expect((await client.job(path)).metadata.retry_count).toBe(2);
  });

  it('by hand adds an execution; a running one ends as failed first', async () => {
    const failed = await run('by-hand', `sh -c 'exit 5'`);
    await client.lastIs(failed.path, 'failed');
    const answer = await client.ask('POST', `${failed.path}/retry/`);
    expect([answer.status, Object.keys(answer.json).sort()]).toEqual([200, ['jobId', 'jobUrl', 'taskId', 'taskUrl']]);
    expect((await client.executionsAre(failed.path, 2)).map((one) => one.exitCode)).toEqual([5, 5]);
    expect((await client.job(failed.path)).metadata.retry_count).toBe(0);

    const running = await run('by-hand', 'sleep 100');
    await client.lastIs(running.path, 'running');
    expect((await client.ask('POST', `${running.path}/retry`)).status).toBe(200);
    await expectEventually(async () => {
      const { executions } = await client.job(running.path);
      expect(executions.map((one) => one.status)).toEqual(['running', 'failed']);
    });
    await client.ask('POST', `${running.path}/stop`);
  });

  it('by hand is refused while an automatic retry waits', async () => {
    const { path } = await run('both', `sh -c 'exit 1'`, { retries: 5 });
    await expectEventually(async () => ((await client.job(path)).executionCount === 4 ? true : false), {
      withinMs: 30_000,
    });
    await expectEventually(async () => {
      const answer = await client.ask('POST', `${path}/retry`);
      expect([answer.status, answer.json?.error]).toEqual([400, "Can't retry a scheduled job."]);
    });
    await client.ask('POST', `${path}/stop`);
    expect((await client.job(path)).executions[0]).toMatchObject({ status: 'stopped' });
  }, 60_000);
});

describe('many executions', () => {
  it('are shown 20 at a time, newest first', async () => {
    const { path } = await run('many', 'true');
    for (let at = 1; at < 25; at++) {
      await client.lastIs(path, 'done');
      await client.ask('PUT', path, { image: IMAGE, command: `echo ${at}` });
    }
    await client.executionsAre(path, 25);
    const first = await client.job(path);
    expect(first.executionCount).toBe(25);
    expect(first.executions.map((one) => one.log)).toEqual(Array.from({ length: 20 }, (_, at) => `${24 - at}\n`));
    expect((await client.job(`${path}?page=2`)).executions.map((one) => one.log)).toEqual([
      '4\n',
      '3\n',
      '2\n',
      '1\n',
      '',
    ]);
    expect((await client.job(`${path}?page=3`)).executions).toEqual([]);
    const bad = await client.get(`${path}?page=0`);
    expect([bad.status, bad.json.operation]).toEqual([400, 'get_job']);
  }, 120_000);
});
