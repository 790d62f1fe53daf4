import { createHash, randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogNews } from '@drover/live';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';

const buffers = async (source: AsyncIterable<Buffer>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const part of source) parts.push(part);
  return Buffer.concat(parts);
};

describe('stored and live logs', () => {
  let api: TestApi;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    agent = await scriptedAgent(api.core);
  });
  afterAll(() => api.close());

  const submit = async (retry?: { max: number; backoff_s: number }) =>
    (
      await api.core.submits.submit({
        queue: 'default',
        owner: 'me',
        dialect: 'native',
        spec: { command: 'true', ...(retry ? { retry } : {}) },
      })
    ).job;
  const running = async () => {
    const job = await submit();
    return { job, execution: await (await agent.claim(job.id)).started() };
  };
  /** Follows in the background; `text` is what came so far. */
  const follow = (options: Omit<Parameters<TestApi['core']['logFollower']['follow']>[0], 'signal'>) => {
    const stop = new AbortController();
    const news: LogNews[] = [];
    const done = (async () => {
      for await (const item of api.core.logFollower.follow({ ...options, signal: stop.signal })) news.push(item);
    })();
    const text = (): string =>
      Buffer.concat(news.flatMap((item) => (item.type === 'bytes' ? [item.raw] : []))).toString();
    return { news, text, done, stop };
  };

  it('gives any byte range of a log of many chunks, whatever their sizes', async () => {
    const { execution } = await running();
    const all: Buffer[] = [];
    for (let n = 0; n < 120; n++) {
      const piece = n % 10 === 0 ? randomBytes(300_000) : Buffer.from(`line ${n}\n`);
      all.push(piece);
      await execution.write(piece);
    }
    const whole = Buffer.concat(all);
    const { logReader } = api.core;
    expect((await buffers(logReader.range(execution.id, 'stdout', 0))).equals(whole)).toBe(true);
    for (const [from, to] of [
      [0, 1],
      [299_999, 300_001],
      [300_003, 300_500],
      [1_000_000, 2_100_001],
      [whole.length - 3, whole.length],
      [whole.length, whole.length + 10],
    ] as const) {
      expect(
        (await buffers(logReader.range(execution.id, 'stdout', from, to))).equals(whole.subarray(from, to)),
        `${from}-${to}`,
      ).toBe(true);
    }
    expect(gunzipSync(await buffers(logReader.members(execution.id, 'stdout'))).equals(whole)).toBe(true);
    expect(gunzipSync(await buffers(logReader.members(execution.id, 'stderr')))).toHaveLength(0);
  });

  it('finds the beginning of the last lines across chunks, with and without a newline at the end', async () => {
    const { execution } = await running();
    for (const piece of ['a\nb', 'b\ncc', 'c', '\n', 'dd\nee']) await execution.write(piece);
    const tail = async (lines: number): Promise<string> => {
      const start = await api.core.logReader.tailStart(execution.id, 'stdout', lines);
      return (await buffers(api.core.logReader.range(execution.id, 'stdout', start?.offset ?? 0))).toString();
    };
    expect([await tail(1), await tail(2), await tail(3), await tail(4), await tail(5), await tail(99)]).toEqual([
      'ee',
      'dd\nee',
      'ccc\ndd\nee',
      'bb\nccc\ndd\nee',
      'a\nbb\nccc\ndd\nee',
      'a\nbb\nccc\ndd\nee',
    ]);
    await execution.write('\n');
    expect([await tail(1), await tail(2)]).toEqual(['ee\n', 'dd\nee\n']);
  });

  it('verifies size and digest against what the agent said, and names damage', async () => {
    const { execution } = await running();
    await execution.write('good ');
    await execution.write('bytes');
    await execution.ended();
    const stored = await api.core.query.execution(execution.id);
    const sha256 = createHash('sha256').update('good bytes').digest('hex');
    expect((await api.core.logReader.verify(stored))[0]).toEqual({
      stream: 'stdout',
      bytes: 10,
      sha256,
      expected_sha256: sha256,
      intact: true,
      matches: true,
    });
    await api.core.store.sql.run(`UPDATE log_chunk SET data = '\\x00' WHERE execution_id = $1 AND "offset" = 5`, [
      execution.id,
    ]);
    expect((await api.core.logReader.verify(stored))[0]).toMatchObject({
      intact: false,
      matches: false,
      problem: expect.stringContaining('byte 5'),
    });
    await api.core.store.sql.run(`DELETE FROM log_chunk WHERE execution_id = $1 AND "offset" = 5`, [execution.id]);
    expect((await api.core.logReader.verify(stored))[0]).toMatchObject({
      bytes: 5,
      intact: false,
      problem: '5 bytes are stored, 10 were acknowledged',
    });
  });

  it('replays what is stored, then follows to the end, both streams in order', async () => {
    const { job, execution } = await running();
    await execution.write('1');
    const view = follow({ jobId: job.id });
    await expectEventually(() => expect(view.text()).toBe('1'));
    await execution.write('2', 'stderr');
    await expectEventually(() => expect(view.text()).toBe('12'), { withinMs: 800 });
    await execution.write('3');
    await execution.ended({ exit_code: 3 });
    await view.done;
    expect(view.text()).toBe('123');
    expect(view.news.at(0)).toMatchObject({ type: 'execution', execution: { id: execution.id } });
    expect(view.news.at(-1)).toMatchObject({
      type: 'end',
      job: { state: 'failed', exit_code: 3 },
      execution: { state: 'ended' },
    });
  });

  it('begins at any byte of a stream', async () => {
    const { job, execution } = await running();
    for (const piece of ['abc', 'def']) await execution.write(piece);
    await execution.ended();
    for (const offset of [0, 1, 3, 5, 6]) {
      const view = follow({ jobId: job.id, stream: 'stdout', from: { offset } });
      await view.done;
      expect(view.text()).toBe('abcdef'.slice(offset));
    }
  });

  it('waits for the first execution and goes on with those that follow', async () => {
    const job = await submit({ max: 1, backoff_s: 0 });
    const view = follow({ jobId: job.id, nextExecutions: true });
    const first = await (await agent.claim(job.id)).started();
    await first.write('first ');
    await first.ended({ exit_code: 1 });
    const second = await expectEventually(() => agent.claim(job.id));
    await second.started();
    await second.write('second');
    await second.ended();
    await view.done;
    expect(view.text()).toBe('first second');
    expect(view.news.filter((item) => item.type === 'execution')).toHaveLength(2);
  });

  it('ends when its job never ran, was deleted, or nobody reads any more', async () => {
    const [cancelled, deleted, left] = [await submit(), await submit(), await submit()];
    const views = [cancelled, deleted, left].map((job) => follow({ jobId: job.id }));
    await api.core.control.cancel(cancelled.id);
    await views[0]?.done;
    expect(views[0]?.news).toMatchObject([{ type: 'end', job: { state: 'cancelled' }, execution: null }]);
    await api.core.store.sql.run('DELETE FROM job WHERE id = $1', [deleted.id]);
    await views[1]?.done;
    expect(views[1]?.news).toEqual([{ type: 'end', job: null, execution: null }]);
    views[2]?.stop.abort();
    await views[2]?.done;
    expect(views[2]?.news).toEqual([]);
  });
});
