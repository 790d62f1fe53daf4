import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent } from '../../../../test/support/agent.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { HookServer } from '../../../../test/support/hook-server.js';
import { MailServer } from '../../../../test/support/mail-server.js';
import { freePorts } from '../../../../test/support/ports.js';
import { Client, TASK } from './client.js';

let api: TestApi;
let client: Client;
let hooks: HookServer;
let mails: MailServer;
let agent: Awaited<ReturnType<typeof scriptedAgent>>;

beforeAll(async () => {
  [hooks, mails] = await Promise.all([HookServer.start(), MailServer.start({ user: 'lane', password: 'secret' })]);
  api = await startApi({
    env: {
      DROVER_FASTLANE_EXECUTOR: 'process',
      DROVER_WEBHOOK_NETWORKS: 'loopback',
      WEBHOOKS_EXPONENTIAL_BACKOFF_MIN_MS: '300',
      EXPONENTIAL_BACKOFF_MIN_MS: '100',
      SERVER_NAME: 'lane.example',
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mails.port),
      SMTP_FROM: 'lane@example.org',
      SMTP_USER: 'lane',
      SMTP_PASSWORD: 'secret',
    },
  });
  client = new Client(api.url);
  agent = await scriptedAgent(api.core);
});
afterAll(async () => {
  await api?.close();
  await Promise.all([hooks?.stop(), mails?.stop()]);
});

const all = (path: string, more: object = {}) =>
  Object.fromEntries(
    ['succeeds', 'fails', 'finishes'].map((event) => [event, [{ url: hooks.url(`${path}/${event}`), ...more }]]),
  );
const counts = (path: string): number[] =>
  ['succeeds', 'fails', 'finishes'].map((event) => hooks.at(`${path}/${event}`).length);
const become = (path: string, wanted: number[]): Promise<void> =>
  expectEventually(() => expect(counts(path)).toEqual(wanted), { withinMs: 15_000, what: `Webhooks to ${path}` });

async function run(
  executionId: string,
  result: Parameters<Awaited<ReturnType<typeof agent.claim>>['ended']>[0] = {},
): Promise<void> {
  const execution = await expectEventually(() => agent.claim(executionId), {
    withinMs: 10_000,
    what: `A claim of ${executionId}`,
  });
  await execution.started();
  await execution.write('out\n');
  await execution.ended(result);
}

describe('webhooks', () => {
  it('tell every failed attempt of a retried job, once as failed and once as finished', async () => {
    const { path } = await client.enqueue('retried', { ...TASK, retries: 2, webhooks: all('/retried') });
    const seen = new Set<string>();
    for (let attempt = 1; attempt <= 3; attempt++) {
      const next = await expectEventually(async () => {
        const [last] = (await client.job(path)).executions;
        if (!last || seen.has(last.executionId)) throw new Error(`there are ${seen.size} executions`);
        return last.executionId;
      });
      seen.add(next);
      await run(next, { exit_code: 7 });
    }
    expect((await client.job(path)).executionCount).toBe(3);
    await become('/retried', [0, 3, 3]);
    expect((await client.job(path)).metadata.retry_count).toBe(2);
  });

  it('carry the execution, the job, and what the client gave along', async () => {
    const { path, jobId, executionId } = await client.enqueue('payload', {
      ...TASK,
      envs: { MY_SECRET: 'sesame' },
      metadata: { user: 'h' },
      webhooks: {
        succeeds: [
          {
            url: hooks.url('/payload'),
            headers: { 'X-Mine': 'yes', 'Content-Type': 'application/vnd.x+json', Host: 'other.example' },
            secret: 'key',
            method: 'GET',
          },
          { headers: {} },
        ],
      },
    });
    await run(executionId ?? '');
    await expectEventually(() => expect(hooks.at('/payload')).toHaveLength(1));
    const [told] = hooks.at('/payload');
    expect(told?.json).toEqual({
      executionId,
      job_id: jobId,
      taskId: 'payload',
      status: 'done',
      exitCode: 0,
      log: 'out\n',
      error: '',
      image: TASK.image,
      command: TASK.command,
      requestIPAddress: '127.0.0.1',
      createdAt: expect.any(String),
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      metadata: { custom: { user: 'h' }, container_id: expect.any(String), docker_host: 'scripted', docker_port: 2375 },
    });
    expect(told?.headers).toMatchObject({
      'x-mine': 'yes',
      'content-type': 'application/vnd.x+json',
      'x-drover-signature': `sha256=${createHmac('sha256', 'key')
        .update(told?.text ?? '')
        .digest('hex')}`,
    });
    expect(told?.headers.host).not.toBe('other.example');
    const [execution] = (await client.job(path)).executions;
    await expectEventually(async () =>
      expect((await client.job(path)).executions[0]?.metadata['webhookDispatch']).toEqual([
        expect.objectContaining({
          url: hooks.url('/payload'),
          statusCode: 200,
          body: 'answer 200',
          headers: expect.objectContaining({ 'x-answer': '***' }),
          timestamp: expect.any(String),
        }),
      ]),
    );
    expect(JSON.stringify(execution)).not.toContain('sesame');
  });

  it('of timed out, expired and stopped executions are told as finished only', async () => {
    const timedout = await client.enqueue('timedout', { ...TASK, webhooks: all('/timedout') });
    await run(timedout.executionId ?? '', { ok: false, cause: 'timeout', signal: 'SIGTERM' });
    await client.enqueue('expired', { ...TASK, expiration: 1_500_000_000, webhooks: all('/expired') });
    const stopped = await client.enqueue('stopped', { ...TASK, webhooks: all('/stopped') });
    await client.ask('POST', `${stopped.path}/stop`);
    for (const path of ['/timedout', '/expired', '/stopped']) await become(path, [0, 0, 1]);
    expect(hooks.at('/expired/finishes')[0]?.json).toMatchObject({
      status: 'expired',
      exitCode: null,
      metadata: { custom: {} },
    });
  });

  it('that fail are tried again with longer waits, and the last three tries are shown without values of headers', async () => {
    hooks.statuses = [500, 404];
    const { path, executionId } = await client.enqueue('twice', {
      ...TASK,
      webhooks: { finishes: [{ url: hooks.url('/twice'), retries: 2, headers: { authorization: 'Bearer sesame' } }] },
    });
    await run(executionId ?? '');
    const dispatch = await expectEventually(async () => {
      const shown = (await client.job(path)).executions[0]?.metadata['webhookDispatch'] as {
        statusCode: number;
        error?: string;
        headers: object;
        body: string;
      }[];
      expect(shown).toHaveLength(3);
      return shown;
    });
    expect(dispatch.map(({ statusCode }) => statusCode)).toEqual([500, 404, 200]);
    expect(dispatch[0]).toMatchObject({
      error: 'The target answered 500.',
      headers: { authorization: '***' },
      body: expect.stringContaining(executionId ?? ''),
    });
    expect(JSON.stringify(dispatch)).not.toContain('sesame');
    const [first, second, third] = hooks.at('/twice').map(({ at }) => at) as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(290);
    expect(third - second).toBeGreaterThanOrEqual(590);
  });

  it('are given up after their retries', async () => {
    hooks.statuses = [500, 500];
    const { path, executionId } = await client.enqueue('given-up', {
      ...TASK,
      webhooks: { finishes: [{ url: hooks.url('/given-up'), retries: 1 }] },
    });
    await run(executionId ?? '');
    await expectEventually(async () =>
      expect((await client.get(`/api/v1/jobs/${executionId}/deliveries`)).json.deliveries).toMatchObject([
        { state: 'failed', tries: 2 },
      ]),
    );
    expect((await client.job(path)).executions[0]?.metadata['webhookDispatch']).toHaveLength(2);
  });

  it('reach a target that was down when they were due', async () => {
    const [port = 0] = await freePorts(1);
    const { executionId } = await client.enqueue('down', {
      ...TASK,
      webhooks: { succeeds: [{ url: `http://127.0.0.1:${port}/down`, retries: 10 }] },
    });
    await run(executionId ?? '');
    const deliveries = async () =>
      (await client.get(`/api/v1/jobs/${executionId}/deliveries`)).json.deliveries as {
        state: string;
        tries: number;
        log: { status: number | null }[];
      }[];
    await expectEventually(async () => expect((await deliveries())[0]?.log.length).toBeGreaterThanOrEqual(3));
    expect((await client.get('/status/')).json.queues.webhooks.length).toBe(1);
    const late = await HookServer.start(port);
    try {
      await expectEventually(async () => expect((await deliveries())[0]?.state).toBe('delivered'), {
        withinMs: 15_000,
      });
      expect(late.at('/down')).toHaveLength(1);
      expect((await deliveries())[0]?.log[0]?.status).toBeNull();
    } finally {
      await late.stop();
    }
  });
});

