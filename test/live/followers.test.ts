import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { logStore, Store } from '@drover/store';
import { SharedPages } from '../../libs/live/src/shared-pages.js';
import { scriptedAgent } from '../support/agent.js';
import { startApi, type TestApi } from '../support/api.js';
import { expectEventually } from '../support/expect-eventually.js';

const MIB = 1024 * 1024;
const digest = (parts: readonly Buffer[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

describe('several followers of one log', () => {
  let api: TestApi;
  let agent: Awaited<ReturnType<typeof scriptedAgent>>;
  beforeAll(async () => {
    api = await startApi({ passive: true });
    agent = await scriptedAgent(api.core);
  });
  afterAll(() => api.close());

  const running = async () => {
    const { job } = await api.core.submits.submit({
      queue: 'default',
      owner: 'me',
      dialect: 'native',
      spec: { command: 'true' },
    });
    return { job, execution: await (await agent.claim(job.id)).started() };
  };
  /** The bytes of a log, and the buffers they came in. `pace` is awaited before each piece is asked for. */
  const follow = (jobId: string, pace: (bytes: number) => Promise<unknown> | undefined = () => undefined) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const stop = new AbortController();
    const done = (async (): Promise<void> => {
      for await (const news of api.core.logFollower.follow({
        jobId,
        stream: 'stdout',
        whole: true,
        signal: stop.signal,
      })) {
        if (news.type !== 'bytes') continue;
        parts.push(news.raw);
        bytes += news.raw.length;
        await pace(bytes);
      }
    })();
    return { parts, done, bytes: () => bytes, stop };
  };

  it('get the same bytes while it grows, and most of what they get was read and unpacked once', async () => {
    const { job, execution } = await running();
    const reads = vi.spyOn(logStore, 'ofStream');
    const followers = Array.from({ length: 10 }, () => follow(job.id));
    const written: Buffer[] = [];
    for (let n = 0; n < 24; n += 1) {
      const piece = randomBytes(n % 3 === 0 ? 300_000 : 20_000);
      written.push(piece);
      await execution.write(piece);
      if (n % 6 === 0) {
        const bytes = written.reduce((sum, part) => sum + part.length, 0);
        await expectEventually(() => followers.every((one) => one.bytes() === bytes));
      }
    }
    await execution.ended();
    await Promise.all(followers.map((one) => one.done));
    for (const { parts } of followers) expect(digest(parts)).toBe(digest(written));
    const buffers = new Set(followers.flatMap(({ parts }) => parts));
    expect(buffers.size).toBeLessThan(3 * written.length);
    // Each of the ten alone would read at least twice for each time it was rung.
    expect(reads.mock.calls.length).toBeLessThan(10 * written.length);
    reads.mockRestore();
  });

  it('are not held up by one that takes nothing, and it still gets every byte', async () => {
    const { job, execution } = await running();
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const slow = follow(job.id, () => held);
    const quick = [follow(job.id), follow(job.id)];
    const written = Array.from({ length: 24 }, (_, n) => Buffer.alloc(MIB, `${n} `));
    for (const piece of written) await execution.write(piece);
    await execution.ended();
    await Promise.all(quick.map((one) => one.done));
    expect(slow.bytes()).toBeLessThan(4 * MIB);
    for (const { parts } of quick) expect(digest(parts)).toBe(digest(written));
    letGo();
    await slow.done;
    expect(digest(slow.parts)).toBe(digest(written));
  });

  it('keep a bounded number of bytes for each other, and none when all but one have left', async () => {
    const { execution } = await running();
    for (let n = 0; n < 20; n += 1) await execution.write(Buffer.alloc(MIB, `${n} `));
    const pages = new SharedPages(api.app.get(Store));
    const [one, two] = [pages.open(execution.id), pages.open(execution.id)];
    for (let at = 0; at < 20; at += 2) {
      const first = await one.read('stdout', at * MIB, 2, one.mark());
      const again = await two.read('stdout', at * MIB, 2, two.mark());
      expect(first.full).toBe(true);
      expect(again).toBe(first);
      expect(pages.bytes).toBeLessThanOrEqual(8 * MIB);
    }
    expect(pages.bytes).toBe(8 * MIB);
    two.close();
    expect(pages.bytes).toBe(0);
    one.close();
  });

  it('never take a page for the end of a log that was read before they were rung', async () => {
    const { execution } = await running();
    await execution.write('first');
    const pages = new SharedPages(api.app.get(Store));
    const [one, two] = [pages.open(execution.id), pages.open(execution.id)];
    const text = async (source: typeof one, mark: number): Promise<string> =>
      Buffer.concat((await source.read('stdout', 0, 4, mark)).chunks.map(({ raw }) => raw)).toString();
    const early = one.mark();
    expect(await text(one, early)).toBe('first');
    await execution.write('second');
    expect(await text(two, early)).toBe('first');
    expect(await text(two, two.mark())).toBe('firstsecond');
    one.close();
    two.close();
  });

  it('get the same pieces of text, small enough to become events', async () => {
    const { execution } = await running();
    await execution.write('ä'.repeat(100_000));
    const pages = new SharedPages(api.app.get(Store));
    const sources = [pages.open(execution.id), pages.open(execution.id)];
    const read = await Promise.all(sources.map((source) => source.read('stdout', 0, 1, source.mark())));
    const [first = [], second = []] = read.map(({ chunks }) => chunks.flatMap((chunk) => chunk.slices()));
    expect(first.length).toBeGreaterThan(5);
    for (const raw of first) expect(raw.length).toBeLessThanOrEqual(32 * 1024);
    expect(first.every((raw, index) => raw === second[index])).toBe(true);
    for (const source of sources) source.close();
  });
});
