import { createParser } from 'eventsource-parser';
import type { Broker } from '../lib/broker.js';
import { percentile, type Row } from '../lib/numbers.js';
import { writtenLog } from '../lib/written-log.js';
import type { Measure } from './measure.js';
import { screens } from './screens.js';

const BYTES = 1024 ** 3;
const QUICK_BYTES = 64 * 1024 * 1024;
/** Lines that are asked for, one screen each. */
const SCREENS = 200;
const SCREEN = 100;

/**
 * The routes of a log of 1 GiB: any line, the index, and searches that look at all of it; then the screens in a
 * browser.
 */
export const consoleLogs: Measure = {
  about: 'any line of, and searches in, a log of 1 GiB; screens in Chromium over a million jobs (--jobs N)',
  once: true,
  whenAsked: true,
  ours: async (broker, { quick, jobs }) => {
    const bytes = quick ? QUICK_BYTES : BYTES;
    const { id, lines } = await writtenLog(broker, bytes);
    const path = `/api/v1/jobs/${id}/logs`;
    const waits: number[] = [];
    for (let n = 0; n < SCREENS; n += 1) {
      // Far apart, so that no two screens are of one piece of the log.
      const from = 1 + ((n * 7_919 * 997) % Math.max(1, lines - SCREEN));
      const begun = performance.now();
      const page = await broker.json<{ lines: { number: number }[] }>(
        'GET',
        `${path}/lines?from=${from}&count=${SCREEN}`,
      );
      waits.push(performance.now() - begun);
      if (page.lines[0]?.number !== from) throw new Error(`line ${from} was asked for, ${page.lines[0]?.number} came`);
    }
    const begun = performance.now();
    await broker.json('GET', `${path}/index?points=500`);
    const index = performance.now() - begun;
    const row = (name: string, value: number, unit: string, aim?: string): Row => ({
      name,
      value,
      unit,
      ...(aim === undefined ? {} : { aim }),
    });
    return [
      row('any 100 lines, p50', percentile(waits, 50), 'ms'),
      row('any 100 lines, p99', percentile(waits, 99), 'ms', '<= 200'),
      row('index with 500 points', index, 'ms'),
      row('search for a text', await search(broker, id, 'q=not-there', bytes), 'MB/s'),
      row('search in any case', await search(broker, id, 'q=NOT-THERE&ignore_case=true', bytes), 'MB/s'),
      row(
        'search by a regular expression',
        await search(broker, id, 'regex=level%3D(warn%7Cerror).*disk', bytes),
        'MB/s',
      ),
      row('search for errors', await search(broker, id, 'preset=errors', bytes), 'MB/s'),
      ...(await screens(broker, {
        jobs: jobs ?? (quick ? 2_000 : 1_000_000),
        rows: quick ? 1_000 : 100_000,
        logBytes: bytes,
      })),
    ];
  },
};

/** MB of log a second that a search without a hit looks at. */
async function search(broker: Broker, id: string, query: string, bytes: number): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(`${broker.url}/api/v1/jobs/${id}/logs/search?${query}`);
  let end: { reason: string; bytes: number } | undefined;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (event === 'end') end = JSON.parse(data) as typeof end;
    },
  });
  const decoder = new TextDecoder();
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>)
    parser.feed(decoder.decode(part, { stream: true }));
  if (!end || (end.reason === 'end' && end.bytes !== bytes))
    throw new Error(`the search ended with ${JSON.stringify(end)}`);
  return end.bytes / 1e6 / ((performance.now() - begun) / 1000);
}
