import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptedAgent, type ScriptedExecution } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';
import { client } from '../support/http.js';
import { EventReader } from '../support/sse.js';

describe('logs, events and artifacts over HTTP', () => {
  let api: TestApi;
  let other: TestApi;
  let http: ReturnType<typeof client>;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    other = await startApi({ passive: true, databaseUrl: api.databaseUrl });
    http = client(api.url);
    agent = await scriptedAgent(api.core);
  });
  afterAll(async () => {
    await other.close();
    await api.close();
  });

  const running = async (body: object = {}): Promise<{ id: string; execution: ScriptedExecution }> => {
    const { id } = (await http.post('/api/v1/jobs', { command: 'true', ...body })).body;
    return { id, execution: await (await agent.claim(id)).started() };
  };
  const text = (reader: EventReader): string =>
    reader
      .of('log')
      .map(({ data }) => (data.text === undefined ? Buffer.from(data.base64, 'base64').toString('latin1') : data.text))
      .join('');

  it('serves wholes, offsets, tails and ranges of a stream, and both interleaved', async () => {
    const { id, execution } = await running();
    const logs = `/api/v1/jobs/${id}/logs`;
    const read = async (query: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(`${api.url}${logs}${query}`, {
        headers: { 'accept-encoding': 'identity', ...headers },
      });
      return { status: answer.status, text: await answer.text(), headers: answer.headers };
    };
    await execution.write('one\ntwo\n');
    await execution.write('oops\n', 'stderr');
    await execution.write('three\n');
    expect((await read('')).text).toBe('one\ntwo\noops\nthree\n');
    const whole = await read('?stream=stdout');
    expect([
      whole.text,
      whole.headers.get('x-drover-log-state'),
      whole.headers.get('content-length'),
      whole.headers.get('x-drover-execution'),
    ]).toEqual(['one\ntwo\nthree\n', 'live', '14', execution.id]);
    expect((await read('?stream=stdout&offset=4')).text).toBe('two\nthree\n');
    expect((await read('?stream=stdout&offset=14')).text).toBe('');
    expect((await read('?stream=stdout&offset=15')).status).toBe(416);
    expect((await read('?stream=stdout&tail=2')).text).toBe('two\nthree\n');
    expect((await read('?tail=2')).text).toBe('oops\nthree\n');
    expect((await read('?tail=3')).text).toBe('two\noops\nthree\n');
    const range = await read('?stream=stdout', { range: 'bytes=4-6' });
    expect([range.status, range.text, range.headers.get('content-range')]).toEqual([206, 'two', 'bytes 4-6/14']);
    expect((await read('?stream=stdout', { range: 'bytes=-6' })).text).toBe('three\n');
    expect((await read('?stream=stdout', { range: 'bytes=14-' })).status).toBe(416);
    const head = await fetch(`${api.url}${logs}?stream=stdout`, {
      method: 'HEAD',
      headers: { 'accept-encoding': 'identity' },
    });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '14']);
    for (const query of ['', '?stream=stdout']) {
      const answer = await fetch(`${api.url}${logs}${query}`, { headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      expect(await answer.text()).toBe(query ? 'one\ntwo\nthree\n' : 'one\ntwo\noops\nthree\n');
    }
    await execution.ended();
    expect((await read('?stream=stderr')).headers.get('x-drover-log-state')).toBe('complete');
    expect((await http.get(`${logs}/verify`)).body).toMatchObject({
      execution_id: execution.id,
      complete: true,
      verified: true,
      streams: [
        { stream: 'stdout', bytes: 14 },
        { stream: 'stderr', bytes: 5 },
      ],
    });
    const quiet = (await http.post('/api/v1/jobs', { command: 'true' })).body.id;
    const none = await fetch(`${api.url}/api/v1/jobs/${quiet}/logs`);
    expect([none.status, await none.text(), none.headers.get('x-drover-log-state')]).toEqual([200, '', 'waiting']);
  });

  it('follows a log at another replica than the one its bytes come to, byte by byte exact, and says how the job ended', async () => {
    const { id, execution } = await running();
    const reader = new EventReader(`${other.url}/api/v1/jobs/${id}/logs?follow=true`);
    await execution.write('a');
    await expectEventually(() => expect(text(reader)).toBe('a'), { withinMs: 900 });
    await execution.write(Buffer.from([0xff, 0x00, 0x41]), 'stderr');
    await execution.ended({ exit_code: 3 });
    await reader.ended;
    expect(text(reader)).toBe('a\u00ff\u0000A');
    expect(reader.of('execution')[0]?.data).toMatchObject({ id: execution.id, node: 'scripted' });
    expect(reader.of('log')[1]?.data).toMatchObject({ stream: 'stderr', offset: 0, base64: '/wBB' });
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', data: { job: { state: 'failed', exit_code: 3 } } });
  });

  it('goes on after Last-Event-ID without a byte lost or doubled, at any replica', async () => {
    for (const query of ['follow=true', 'follow=true&stream=stdout']) {
      const { id, execution } = await running();
      await execution.write('abc');
      await execution.write('def');
      const first = new EventReader(`${api.url}/api/v1/jobs/${id}/logs?${query}`);
      await expectEventually(() => expect(text(first)).toBe('abcdef'));
      await first.close();
      const seen = first.of('log')[0]?.id ?? '';
      const second = new EventReader(`${other.url}/api/v1/jobs/${id}/logs?${query}`, { 'last-event-id': seen });
      await execution.write('ghi');
      await execution.ended();
      await second.ended;
      expect(text(second)).toBe('defghi');
      const over = await fetch(`${api.url}/api/v1/jobs/${id}/logs?${query}`, {
        headers: { 'last-event-id': second.events.at(-1)?.id ?? '' },
      });
      expect(over.status).toBe(204);
    }
  });

  it('follows from a tail, and into the next attempt', async () => {
    const { id, execution } = await running({ retry: { max: 1, backoff_s: 0 } });
    await execution.write('1\n2\n3\n');
    const reader = new EventReader(`${api.url}/api/v1/jobs/${id}/logs?follow=true&tail=1`);
    await expectEventually(() => expect(text(reader)).toBe('3\n'));
    await execution.ended({ exit_code: 1 });
    const again = await expectEventually(() => agent.claim(id));
    await (await again.started()).write('again\n');
    await again.ended();
    await reader.ended;
    expect(text(reader)).toBe('3\nagain\n');
    expect(reader.of('execution').map(({ data }) => data.attempt)).toEqual([1, 2]);
  });

  it("tells a job's whole story, from its beginning to its end", async () => {
    const { id, execution } = await running();
    const reader = new EventReader(`${other.url}/api/v1/jobs/${id}/events`);
    await expectEventually(() => expect(reader.events).toHaveLength(3));
    await execution.ended();
    await reader.ended;
    expect(reader.events.map(({ event }) => event)).toEqual([
      'job.queued',
      'job.claimed',
      'job.running',
      'job.succeeded',
      'end',
    ]);
    expect(reader.events[1]).toMatchObject({
      id: expect.stringMatching(/^\d+-\d+$/),
      data: { job_id: id, queue: 'default', type: 'job.claimed', data: { node: 'scripted' } },
    });
    const rest = new EventReader(`${api.url}/api/v1/jobs/${id}/events`, {
      'last-event-id': reader.events[2]?.id ?? '',
    });
    await rest.ended;
    expect(rest.events.map(({ event }) => event)).toEqual(['job.succeeded', 'end']);
  });

  it('streams all events from now on, of one queue if asked, and goes on where a client left', async () => {
    const all = new EventReader(`${other.url}/api/v1/events`);
    const some = new EventReader(`${other.url}/api/v1/events?queue=special`);
    await Promise.all([all.opened, some.opened]);
    const ids: string[] = [];
    for (const queue of ['default', 'special', 'default'])
      ids.push((await http.post('/api/v1/jobs', { command: 'x', queue })).body.id);
    await expectEventually(() => expect(all.events.map(({ data }) => data.job_id)).toEqual(ids));
    await expectEventually(() => expect(some.events.map(({ data }) => data.job_id)).toEqual([ids[1]]));
    await all.close();
    await some.close();
    const rest = new EventReader(`${api.url}/api/v1/events?after=${all.events[0]?.id}`);
    await expectEventually(() => expect(rest.events.map(({ data }) => data.job_id)).toEqual(ids.slice(1)));
    await rest.close();
  });

  it('tells who comes with a position that was not reached that it begins anew, and leaves nothing out', async () => {
    const { id, execution } = await running();
    await execution.ended();
    // Such as one of before the record was brought back to an earlier moment.
    const ahead = { 'last-event-id': '99999999999-5' };
    const own = new EventReader(`${api.url}/api/v1/jobs/${id}/events`, ahead);
    await own.ended;
    expect(own.events.map(({ event }) => event)).toEqual([
      'restart',
      'job.queued',
      'job.claimed',
      'job.running',
      'job.succeeded',
      'end',
    ]);
    expect(own.events[0]).toMatchObject({ id: '0', data: { message: expect.stringContaining('begins anew') } });
    const all = new EventReader(`${other.url}/api/v1/events`, ahead);
    await expectEventually(() => expect(all.events.map(({ data }) => data.job_id)).toContain(id));
    expect(all.events[0]?.event).toBe('restart');
    await all.close();
  });

  it('ends its streams when it stops, and forgets those whose client has gone', async () => {
    const third = await startApi({ passive: true, databaseUrl: api.databaseUrl });
    const { id } = await running();
    const readers = [
      new EventReader(`${third.url}/api/v1/events`),
      new EventReader(`${third.url}/api/v1/jobs/${id}/logs?follow=true`),
      new EventReader(`${third.url}/api/v1/jobs/${id}/events`),
    ];
    await Promise.all(readers.map((reader) => reader.opened));
    expect(third.core.streams.size).toBe(3);
    await readers[0]?.close();
    await expectEventually(() => expect(third.core.streams.size).toBe(2));
    await third.close();
    await Promise.all(readers.map((reader) => reader.ended));
    expect(third.core.streams.size).toBe(0);
  });

  it('serves artifacts as attachments, whole and in ranges', async () => {
    const { id, execution } = await running();
    const { Readable } = await import('node:stream');
    const info = await api.core.blobs.put('artifacts/test/one', Readable.from([Buffer.from('0123456789')]));
    await api.core.store.sql.run(
      `INSERT INTO artifact (job_id, execution_id, path, size, sha256, content_type, blob_key, created_at) VALUES ($1, $2, 'out/r 1%.html', $3, $4, 'text/html', 'artifacts/test/one', now())`,
      [id, execution.id, info.size, info.sha256],
    );
    const [artifact] = (await http.get(`/api/v1/jobs/${id}/artifacts`)).body.artifacts;
    expect(artifact).toMatchObject({
      path: 'out/r 1%.html',
      size: 10,
      url: `/api/v1/jobs/${id}/artifacts/out/r%201%25.html`,
    });
    const whole = await fetch(api.url + artifact.url);
    expect([
      whole.status,
      await whole.text(),
      whole.headers.get('content-disposition'),
      whole.headers.get('x-content-type-options'),
    ]).toEqual([200, '0123456789', "attachment; filename*=UTF-8''r%201%25.html", 'nosniff']);
    const part = await fetch(api.url + artifact.url, { headers: { range: 'bytes=2-4' } });
    expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, '234', 'bytes 2-4/10']);
    expect((await fetch(api.url + artifact.url, { headers: { range: 'bytes=10-' } })).status).toBe(416);
    expect((await http.get(`/api/v1/jobs/${id}/artifacts/nothing`)).status).toBe(404);
  });

  it('gives a whole log as gzip without unpacking it', async () => {
    const { id, execution } = await running();
    await execution.write('x'.repeat(100_000));
    const { get } = await import('node:http');
    const raw = await new Promise<Buffer>((resolve) =>
      get(`${api.url}/api/v1/jobs/${id}/logs?stream=stdout`, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
      }),
    );
    const stored = await api.core.store.sql.rows<{ data: Buffer }>(
      'SELECT data FROM log_chunk WHERE execution_id = $1',
      [execution.id],
    );
    expect(raw.equals(stored[0]?.data as Buffer)).toBe(true);
    expect(gunzipSync(raw)).toHaveLength(100_000);
  });
});
