import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../support/built.js';
import { expectEventually } from '../support/expect-eventually.js';
import { jobIs, submit } from '../support/flow.js';
import { EventReader, type SeenEvent } from '../support/sse.js';
import { Stack } from '../support/stack.js';

/** 96 bytes a line, so 64 MiB are some 700,000 lines; each 100,000th is another. */
const BIG = `awk 'BEGIN { for (n = 1; n <= 700000; n++) {
  if (n % 100000 == 0) printf "%09d level=error msg=\\"no space left on device\\" step=%d aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\n", n, n;
  else printf "%09d level=info msg=\\"step finished\\" step=%d loss=0.1234 rate=12.3/s aaaaaaaaaaaaaaaaaaaaaaa\\n", n, n } }'`;

describe('a search in the log of a job', () => {
  let stack: Stack;
  let big: string;
  beforeAll(async () => {
    stack = await Stack.start({ apis: 2, workers: [{ slots: 2 }] });
    big = await submit(stack, { command: BIG });
    await jobIs(stack, big, 'succeeded', 60_000);
  });
  afterAll(() => stack.stop());

  const open = (id: string, query: string, headers: Record<string, string> = {}, url = stack.url): EventReader =>
    new EventReader(`${url}/api/v1/jobs/${id}/logs/search?${query}`, headers);
  const searched = async (id: string, query: string, headers: Record<string, string> = {}): Promise<SeenEvent[]> => {
    const reader = open(id, query, headers);
    await reader.ended;
    expect(reader.status, query).toBe(200);
    return reader.events;
  };
  /** The events without those of progress, which come by the clock. */
  const shown = async (id: string, query: string): Promise<SeenEvent[]> =>
    (await searched(id, query)).filter(({ event }) => event !== 'progress');
  const hits = (events: SeenEvent[]): number[] =>
    events.filter(({ event }) => event === 'hit').map(({ data }) => data.number);
  const ran = async (command: string): Promise<string> => {
    const id = await submit(stack, { command });
    await jobIs(stack, id, 'succeeded');
    return id;
  };
  const cli = async (args: string[]): Promise<{ code: number; stdout: string; stderr: string }> => {
    try {
      const done = await promisify(execFile)(process.execPath, [program('cli'), ...args], {
        env: { PATH: process.env['PATH'], HOME: stack.dataDir, DROVER_API_URL: stack.url },
        timeout: 50_000,
      });
      return { code: 0, ...done };
    } catch (error) {
      return error as { code: number; stdout: string; stderr: string };
    }
  };

  it('finds every hit of 64 MiB with its line, byte and match, by text and by regular expression, on any replica', async () => {
    for (const query of [
      'q=level%3Derror',
      'q=LEVEL%3DERROR&ignore_case=true',
      'regex=level%3D(error%7Cfatal)',
      'preset=errors',
    ]) {
      const reader = open(big, query, {}, stack.apis[1]?.url);
      await reader.ended;
      expect(hits(reader.events), query).toEqual([100_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000]);
      const end = reader.events.at(-1);
      expect(end).toMatchObject({ event: 'end', data: { reason: 'end', hits: 7, next: 700_001 } });
      expect(end?.data.bytes).toBe(end?.data.of_bytes);
      expect(end?.data.bytes).toBeGreaterThan(64 * 1024 * 1024);
    }
    const [first] = await shown(big, 'preset=errors&limit=1');
    expect(first).toMatchObject({ event: 'hit', data: { number: 100_000, stream: 'stdout', cut: false } });
    const bytes = await fetch(
      `${stack.url}/api/v1/jobs/${big}/logs?stream=stdout&offset=${first?.data.stream_offset}`,
      {
        headers: { 'accept-encoding': 'identity' },
      },
    );
    const body = await bytes.text();
    expect(body.startsWith(`${first?.data.text}\n`)).toBe(true);
    const [from, to] = first?.data.ranges[0] ?? [];
    expect(first?.data.text.slice(from, to)).toBe('error');
  });

  it('answers other requests meanwhile, also under a pattern that keeps the search busy', async () => {
    const reader = open(big, `regex=${encodeURIComponent('(.*e.*){20}xyz$')}`);
    await reader.opened;
    for (let n = 0; n < 10; n += 1) {
      const before = performance.now();
      expect((await fetch(`${stack.url}/livez`)).status).toBe(200);
      expect(performance.now() - before).toBeLessThan(1_000);
    }
    reader.close();
    await expectEventually(async () => {
      const others = [open(big, 'q=nothing-here&limit=1'), open(big, 'q=nothing-here&limit=1')];
      const statuses = await Promise.all(others.map((other) => other.opened));
      for (const other of others) other.close();
      expect(statuses).toEqual([200, 200]);
    });
  });

  it('gives a client two searches at once, and names the way out to the third', async () => {
    const url = stack.api.url;
    const id = await submit(stack, { command: 'sleep 60' });
    await jobIs(stack, id, 'running');
    const opened = async (query: string): Promise<EventReader> =>
      expectEventually(async () => {
        const reader = open(id, query, {}, url);
        expect(await reader.opened).toBe(200);
        return reader;
      });
    const [first, second] = [await opened('q=x&follow=true'), await opened('q=x&follow=true')];
    const third = await fetch(`${url}/api/v1/jobs/${id}/logs/search?q=x`);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '1']);
    expect(((await third.json()) as { detail: string }).detail).toContain('end one of them');
    first.close();
    await (
      await opened('q=x')
    ).ended;
    second.close();
    await stack.request('POST', `/api/v1/jobs/${id}/cancel`);
  });

  it('goes on with new lines while the job runs, to its end', async () => {
    const id = await submit(stack, {
      command: 'for n in 1 2 3 4 5 6; do echo "tick $n"; echo "noise" >&2; sleep 0.3; done; printf "tick last"',
    });
    await jobIs(stack, id, 'running');
    const reader = open(id, 'q=tick&follow=true');
    await expectEventually(() => expect(hits(reader.events).length).toBeGreaterThan(1), { withinMs: 5_000 });
    expect(reader.events.some(({ event }) => event === 'end')).toBe(false);
    await reader.ended;
    const texts = reader.events.filter(({ event }) => event === 'hit').map(({ data }) => data.text);
    expect(texts).toEqual(['tick 1', 'tick 2', 'tick 3', 'tick 4', 'tick 5', 'tick 6', 'tick last']);
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'end', hits: 7 } });
  });

  it('goes on after the id of any event without a hit that is missing or comes twice', async () => {
    const all = await searched(big, 'q=level%3Derror');
    for (const [index, event] of all.entries()) {
      const rest = await searched(big, 'q=level%3Derror', { 'last-event-id': event.id ?? '' });
      expect([...hits(all.slice(0, index + 1)), ...hits(rest)]).toEqual(hits(all));
    }
    expect(
      (await stack.request('GET', `/api/v1/jobs/${big}/logs/search?q=x`, undefined, { 'last-event-id': 'x' })).status,
    ).toBe(422);
  });

  it('shows lines around hits, ends at the limit, and begins at a line', async () => {
    const events = await shown(big, 'q=level%3Derror&before=1&after=1&limit=2&from=150000');
    expect(events.map(({ event, data }) => [event, data.number ?? data.reason])).toEqual([
      ['context', 199_999],
      ['hit', 200_000],
      ['context', 200_001],
      ['context', 299_999],
      ['hit', 300_000],
      ['context', 300_001],
      ['end', 'limit'],
    ]);
    expect(events.at(-1)?.data.next).toBe(300_002);
  });

  it('searches one stream alone, and lines of both as they were stored', async () => {
    const id = await ran('echo out one; echo err two >&2; sleep 0.2; echo out three');
    expect(hits(await searched(id, 'regex=o'))).toHaveLength(3);
    const stderr = await shown(id, 'q=t&stream=stderr');
    expect(stderr.map(({ event, data }) => [event, data.text ?? data.reason])).toEqual([
      ['hit', 'err two'],
      ['end', 'end'],
    ]);
  });

  it('refuses what is no search in words that name field and remedy', async () => {
    for (const [query, field] of [
      ['', 'q'],
      ['q=a&regex=b', 'regex'],
      ['q=', 'q'],
      ['q=a%0Ab', 'q'],
      ['regex=(', 'regex'],
      ['regex=a(%3F=b)', 'regex'],
      [`regex=${'a'.repeat(501)}`, 'regex'],
      ['q=a&before=101', 'before'],
      ['q=a&limit=0', 'limit'],
      ['q=a&from=0', 'from'],
      ['preset=warnings', 'preset'],
    ]) {
      const answer = await stack.request('GET', `/api/v1/jobs/${big}/logs/search?${query}`);
      const { errors } = answer.body as { errors?: { field: string }[] };
      expect([answer.status, errors?.[0]?.field], query).toEqual([422, field]);
    }
    const waiting = await submit(stack, { command: 'true', start_at: '2099-01-01T00:00:00Z' });
    expect(await shown(waiting, 'q=x')).toMatchObject([{ event: 'end', data: { reason: 'end', hits: 0 } }]);
  });

  it('is in the command line, with numbers, context and an exit code as grep has them', async () => {
    const id = await ran('seq 1 30');
    expect(await cli(['logs', id, '--grep', '^2[05]$', '-C', '1'])).toMatchObject({
      code: 0,
      stdout: '19-19\n20:20\n21-21\n--\n24-24\n25:25\n26-26\n',
    });
    expect(await cli(['logs', id, '--grep', '2.', '-F'])).toMatchObject({ code: 1, stdout: '' });
    expect((await cli(['logs', id, '--grep', '('])).code).toBe(125);
    for (const [range, lines] of [
      ['7', '7:7\n'],
      ['9-11', '9:9\n10:10\n11:11\n'],
      ['29-', '29:29\n30:30\n'],
      ['-1', '30:30\n'],
      ['31-40', ''],
    ])
      expect(await cli(['logs', id, `--lines=${range}`])).toMatchObject({ code: 0, stdout: lines });
    for (const range of ['0', '5-4', 'x', '-0'])
      expect((await cli(['logs', id, `--lines=${range}`])).stderr).toContain('must be a line from 1');
    expect((await cli(['logs', big, '--grep', 'NO SPACE', '-i'])).stdout.split('\n')).toHaveLength(8);
  });
});
