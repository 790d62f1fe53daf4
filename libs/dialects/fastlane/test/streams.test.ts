import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent, type ScriptedExecution } from '../../../../test/support/agent.js';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { expectEventually } from '../../../../test/support/expect-eventually.js';
import { Client, spellings, TASK } from './client.js';
import { listen } from './sockets.js';

let api: TestApi;
let client: Client;
let agent: Awaited<ReturnType<typeof scriptedAgent>>;

beforeAll(async () => {
  api = await startApi({ env: { DROVER_FASTLANE_EXECUTOR: 'process' } });
  client = new Client(api.url);
  agent = await scriptedAgent(api.core);
});
afterAll(() => api?.close());

/** A job whose execution runs in the hands of the test. */
async function begun(task: string): Promise<{ path: string; executionId: string; run: ScriptedExecution }> {
  const { path, executionId } = await client.enqueue(task, TASK);
  return { path, executionId: executionId ?? '', run: await (await agent.claim(executionId ?? '')).started() };
}

const DONE = { code: 1000, reason: 'done' };
const RETRY = { frames: [], code: 1000, reason: 'retry' };

describe('the websocket of a log', () => {
  it('of a finished execution says exit code, output, separator and errors, and closes with done', async () => {
    const { path, executionId, run } = await begun('finished');
    await run.write('out\n');
    await run.write('err\n', 'stderr');
    await run.ended({ exit_code: 3 });
    await client.lastIs(path, 'failed');
    for (const at of [...spellings(`${path}/ws`), ...spellings(`${path}/executions/${executionId}/ws`)]) {
      expect([at, await listen(api.url + at)]).toEqual([
        at,
        { frames: ['EXIT CODE: 3\n', 'out\n', '\n-=-\n', 'err\n'], ...DONE },
      ]);
    }
  });

  it('of a running one tells both streams from the start, each piece before the next is written, whatever the client sends', async () => {
    const { path, run } = await begun('running');
    await run.write('first\n');
    const pieces = ['first\n', 'second\n', 'third\n', 'ü'];
    let heard = '';
    const talk = listen(`${api.url}${path}/ws/`, {
      send: 'nobody listens to this',
      onFrame: (frame) => (heard += frame),
    });
    const says = (text: string): Promise<boolean> =>
      expectEventually(() => heard === text, {
        what: `Hearing ${JSON.stringify(text)}, heard ${JSON.stringify(heard)}`,
      });
    await says('first\n');
    await run.write('second\n', 'stderr');
    await says('first\nsecond\n');
    await run.write('third\n');
    await says('first\nsecond\nthird\n');
    // A character in two pieces is one character.
    const letter = Buffer.from('ü');
    await run.write(letter.subarray(0, 1));
    await run.write(letter.subarray(1));
    await says(pieces.join(''));
    await run.ended();
    expect(await talk).toMatchObject(DONE);
  });

  it('of one that waits, pulls, or is not there says nothing and closes with retry', async () => {
    const { path, executionId } = await client.enqueue('waiting', TASK);
    expect(await listen(`${api.url}${path}/ws`)).toEqual(RETRY);
    const run = await agent.claim(executionId ?? '');
    await api.core.reports.apply(agent.agent.id, [
      { kind: 'phase', execution_id: run.id, epoch: run.claim.epoch, phase: 'pulling' },
    ]);
    await client.lastIs(path, 'pulling');
    for (const part of ['stdout', 'stderr', 'logs']) expect((await client.get(`${path}/${part}`)).text).toBe('');
    expect(await listen(`${api.url}${path}/ws`)).toEqual(RETRY);
    expect(await listen(`${api.url}${path}/executions/${path.split('/').at(-1)}/ws`)).toEqual(RETRY);
    const later = await client.enqueue('waiting', { ...TASK, startIn: '1h' });
    expect(await listen(`${api.url}${later.path}/ws`)).toEqual(RETRY);
    await run.started();
    await run.ended();
  });

  it('of an unknown task or job closes without a reason', async () => {
    for (const path of ['/tasks/nobody/jobs/x/ws', `/tasks/finished/jobs/${'0'.repeat(32)}/ws`])
      expect(await listen(api.url + path)).toEqual({ frames: [], code: 1000, reason: '' });
    expect((await listen(`${api.url}/tasks/nobody/ws`)).refused).toBe(404);
  });

  it('of one whose node is lost closes with retry, and says the next run to whoever comes back', async () => {
    const { path, executionId, run } = await begun('lost');
    await run.write('of the first run\n');
    const talk = listen(`${api.url}${path}/ws`);
    await expectEventually(async () => expect(api.core.streams.size).toBeGreaterThan(0));
    await api.core.sweep.loseExecutions([agent.agent.id], 'its node was lost');
    const again = await expectEventually(() => agent.claim(executionId), { withinMs: 15_000 });
    await again.started();
    expect(await talk).toEqual({ frames: ['of the first run\n'], code: 1000, reason: 'retry' });
    await again.write('of the second run\n');
    await again.ended();
    await client.lastIs(path, 'done');
    expect((await listen(`${api.url}${path}/ws`)).frames[1]).toBe('of the second run\n');
  });

  it('closes with done after timed out, stopped and expired executions', async () => {
    const { path, run } = await begun('timedout');
    await run.ended({ cause: 'timeout', ok: false, signal: 'SIGTERM' });
    await client.lastIs(path, 'timedout');
    expect(await listen(`${api.url}${path}/ws`)).toMatchObject({
      frames: ['EXIT CODE: 143\n', '', '\n-=-\n', expect.stringContaining('timed out')],
      ...DONE,
    });
    const stopped = await client.enqueue('stopped', TASK);
    await client.ask('POST', `${stopped.path}/stop`);
    expect(await listen(`${api.url}${stopped.path}/ws`)).toMatchObject({
      frames: ['EXIT CODE: None\n', '', '\n-=-\n', 'Execution stopped on request.'],
      ...DONE,
    });
  });
});

