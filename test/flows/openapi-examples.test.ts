import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_KEY, mint } from '../access/support.js';
import { startApi } from '../support/api.js';
import { ExampleRunner, type Given, type Together } from '../support/example-runner.js';
import { expectEventually } from '../support/expect-eventually.js';
import { routesOfDocument, type Document, type Route } from '../support/openapi.js';
import { Stack } from '../support/stack.js';

/** The ids in the examples of the document. */
const JOB = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';
const BEFORE = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c44';
const LAB_JOB = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1b11';
const TASK_JOB = '4f20550e-36ff-4ba0-940b-d3210bb842dd';
const WRITES = 'mkdir -p out; echo "<report/>" > out/report.xml; echo hello; echo an error >&2';

const RULE = { queue: 'default', metric: 'job_cpu_percent', operator: '>', threshold: 400 };
const KEY = 'correct horse battery';
const BASIC = `Basic ${Buffer.from(`ci:${KEY}`).toString('base64')}`;

let stack: Stack;
let document: Document;
let runner: ExampleRunner;
let admin: string;
let exporting: Server;
let made = 0;

/** Sends a request that makes what an example needs. Fails unless it succeeds. */
async function send(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Given> {
  const answer = await stack.request(method, path, body, headers);
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as Given;
}
const byAdmin = (method: string, path: string, body?: unknown): Promise<Given> =>
  send(method, path, body, { authorization: `Bearer ${admin}` });

async function submit(job: Record<string, unknown>): Promise<string> {
  return (await send('POST', '/api/v1/jobs', { artifacts: ['out/**/*.xml'], ...job }))['id'] as string;
}
async function ended(id: string): Promise<string> {
  await expectEventually(async () => expect((await send('GET', `/api/v1/jobs/${id}`))['finished_at']).not.toBeNull(), {
    withinMs: 30_000,
    everyMs: 50,
    what: `The end of job ${id}`,
  });
  return id;
}
const waiting = async (): Promise<Given> => ({
  id: await submit({ command: 'true', start_at: '2040-01-01T00:00:00Z' }),
});
const over = async (): Promise<Given> => ({ id: await ended(await submit({ command: 'true' })) });
/** Some routes ask for a login although nobody has to log in. */
async function login({ path }: Route): Promise<Record<string, string>> {
  if (path === '/v1/oauth2/token') return { authorization: BASIC };
  if (path.startsWith('/v1/secrets')) {
    // A new key ends the tokens of before.
    await client();
    const { access_token } = await send('POST', '/v1/oauth2/token', undefined, { authorization: BASIC });
    return { authorization: `Bearer ${String(access_token)}` };
  }
  const isGuarded = /^\/v1\/(client-permissions|restricted-queues|oauth2\/revoke)/.test(path);
  return isGuarded ? { authorization: `Bearer ${admin}` } : {};
}

const name = (): string => `made-${(made += 1)}`;
const alarm = async (): Promise<Given> => ({
  id: (await send('POST', '/api/v1/alarms', { ...RULE, name: name() }))['id'],
});
const observed = async (): Promise<Given> => ({
  id: (await send('POST', '/v1/jobs', { id: name(), user: 'ada', nodes: ['node-1'] }))['id'],
});
const labJob = async (): Promise<Given> => ({
  job_id: (await send('POST', '/v1/job', { job_queue: 'myqueue', test_data: { test_cmds: 'true' } }))['job_id'],
});
const fluxJob = async (command: string): Promise<Given> => ({
  uid: (await send('POST', '/v1/jobs/submit', { command }))['id'],
});
const task = async (): Promise<Given> => {
  const { jobId, executionId } = await send('POST', '/tasks/demo', { image: 'busybox:latest', command: 'echo hello' });
  await ended(executionId as string);
  return { job: jobId, execution: executionId };
};
const target = async (): Promise<Given> => ({
  id: (await send('POST', '/api/v1/scrape-targets', { address: exporter(), keep: true }))['id'],
});
const declared = async (): Promise<Given> => {
  await send('GET', '/push?key=web_total&doc=d');
  return {};
};
const key = async (): Promise<Given> => ({ 'Idempotency-Key': name() });
const refresh = async (): Promise<Given> => {
  await client();
  const { refresh_token } = await send('POST', '/v1/oauth2/token', undefined, { authorization: BASIC });
  return { body: { refresh_token } };
};
const client = async (): Promise<Given> => {
  await byAdmin('PUT', '/v1/client-permissions/ci', { client_secret: KEY, role: 'contributor' });
  return {};
};
const restricted = async (): Promise<Given> => {
  await client();
  await byAdmin('POST', '/v1/restricted-queues/myqueue', { client_id: 'ci' });
  return {};
};

const exporter = (): string => `localhost:${(exporting.address() as AddressInfo).port}`;
const joined = async (): Promise<Given> => {
  await send('GET', `/join?to=${exporter()}`);
  return { target: exporter() };
};
const joining = async (): Promise<Given> => ({ to: exporter() });
const inTree = async (): Promise<Given> => {
  const [[parent]] = (await send('GET', '/topo')) as unknown as [[string]];
  await send('GET', '/pivot?from=localhost:9101');
  return { from: parent };
};
const execution = async (): Promise<Given> => {
  const { executions } = await send('GET', `/api/v1/jobs/${JOB}/executions`);
  const { id } = (executions as { id: string }[])[0] as { id: string };
  return { execution: id, 'Last-Event-ID': `${id}.l0` };
};
const bulk = async (): Promise<Given> => ({
  id: (await send('POST', '/api/v1/jobs/actions', { action: 'tag', tags: ['seen'], ids: [JOB] }))['id'],
});

const invitation = async (): Promise<Given> => send('POST', '/api/v1/nodes/invitations', {});
const enrolled = async (): Promise<Given> => {
  const { token } = await invitation();
  return { name: (await send('POST', '/api/v1/nodes/enrol', { token, name: name() }))['node'] };
};

/**
 * The objects that have to be there before the example of an operation runs. The function may give values in place of
 * the document's.
 */
const SEEDS: Record<string, () => Promise<Given>> = {
  endSilence: async () => ({
    id: (
      await send('POST', '/api/v1/alarms/silences', {
        matchers: [{ name: 'alertname', value: 'x' }],
        ends_at: '2040-01-01T00:00:00Z',
      })
    )['id'],
  }),
  listAlarmHistory: async () => ({ alarm: (await alarm())['id'] }),
  listAlarmFirings: async () => ({ alarm: (await alarm())['id'] }),
  getAlarm: alarm,
  // The name in the example is that of the alarm which the example before has made.
  replaceAlarm: async () => {
    const { alarms } = await send('GET', '/api/v1/alarms');
    return { id: (alarms as { id: string; name: string }[]).find((one) => one.name === 'too much memory')?.id };
  },
  deleteAlarm: alarm,
  revokeInvitation: async () => ({ id: (await invitation())['id'] }),
  enrolNode: async () => ({ body: { token: (await invitation())['token'], name: name() } }),
  revokeNode: enrolled,
  deleteProfile: async () => ({ job: (await over())['id'] }),
  createScrapeTarget: async () => ({ body: { address: exporter(), period_s: 5, keep: true } }),
  getScrapeTarget: target,
  deleteScrapeTarget: target,
  getBulkAction: bulk,
  cancelBulkAction: bulk,
  cancelJob: waiting,
  deleteJob: over,
  retryJob: over,
  submitJob: key,
  submitJobs: key,
  createBulkAction: key,
  getLogs: async () => ({ ...(await execution()), 'Last-Event-ID': '' }),
  verifyLogs: execution,
  getLogLines: execution,
  getLogIndex: execution,
  searchLogs: execution,
  fastlaneGetExecution: task,
  fastlaneRetryJob: task,
  fastlaneStopExecution: task,
  fastlaneGetExecutionStdout: task,
  fastlaneGetExecutionStderr: task,
  fastlaneGetExecutionLogs: task,
  fastlaneFollowExecution: task,
  fluxCancelJob: () => fluxJob('sleep 30'),
  fluxGetOutput: () => fluxJob('echo hello'),
  fluxFollowOutput: () => fluxJob('echo hello'),
  hpcCreateJob: async () => ({ body: { id: name(), user: 'ada', nodes: ['node-1'] } }),
  hpcUpdateJob: observed,
  hpcRecordSample: observed,
  hpcDeleteJob: observed,
  metricProxyAddAlarm: declared,
  metricProxyAddToCounter: declared,
  metricProxySetCounter: declared,
  metricProxyJoin: joining,
  metricProxyJoinMultiple: joining,
  metricProxyDisconnect: joined,
  metricProxyRemoveDeadChild: inTree,
  labSendAttachments: async () => ({
    job_id: (
      await send('POST', '/v1/job', { job_queue: 'myqueue', test_data: { attachments: [{ agent: 'a', device: 'b' }] } })
    )['job_id'],
  }),
  labGetJob: labJob,
  labCancelJob: labJob,
  labGetPosition: labJob,
  getToken: client,
  getClient: client,
  revokeClient: async () => {
    const id = name();
    await byAdmin('PUT', `/v1/client-permissions/${id}`, { client_secret: KEY, role: 'contributor' });
    return { id };
  },
  getRestrictedQueue: restricted,
  restrictQueue: client,
  liftRestriction: restricted,
  refreshToken: refresh,
  revokeToken: refresh,
};

const TOGETHER: Record<string, Together> = {
  getLogs: { needs: { offset: 'stream' } },
  followEvents: { endless: true },
  followOverview: { endless: true },
  searchLogs: { replaces: { regex: 'q', preset: 'q' } },
};

/** The repairs after an example, so that those that follow find the server as it was. */
const AFTER: Record<string, () => Promise<unknown>> = {
  pauseQueue: () => send('POST', '/api/v1/queues/default/resume'),
  reserveQueue: () => send('PUT', '/api/v1/queues/default/projects', { projects: [] }),
  drainAgent: () => send('POST', '/api/v1/agents/node-1/undrain'),
};

describe('the examples of the OpenAPI document', () => {
  beforeAll(async () => {
    stack = await Stack.start({
      env: { DROVER_FASTLANE_EXECUTOR: 'process', DEBUG: '1', DROVER_JWT_SIGNING_KEY: JWT_KEY },
      workers: [{ queues: 'default,fastlane,payments', slots: 4 }],
    });
    document = (await (await fetch(`${stack.url}/docs-json`)).json()) as Document;
    runner = new ExampleRunner(stack.url, document);
    admin = await mint({ client_id: 'root', role: 'admin' });
    exporting = createServer((_, response) => void response.end('# TYPE seen_total counter\nseen_total 1\n'));
    await new Promise<void>((listening) => exporting.listen(0, '127.0.0.1', listening));
    for (const id of [BEFORE, JOB]) await ended(await submit({ id, name: 'nightly', tags: ['ci'], command: WRITES }));
    await send('POST', '/v1/agents/data/agent-00', { state: 'waiting', queues: ['myqueue'] });
    await send('PUT', `/tasks/demo/jobs/${TASK_JOB}`, { image: 'busybox:latest', command: 'echo hello' });
    await send('POST', '/v1/job', { job_id: LAB_JOB, job_queue: 'myqueue', test_data: { test_cmds: 'true' } });
    await send('POST', '/v1/jobs', { id: 'slurm-4711', user: 'ada', nodes: ['node-1'] });
  }, 120_000);
  afterAll(async () => {
    exporting?.close();
    await stack?.stop();
  });

  it('all run, and each answer is as the document says', async () => {
    const faults: string[] = [];
    for (const route of routesOfDocument(document)) {
      const { operationId: id, 'x-drover-example': notRun } = route.operation;
      if (notRun !== undefined || id === 'openSession') continue;
      try {
        faults.push(...(await runner.run(route, SEEDS[id] ?? (async () => ({})), await login(route), TOGETHER[id])));
        await AFTER[id]?.();
      } catch (error) {
        faults.push(`${id}: ${String(error)}`);
      }
    }
    expect(faults).toEqual([]);
  }, 120_000);

  it('include the login of a browser, where people log in', async () => {
    const api = await startApi({ passive: true, env: { DROVER_AUTH: 'oauth2', DROVER_JWT_SIGNING_KEY: JWT_KEY } });
    try {
      const session = routesOfDocument(document).filter(({ path }) => path === '/api/v1/session');
      await fetch(`${api.url}/v1/client-permissions/ada`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
        body: JSON.stringify({ client_secret: 'the-key-that-was-shown-once', role: 'contributor' }),
      });
      const there = new ExampleRunner(api.url, document);
      for (const route of session) expect(await there.run(route, async () => ({}))).toEqual([]);
      expect(session.length).toBe(3);
    } finally {
      await api.close();
    }
  }, 60_000);
});
