import { describe, expect, it } from 'vitest';
import { JsonScan } from './json-scan.js';
import { parseJson } from './parse-json.js';

const LIMITS = { depth: 16, items: 1_000_000, elements: 10_000 };

/** Scans a text cut into parts of so many bytes, and parses it. */
async function read(text: string, cut = 65_536, limits = LIMITS): Promise<{ value: unknown; lists: number }> {
  const bytes = Buffer.from(text);
  const scan = new JsonScan(limits);
  for (let at = 0; at < bytes.length; at += cut) scan.feed(bytes.subarray(at, at + cut));
  return { value: await parseJson(bytes, scan.lists), lists: scan.lists.length };
}
const outcome = async (work: Promise<{ value: unknown }>): Promise<unknown> =>
  work.then(
    ({ value }) => JSON.stringify(value),
    () => 'refused',
  );
const plain = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return 'refused';
  }
};
const big = (
  n: number,
  of: unknown = { command: 'echo "a\\b"', tags: ['[', '{', ',', '\\'], metadata: { x: [1, { y: ']' }] } },
): string => Array(n).fill(JSON.stringify(of)).join(',');

describe('a JSON text looked at as bytes', () => {
  it('gives what JSON.parse gives, however the bytes are cut', async () => {
    const texts = [
      '{}',
      '[]',
      '1',
      '"x"',
      '',
      '{"a":"\\\\"}',
      '{"a":"\\\\\\""}',
      '["\\u0022]",{"a":[1,2]}]',
      '{"a"',
      '{"a":}',
      '[1,2',
      '{"a":"\\',
    ];
    for (const text of texts) {
      for (const cut of [1, 2, 3, 7, 1000])
        expect(await outcome(read(text, cut)), `${text} by ${cut}`).toBe(text === '' ? undefined : plain(text));
    }
  });

  it('parses long lists in pieces, with the same outcome', async () => {
    const texts = [
      `{"jobs":[${big(5_000)}]}`,
      `{"first":1,"jobs": [ ${big(3_000)} ] ,"other":[${big(3_000)}],"last":{"a":[1]}}`,
      `{"jobs":[${big(3_000)}],"jobs":[7]}`,
      `{"__proto__":[${big(3_000)}],"a":1}`,
      `{"jobs":[${big(3_000)},]}`,
      `{"jobs":[${big(1_500)},,${big(1_500)}]}`,
      `{"jobs":[${big(3_000)}`,
      `{"jobs":[${big(3_000)}}]`,
      `{"jobs":[${big(3_000, 'a"\\')}]} x`,
    ];
    for (const text of texts) {
      const label = `${text.slice(0, 30)}…${text.slice(-20)}`;
      expect((await outcome(read(text))) === plain(text), label).toBe(true);
    }
    expect((await read(texts[1] as string)).lists).toBe(2);
    expect(Object.getPrototypeOf((await read(texts[3] as string)).value)).toBe(Object.prototype);
  });

  it('refuses depth, numbers of values and elements before the text is over', () => {
    const refusal = (limits: typeof LIMITS, part: string): string => {
      try {
        const scan = new JsonScan(limits);
        for (let n = 0; n < 1_000; n += 1) scan.feed(Buffer.from(part));
      } catch (error) {
        return (error as Error).message;
      }
      return 'taken';
    };
    expect(refusal(LIMITS, '[')).toContain('more than 16 levels');
    expect(refusal({ ...LIMITS, items: 100 }, '0,')).toContain('more than 100 values');
    const scan = new JsonScan(LIMITS);
    expect(() => scan.feed(Buffer.from(`{"jobs":[${'0,'.repeat(10_001)}`))).toThrow(
      'jobs: must hold at most 10000 items',
    );
    expect(() => new JsonScan(LIMITS).feed(Buffer.from(`{"jobs":[${'0,'.repeat(9_999)}0]}`))).not.toThrow();
  });
});