describe('mail', () => {
  it('tells people in the words of the original, with links, and nothing of a job as markup', async () => {
    const to = { succeeds: ['s@example.org'], fails: ['f@example.org'], finishes: ['e@example.org'] };
    const good = await client.enqueue('<b>mail<-b>', { image: 'busybox', command: 'echo <script>', notify: to });
    await run(good.executionId ?? '');
    const bad = await client.enqueue('mail', { ...TASK, notify: to });
    await run(bad.executionId ?? '', { exit_code: 3 });
    const stopped = await client.enqueue('mail', { ...TASK, notify: to });
    await client.ask('POST', `${stopped.path}/stop`);
    const subjects = await expectEventually(
      () => {
        expect(mails.received).toHaveLength(5);
        return mails.received.map(({ headers, to: [address] }) => `${address} ${headers['subject']}`).toSorted();
      },
      { withinMs: 15_000 },
    );
    expect(subjects).toEqual(
      [
        `e@example.org [Fastlane] Job <b>mail<-b>/${good.jobId} finished with exit code 0!`,
        `e@example.org [Fastlane] Job mail/${bad.jobId} finished with exit code 3!`,
        `e@example.org [Fastlane] Job mail/${stopped.jobId} finished with status stopped!`,
        `f@example.org [Fastlane] Job mail/${bad.jobId} failed with exit code 3!`,
        `s@example.org [Fastlane] Job <b>mail<-b>/${good.jobId} succeeded!`,
      ].toSorted(),
    );
    const mail = mails.received.find(({ to: [address] }) => address === 's@example.org');
    const raw = (mail?.raw ?? '').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(mail?.from).toBe('lane@example.org');
    expect(raw).toContain('Content-Type: multipart/alternative');
    expect(raw).toContain(`http://lane.example/tasks/${encodeURIComponent('<b>mail<-b>')}`);
    const html = raw.slice(raw.indexOf('<html>'));
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script>');
  });

  it('is not even tried without a mail server', async () => {
    const plain = await startApi({ env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
    try {
      const other = new Client(plain.url);
      const { path, executionId } = await other.enqueue('x', { ...TASK, notify: { finishes: ['a@example.org'] } });
      await other.ask('POST', `${path}/stop`);
      await other.lastIs(path, 'stopped');
      expect((await other.get(`/api/v1/jobs/${executionId}/deliveries`)).json.deliveries).toEqual([]);
    } finally {
      await plain.close();
    }
  });
});