describe('the stream of a log', () => {
  it('is a page that opens the socket beside it, and holds nothing of the path as markup', async () => {
    for (const path of [
      '/tasks/x/jobs/y/stream',
      '/tasks/x/job/y/executions/z/stream/',
      '/tasks/x/jobs/y/stream/executions/z/',
    ]) {
      const page = await client.get(path, { accept: 'text/html' });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(page.text).toContain(
        path.includes('executions') ? '/tasks/x/jobs/y/executions/z/ws/' : '/tasks/x/jobs/y/ws/',
      );
    }
    const page = await client.get(`/tasks/${encodeURIComponent(`"';<script>alert(1)`)}/jobs/y/stream`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain(';<script>');
    expect(page.text.match(/<script>/g)).toHaveLength(1);
  });

  it('is plain text over HTTP from the first byte to the end, live', async () => {
    const { path, executionId, run } = await begun('plain');
    await run.write('one\n');
    for (const at of [`${path}/stream/`, `${path}/executions/${executionId}/stream`]) {
      const answer = await fetch(api.url + at, {
        headers: { accept: 'text/plain' },
        signal: AbortSignal.timeout(15_000),
      });
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('x-content-type-options')]).toEqual(
        [200, 'text/plain; charset=utf-8', 'nosniff'],
      );
      const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
      expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('one\n');
      if (at.includes('executions')) {
        await run.write('two\n', 'stderr');
        expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('two\n');
        await run.ended();
        expect((await reader.read()).done).toBe(true);
      } else await reader.cancel();
    }
    const whole = await client.get(`${path}/stream`, { accept: 'text/plain' });
    expect(whole.text).toBe('one\ntwo\n');
  });

  it('is server-sent events, too, with the reason of the end', async () => {
    const { path, run } = await begun('events');
    const text = client.get(`${path}/stream`, { accept: 'text/event-stream' });
    await run.write('x\n');
    await run.write('y\n', 'stderr');
    await run.ended();
    const events = (await text).text;
    expect(events).toContain('event: stdout');
    expect(events).toContain('event: stderr');
    expect(events).toMatch(/event: close\r?\ndata: \{"reason":"done"\}/);
  });

  it('as text is 404 for an unknown job, and 400 before there is an execution', async () => {
    const unknown = await client.get('/tasks/nobody/jobs/x/stream', { accept: 'text/plain' });
    expect([unknown.status, unknown.json]).toEqual([
      404,
      { error: 'Task (nobody) or Job (x) not found.', operation: 'stream_job' },
    ]);
    const { path, jobId } = await client.enqueue('later', { ...TASK, startIn: '1h' });
    const early = await client.get(`${path}/stream`, { accept: 'text/plain' });
    expect([early.status, early.json.error]).toEqual([400, `No executions found in job (${jobId}).`]);
  });
});

describe("with the original's words and a login", () => {
  it('the reason has its prefix, and no socket opens without the login', async () => {
    const other = await startApi({
      env: {
        DROVER_FASTLANE_EXECUTOR: 'process',
        FASTLANE_WS_REASON: 'ws',
        BASIC_AUTH_USERNAME: 'u',
        BASIC_AUTH_PASSWORD: 'p',
        CORS_ORIGINS: 'http://a.example, http://b.example',
      },
    });
    try {
      const headers = { authorization: `Basic ${btoa('u:p')}` };
      const known = new Client(other.url, headers);
      const { path } = await known.enqueue('x', TASK);
      expect((await listen(`${other.url}${path}/ws`)).refused).toBe(401);
      expect(
        (await listen(`${other.url}${path}/ws`, { headers: { authorization: `Basic ${btoa('u:q')}` } })).refused,
      ).toBe(401);
      expect(await listen(`${other.url}${path}/ws`, { headers })).toEqual({
        frames: [],
        code: 1000,
        reason: 'wsretry',
      });
      for (const at of ['/tasks/', `${path}/stream`, '/search/?query=x', '/status/'])
        expect((await new Client(other.url).get(at)).status).toBe(401);
      const allowed = await known.get('/tasks/', { origin: 'http://b.example' });
      expect([allowed.headers.get('access-control-allow-origin'), allowed.headers.get('vary')]).toEqual([
        'http://b.example',
        expect.stringContaining('Origin'),
      ]);
      expect(
        (await known.get('/tasks/', { origin: 'http://c.example' })).headers.get('access-control-allow-origin'),
      ).toBeNull();
      const preflight = await new Client(other.url).ask('OPTIONS', path, undefined, {
        origin: 'http://a.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      });
      expect([
        preflight.status,
        preflight.headers.get('access-control-allow-methods'),
        preflight.headers.get('access-control-allow-headers'),
      ]).toEqual([200, 'GET, PUT, HEAD, OPTIONS', 'content-type']);
    } finally {
      await other.close();
    }
  });
});
