import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HTTP } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileVariableOf, secretNames } from '@drover/config';
import { DIALECTS } from '@drover/dialects';
import { program, PROJECT } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { executions, jobIs, log, submit } from '../support/flow.js';
import { HookServer } from '../support/hook-server.js';
import { OtlpSink, type ReceivedSpan } from '../support/otlp-sink.js';
import { Stack } from '../support/stack.js';

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SECRET = 'a secret of webhooks';

let stack: Stack;
let sink: OtlpSink;
let hooks: HookServer;

beforeAll(async () => {
  [sink, hooks] = await Promise.all([OtlpSink.start(), HookServer.start()]);
  stack = await Stack.start({
    env: {
      DROVER_WEBHOOK_NETWORKS: 'loopback',
      DROVER_PUBLIC_URL: 'https://drover.lab.example',
      DROVER_ALARM_ALLOW: 'loopback',
      OTEL_EXPORTER_OTLP_ENDPOINT: `${sink.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=a%20key',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=other',
      OTEL_SERVICE_NAME: 'broker',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
    },
  });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  await Promise.all([sink?.stop(), hooks?.stop()]);
});

const traceOf = (id: string, spans: number): Promise<ReceivedSpan[]> =>
  expectEventually(
    () => {
      const trace = sink.trace(id.replaceAll('-', ''));
      expect(trace.map(({ name }) => name).length).toBeGreaterThanOrEqual(spans);
      return trace;
    },
    { withinMs: 20_000, what: `The trace of ${id}` },
  );

describe('the trace of a job', () => {
  it('has the id of the job, and spans of its phases that follow each other', async () => {
    const { body } = await stack.request(
      'POST',
      '/api/v1/jobs',
      { name: 'hello', tags: ['ci'], command: 'echo "$TRACEPARENT"; sleep 0.2' },
      { traceparent: CALLER },
    );
    const { id } = body as { id: string };
    await jobIs(stack, id, 'succeeded', 30_000);
    const [root, ...children] = (await traceOf(id, 5)) as [ReceivedSpan, ...ReceivedSpan[]];
    expect(children.map(({ name }) => name)).toEqual(['queue', 'start', 'run', 'result']);
    expect(root).toMatchObject({
      name: 'job',
      parentSpanId: '',
      status: { code: 1 },
      links: [{ traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }],
      attributes: {
        'drover.job.id': id,
        'drover.job.name': 'hello',
        'drover.job.tags': ['ci'],
        'drover.job.state': 'succeeded',
        'messaging.destination.name': 'default',
        'process.exit.code': 0,
      },
      resource: { 'service.name': 'broker', 'deployment.environment.name': 'test', 'service.version': '0.1.0' },
    });
    for (const span of children) {
      expect(span.parentSpanId, span.name).toBe(root.spanId);
      expect(span.start, span.name).toBeGreaterThanOrEqual(root.start);
      expect(span.end, span.name).toBeLessThanOrEqual(root.end);
      expect(span.end, span.name).toBeGreaterThanOrEqual(span.start);
    }
    for (const [at, span] of children.entries())
      if (at > 0) expect(span.start, span.name).toBe((children[at - 1] as ReceivedSpan).end);
    const run = children[2] as ReceivedSpan;
    expect(run.end - run.start).toBeGreaterThanOrEqual(200);
    const [execution] = await executions(stack, id);
    expect(run.attributes).toMatchObject({ 'drover.execution.id': execution?.id, 'drover.node': 'node-1' });
    // The job could make children of its run.
    expect((await log(stack, id)).toString()).toBe(`00-${root.traceId}-${run.spanId}-01\n`);
    expect(sink.headers[0]).toMatchObject({ 'x-api-key': 'a key' });
  });

  it('has each attempt with its cause, and comes once', async () => {
    const id = await submit(stack, { command: 'exit 3', retry: { max: 1, backoff_s: 0.2 } });
    await jobIs(stack, id, 'failed', 30_000);
    const [root, ...children] = (await traceOf(id, 9)) as [ReceivedSpan, ...ReceivedSpan[]];
    expect(root.status).toEqual({ code: 2, message: expect.stringContaining('exit_code') as unknown });
    const runs = children.filter(({ name }) => name === 'run');
    expect(runs.map(({ attributes, status }) => [attributes['drover.execution.attempt'], status.code])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(runs[0]?.attributes).toMatchObject({ 'error.type': 'exit_code', 'process.exit.code': 3 });
    const [backOff] = children.filter(({ name }) => name === 'wait');
    expect((backOff?.end ?? 0) - (backOff?.start ?? 0)).toBeGreaterThanOrEqual(150);
    const ids = children.map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(sink.spans.filter(({ spanId }) => spanId === root.spanId)).toHaveLength(1);
  });

  it('ends with its wait when nobody ever ran it', async () => {
    const id = await submit(stack, { queue: 'nobody-serves-it', command: 'true' });
    await stack.request('POST', `/api/v1/jobs/${id}/cancel`, {});
    const trace = await traceOf(id, 2);
    expect(trace.map(({ name, status }) => [name, status.code])).toEqual([
      ['job', 0],
      ['queue', 0],
    ]);
  });
});

describe('the metrics that go to the collector', () => {
  it('are those of /metrics: counters as monotonic sums, gauges, and histograms whose buckets add up', async () => {
    await expectEventually(
      () => {
        const accepted = sink.metrics.get('drover_jobs_accepted_total')?.sum;
        expect(accepted).toMatchObject({ isMonotonic: true, aggregationTemporality: 2 });
        expect(accepted?.dataPoints[0]?.asDouble).toBeGreaterThanOrEqual(3);
        expect(sink.metrics.get('drover_record_up')?.gauge?.dataPoints[0]?.asDouble).toBe(1);
        const [run] = sink.metrics.get('drover_job_run_seconds')?.histogram?.dataPoints ?? [];
        const counts = (run?.bucketCounts ?? []).map(Number);
        expect(Number(run?.count)).toBeGreaterThanOrEqual(3);
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(Number(run?.count));
        expect(counts).toHaveLength((run?.explicitBounds?.length ?? 0) + 1);
        expect(sink.metrics.has('process_resident_memory_bytes')).toBe(true);
      },
      { withinMs: 20_000 },
    );
  });
});

describe('a webhook as a CloudEvent', () => {
  it('is one by the library of CloudEvents, signed, and has its id over all tries', async () => {
    hooks.statuses = [503];
    const id = await submit(stack, {
      command: 'true',
      webhooks: [
        { url: hooks.url('/event'), on: ['succeeded'], format: 'cloudevents', secret: SECRET },
        { url: hooks.url('/plain'), on: ['claimed'] },
      ],
    });
    const [first, second] = await expectEventually(
      () => {
        const came = hooks.at('/event');
        // The other one may have got the failure.
        expect(came.length + hooks.at('/plain').length).toBe(3);
        return came;
      },
      { withinMs: 30_000 },
    );
    const event = HTTP.toEvent({ headers: first?.headers ?? {}, body: first?.text });
    expect(first?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(JSON.parse(JSON.stringify(event))).toMatchObject({
      specversion: '1.0',
      id: first?.headers['x-drover-delivery'],
      source: 'https://drover.lab.example',
      type: 'dev.drover.job.succeeded',
      subject: id,
      datacontenttype: 'application/json',
      data: { event: 'job.succeeded', job: { id, state: 'succeeded' } },
    });
    expect(first?.headers['x-drover-signature']).toBe(
      `sha256=${createHmac('sha256', SECRET)
        .update(first?.text ?? '')
        .digest('hex')}`,
    );
    if (second) expect(second.json).toMatchObject({ id: first?.json.id, time: first?.json.time });
    expect(hooks.at('/plain')[0]?.json).toMatchObject({ event: 'job.claimed' });
    const { body } = await stack.request('GET', `/api/v1/jobs/${id}`);
    expect((body as { webhooks: object[] }).webhooks).toMatchObject([
      { format: 'cloudevents', signed: true },
      { format: 'json', signed: false },
    ]);
  });

  it('is asked for in the words of the API: another format is refused', async () => {
    const { status, body } = await stack.request('POST', '/api/v1/jobs', {
      command: 'true',
      webhooks: [{ url: hooks.url(), format: 'xml' }],
    });
    expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining('webhooks.0.format')]);
  });

  it('tells of alarms, too', async () => {
    const { status } = await stack.request('POST', '/api/v1/alarms', {
      name: 'always',
      target: 'main',
      metric: 'proxy_cpu_total',
      operator: '>',
      threshold: 0,
      actions: [{ type: 'webhook', url: hooks.url('/alarm'), format: 'cloudevents' }],
    });
    expect(status).toBe(201);
    const [told] = await expectEventually(
      () => {
        expect(hooks.at('/alarm').length).toBeGreaterThan(0);
        return hooks.at('/alarm');
      },
      { withinMs: 30_000 },
    );
    expect(told?.json).toMatchObject({ type: 'dev.drover.alarm.firing', data: { status: 'firing' } });
    expect(told?.json).not.toHaveProperty('subject');
    expect(() => HTTP.toEvent({ headers: told?.headers ?? {}, body: told?.text })).not.toThrow();
  });
});

describe('drover doctor --bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-bundle-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** A value for each secret setting, with a text that stands nowhere else. */
  const FORMS: Readonly<Record<string, (secret: string) => string>> = {
    DROVER_MIGRATE_URL: (secret) => `postgres://owner:${secret}@127.0.0.1:1/drover`,
    DROVER_TICKETS_URL: (secret) => `postgres://tickets:${secret}@127.0.0.1:1/drover`,
    // Nothing listens there: parts of the installation are down.
    DROVER_REDIS_URL: (secret) => `redis://:${secret}@127.0.0.1:1`,
    DROVER_SMTP_URL: (secret) => `smtp://user:${secret}@127.0.0.1:1`,
    FLUX_USERS: (secret) => `ada:${secret}`,
    OTEL_EXPORTER_OTLP_HEADERS: (secret) => `x-api-key=${secret}`,
  };
  const needles = new Map(
    secretNames(DIALECTS).map((name, at) => [
      name,
      `needle-${at}-${name.toLowerCase().replaceAll('_', '-')}-of-the-test`,
    ]),
  );

  const doctor = (path: string, env: Record<string, string>): Promise<{ code: number; stderr: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        [program('cli'), 'doctor', '--bundle', path],
        { cwd: PROJECT, env: { PATH: process.env['PATH'], DROVER_DATA_DIR: folder, ...env }, timeout: 90_000 },
        (error, _, stderr) => resolve({ code: error === null ? 0 : Number(error.code ?? -1), stderr }),
      );
    });

  /** The files of an archive, by their names without the folder that all are in. */
  const filesOf = (path: string): Map<string, string> => {
    const tar = gunzipSync(readFileSync(path));
    const files = new Map<string, string>();
    for (let at = 0; tar[at] !== 0 && at < tar.length;) {
      const text = (from: number, length: number): string =>
        tar.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
      const size = Number.parseInt(text(124, 12), 8);
      files.set(text(0, 100).replace(/^[^/]+\//, ''), tar.toString('utf8', at + 512, at + 512 + size));
      at += 512 + Math.ceil(size / 512) * 512;
    }
    return files;
  };

  it('has all there is to see, and no secret that was set, wherever it stood', { timeout: 120_000 }, async () => {
    const env: Record<string, string> = {};
    for (const [at, [name, needle]] of [...needles].entries()) {
      if (name === 'DROVER_DATABASE_URL') continue;
      const value = FORMS[name]?.(needle) ?? needle;
      // Some stand in the environment, some in files.
      if (at % 2 === 0) env[name] = value;
      else {
        const file = join(folder, `${name}.secret`);
        writeFileSync(file, value, { mode: 0o600 });
        env[fileVariableOf(name)] = file;
      }
    }
    const set = [...needles].flatMap(([name, needle]) => (name === 'DROVER_DATABASE_URL' ? [] : [needle]));
    mkdirSync(join(folder, 'logs'), { recursive: true });
    writeFileSync(
      join(folder, 'logs/api.log'),
      // The line at which the kept part begins is not whole: what is left of a secret there is not known as one.
      `${`${'x'.repeat(99)}\n`.repeat(30_000)}${`cut ${needles.get('DROVER_JWT_SIGNING_KEY')} `.repeat(8_000)}\n` +
        `${set.map((needle) => `{"msg":"said ${needle}","token":"Bearer abcdefgh12345678"}`).join('\n')}\n${`${'x'.repeat(99)}\n`.repeat(8_000)}last line\n`,
    );
    symlinkSync(join(folder, 'instance.key'), join(folder, 'logs/link.log'));
    const path = join(folder, 'bundle.tar.gz');
    const { stderr } = await doctor(path, {
      ...env,
      DROVER_DATABASE_URL: stack.databaseUrl,
      DROVER_API_URL: stack.url,
      DROVER_MAIL_FROM: 'drover@lab.example',
      DROVER_S3_ACCESS_KEY_ID: 'an-id',
    });
    expect(stderr).toContain(`wrote ${path}`);
    const config = filesOf(path).get('checks.json') ?? '';
    expect(config).not.toContain('"name": "environment",\n    "state": "bad"');
    const files = filesOf(path);
    const all = [...files.values()].join('\n');
    for (const needle of [...set, 'abcdefgh12345678']) expect(all, needle).not.toContain(needle);
    const password = new URL(stack.databaseUrl).password;
    if (password !== '') expect(all).not.toContain(`:${password}@`);
    expect(files.get('logs/api.log')).toMatch(/x\nlast line\n$/);
    expect(files.get('logs/api.log')).toContain('said ***');
    expect(files.get('logs/api.log')).not.toContain('cut ');
    expect(files.get('logs/link.log')).toBeUndefined();
    const settings = (JSON.parse(files.get('settings.json') ?? '{}') as { settings: { name: string; value: string }[] })
      .settings;
    for (const name of Object.keys(env))
      expect(settings).toContainEqual({ name, set: true, value: needles.has(name) ? '***' : env[name] });
    expect(settings).toContainEqual({ name: 'DROVER_MAIL_FROM', set: true, value: 'drover@lab.example' });
    expect(files.get('api/readyz.txt')).toContain('GET /readyz answered 200');
    expect(files.get('api/metrics.txt')).toContain('drover_build_info');
    expect(files.get('database/schema.json')).toContain('up to date');
    expect(files.get('database/tables.json')).toContain('"execution"');
    expect(files.get('database/activity.json')).toContain('drover');
    expect(files.get('queues.json')).toContain('"marks"');
    expect(files.get('nodes.json')).toContain('node-1');
    expect(files.get('checks.json')).toContain('"tickets"');
    // The journal is there or is named, and so is the link, which is not followed.
    expect(files.get('README.txt')).toMatch(
      /It lacks:\n {2}logs\/link\.log: ELOOP.*\n( {2}logs\/journal\.txt: .*\n)?$/,
    );
    expect(statSync(path).size).toBeLessThan(10 * 1024 * 1024);
    expect((statSync(path).mode & 0o777).toString(8)).toBe('600');
    const again = await doctor(path, { DROVER_API_URL: stack.url });
    expect(again.code).not.toBe(0);
    expect(again.stderr).toContain('is there already');
  });

  it('is written where nothing answers, and says what it lacks', { timeout: 120_000 }, async () => {
    const path = join(folder, 'down.tar.gz');
    await doctor(path, {
      DROVER_DATABASE_URL: 'postgres://nobody:hidden-word@127.0.0.1:1/nowhere',
      DROVER_API_URL: 'http://127.0.0.1:1',
    });
    expect(existsSync(path)).toBe(true);
    const files = filesOf(path);
    const readme = files.get('README.txt') ?? '';
    for (const part of ['api/readyz.txt: ', 'database/, queues.json, nodes.json: ']) expect(readme).toContain(part);
    expect([...files.keys()]).toContain('settings.json');
    expect([...files.values()].join('\n')).not.toContain('hidden-word');
  });
});
