import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../../test/support/api.js';
import { Session } from '../../../../test/support/testflinger-client.js';
import { ZERO } from './agent.js';

describe('what agents say in open mode', () => {
  let api: TestApi;
  let http: Session;
  beforeAll(async () => {
    api = await startApi({ env: { DROVER_WEBHOOK_NETWORKS: 'loopback' } });
    http = new Session(api.url);
  });
  afterAll(() => api.close());
  const queue = (): string => `q-${randomUUID()}`;

  it('takes results for a job nobody took from us as the word of who runs it', async () => {
    const id = await http.submit({ job_queue: queue() });
    await http.post(`/v1/result/${id}`, { job_state: 'provision' });
    expect(await http.stateOf(id)).toBe('provision');
    await http.post(`/v1/result/${id}`, { job_state: 'allocated', device_info: { ip: '::1' } });
    expect((await http.get(`/v1/result/${id}`)).json).toEqual({ job_state: 'allocated', device_info: { ip: '::1' } });
    expect((await api.core.query.executions(id)).map((execution) => execution.phase)).toEqual(['allocated']);
    const cancelled = await http.submit({ job_queue: queue() });
    await http.post(`/v1/result/${cancelled}`, { job_state: 'cancelled' });
    expect(await http.stateOf(cancelled)).toBe('cancelled');
    await http.post(`/v1/result/${cancelled}`, { job_state: 'complete' });
    expect(await http.stateOf(cancelled)).toBe('cancelled');
    const old = await http.submit({ job_queue: queue() });
    await http.post(`/v1/result/${old}`, { test_status: 3, test_output: 'legacy', job_state: 'complete' });
    expect((await http.get(`/v1/result/${old}`)).json).toEqual({
      job_state: 'complete',
      test_status: 3,
      test_output: 'legacy',
    });
    expect(await api.core.query.get(old)).toMatchObject({ state: 'failed', exit_code: 3 });
  });

  it('refuses results of unknown kinds, and keeps keys that were not sent', async () => {
    expect((await http.post(`/v1/result/${ZERO}`, { foo: 'bar' })).json.detail.json).toEqual({
      foo: ['Unknown field.'],
    });
    expect((await http.post(`/v1/result/${ZERO}`, { status: { dance: 0 } })).status).toBe(422);
    expect((await http.post(`/v1/result/${ZERO}`, { device_info: 'x' })).status).toBe(422);
    await http.post(`/v1/result/${ZERO}`, { exit_code: '1', output: 'x' });
    await http.post(`/v1/result/${ZERO}`, { output: 'y', job_state: 'test' });
    expect((await http.get(`/v1/result/${ZERO}`)).json).toEqual({ exit_code: 1, output: 'y', job_state: 'test' });
  });

  it('stores fragments once and reads them from any point', async () => {
    const ref = randomUUID();
    const post = (fragment: Record<string, unknown>, type = 'output') =>
      http.post(`/v1/result/${ref}/log/${type}`, { timestamp: '2026-01-01T00:00:00', ...fragment });
    for (const fragment_number of [2, 0, 1, 1, 1])
      expect((await post({ fragment_number, phase: 'test', log_data: `<${fragment_number}>` })).text).toBe('OK');
    await post({ fragment_number: 1, phase: 'test', log_data: '<other>' });
    await post({
      fragment_number: 3,
      phase: 'cleanup',
      log_data: 'ü\u0000\ud83d\ude00',
      timestamp: '2026-02-01T00:00:00.123456+01:00',
    });
    const read = async (query: string) => (await http.get(`/v1/result/${ref}/log/output?${query}`)).json.output;
    const all = await read('');
    expect(all.test).toEqual({ last_fragment_number: 2, log_data: '<0><1><other><2>' });
    expect(all.cleanup).toEqual({ last_fragment_number: 3, log_data: 'ü\u0000\ud83d\ude00' });
    expect(all.setup).toEqual({ last_fragment_number: -1, log_data: '' });
    expect(Object.keys(all)).toEqual([
      'setup',
      'provision',
      'firmware_update',
      'test',
      'allocate',
      'reserve',
      'cleanup',
    ]);
    expect(await read('start_fragment=2&phase=test')).toEqual({ test: { last_fragment_number: 2, log_data: '<2>' } });
    expect((await read('start_timestamp=2026-01-31')).test).toEqual({ last_fragment_number: -1, log_data: '' });
    expect((await http.get(`/v1/result/${ref}`)).json).toEqual({
      test_output: '<0><1><other><2>',
      cleanup_output: 'ü\u0000\ud83d\ude00',
    });
    expect((await post({ fragment_number: 0, phase: 'lunch', log_data: 'x' })).json.detail.json).toEqual({
      phase: [expect.stringMatching(/^Must be one of: setup, /)],
    });
    expect((await post({})).json.detail.json).toEqual({
      fragment_number: ['Missing data for required field.'],
      phase: ['Missing data for required field.'],
      log_data: ['Missing data for required field.'],
    });
    for (const query of ['phase=lunch', 'start_fragment=-1', 'start_fragment=x', 'start_timestamp=yesterday']) {
      const answer = await http.get(`/v1/result/${ref}/log/output?${query}`);
      expect([answer.status, typeof answer.json.message], query).toEqual([400, 'object']);
    }
  });

  it('gives raw output of old agents once', async () => {
    const id = await http.submit({ job_queue: queue() });
    expect((await http.get(`/v1/result/${id}/output`)).status).toBe(204);
    for (const part of ['one', 'two'])
      expect((await http.post(`/v1/result/${id}/output`, new TextEncoder().encode(part))).text).toBe('OK');
    await http.post(`/v1/result/${id}/serial_output`, new TextEncoder().encode('login:'));
    expect((await http.get(`/v1/result/${id}/output`)).text).toBe('one\ntwo');
    expect((await http.get(`/v1/result/${id}/output`)).status).toBe(204);
    expect((await http.get(`/v1/result/${id}/serial_output`)).text).toBe('login:');
  });

  it('serves parts of archives, replaces them, and refuses uploads without a file', async () => {
    const ref = randomUUID();
    const path = `/v1/result/${ref}/artifact`;
    await http.upload(path, Buffer.from('first'));
    await http.upload(path, Buffer.from('0123456789'));
    const part = await http.bytes(path, { Range: 'bytes=2-4' });
    expect([part.status, part.bytes.toString(), part.headers.get('content-range')]).toEqual([
      206,
      '234',
      'bytes 2-4/10',
    ]);
    expect((await http.bytes(path, { Range: 'bytes=10-' })).status).toBe(416);
    expect((await http.bytes(path)).bytes.toString()).toBe('0123456789');
    expect((await http.bytes(path)).headers.get('content-disposition')).toContain('artifact.tar.gz');
    expect((await http.upload(path, Buffer.from('x'), 'other')).status).toBe(400);
    expect((await http.post(path, { file: 'x' })).status).toBe(400);
    expect((await http.post(path, 'no multipart', { 'Content-Type': 'multipart/form-data; boundary=x' })).status).toBe(
      400,
    );
    expect((await http.bytes(path)).bytes.toString()).toBe('0123456789');
    // A client that goes away in the middle leaves what was there.
    const gone = new AbortController();
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) =>
        controller.enqueue(
          new TextEncoder().encode('--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhalf'),
        ),
      pull: () => gone.abort(),
    });
    await expect(
      fetch(`${api.url}${path}`, {
        method: 'POST',
        body: endless,
        duplex: 'half',
        signal: gone.signal,
        headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
      } as RequestInit & { duplex: 'half' }),
    ).rejects.toThrow();
    expect((await http.bytes(path)).bytes.toString()).toBe('0123456789');
    expect((await http.upload(`/v1/job/${ref}/attachments`, Buffer.from('x'))).status).toBe(422);
  });

  it('keeps what agents say of themselves, key by key, and lets managers set their state', async () => {
    const name = `agent-${randomUUID()}`;
    const post = (body: unknown) => http.post(`/v1/agents/data/${name}`, body);
    const first = await post({ state: 'waiting', comment: 'x', queues: [name], log: ['1'], mode: 'new' });
    expect([first.status, first.json]).toEqual([200, { status: 'OK' }]);
    expect(first.headers.get('set-cookie')).toBe(`agent_name=${name}; HttpOnly; Path=/; SameSite=Strict`);
    await post({ comment: '', log: Array.from({ length: 150 }, (_, i) => String(i)) });
    expect((await http.get(`/v1/agents/data/${name}`)).json).toEqual({
      name,
      state: 'waiting',
      comment: '',
      queues: [name],
      updated_at: expect.stringMatching(/Z$/),
      restricted_to: {},
    });
    expect((await http.get('/v1/agents/data/nobody')).json).toEqual({});
    expect((await http.get('/v1/agents/data/nobody')).status).toBe(404);
    expect((await post({ state: null })).json.detail.json).toEqual({ state: ['Field may not be null.'] });
    expect((await post({ queues: 'x' })).status).toBe(422);
    expect((await api.core.query.agents({ kind: 'pull' })).find((agent) => agent.name === name)).toMatchObject({
      queues: [name],
      state: 'online',
    });
    await post({ state: 'offline' });
    expect((await api.core.query.agents({ kind: 'pull' })).find((agent) => agent.name === name)).toMatchObject({
      state: 'offline',
    });
    for (let n = 0; n < 3; n += 1)
      await http.post(`/v1/agents/provision_logs/${name}`, { job_id: 'any', exit_code: 1 });
    expect((await http.get(`/v1/agents/data/${name}`)).json).toMatchObject({
      provision_streak_type: 'fail',
      provision_streak_count: 3,
    });
    expect((await http.post(`/v1/agents/provision_logs/${name}`, { exit_code: 1 })).status).toBe(422);
    for (const [path, bad] of [
      ['queues', { '': 'x' }],
      ['queues', { a: 1 }],
      ['queues', [1]],
      ['images', { a: 'x' }],
      ['images', { a: { 'b.c': 'x' } }],
      ['images', { a: { $b: 'x' } }],
    ] as const) {
      expect((await http.post(`/v1/agents/${path}`, bad)).status, JSON.stringify(bad)).toBe(422);
    }
    await http.post('/v1/agents/images', { [name]: { one: 'url: x', two: 'y' } });
    await http.post('/v1/agents/images', { [name]: { three: 'z' } });
    expect((await http.get(`/v1/agents/images/${name}`)).json).toEqual({ three: 'z' });
    expect((await http.get('/v1/agents/queues')).json[name]).toBe('');
    expect((await http.get('/v1/agents/images/unknown')).json).toEqual({});
  });
});
