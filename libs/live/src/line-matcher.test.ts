import { describe, expect, it } from 'vitest';
import { LineMatcher, type FoundLine, type MatcherOptions } from './line-matcher.js';

const LINES = Array.from({ length: 60 }, (_, n) => (n % 10 === 3 ? `Größe ${n} ERROR here, error there` : `line ${n}`));
const TEXT = Buffer.from(`${LINES.join('\r\n')}\r\n`);

/** Searches a text that comes in pieces of a length. */
function search(text: Buffer, size: number, options: Partial<MatcherOptions>): FoundLine[] {
  const matcher = new LineMatcher({ ignoreCase: false, before: 0, after: 0, first: 0, limit: 1_000, ...options });
  const found: FoundLine[] = [];
  let line = 0;
  for (let at = 0; at < text.length && !matcher.isDone; at += size) {
    const raw = text.subarray(at, at + size);
    found.push(...matcher.piece({ stream: 'stdout', line, offset: at, stream_offset: at, at: 'now' }, raw));
    line += raw.filter((byte) => byte === 0x0a).length;
  }
  if (!matcher.isDone) found.push(...matcher.end());
  return found;
}
const numbers = (found: FoundLine[]): string[] =>
  found.map(({ kind, number }) => `${number}${kind === 'hit' ? '!' : ''}`);

describe.each([1, 7, 64, 100_000])('a search in pieces of %i bytes', (size) => {
  it('finds each line once, with its number, its byte and the places of its matches', () => {
    const found = search(TEXT, size, { text: 'error' });
    expect(numbers(found)).toEqual(['4!', '14!', '24!', '34!', '44!', '54!']);
    for (const { number, text, offset, ranges } of found) {
      expect(text).toBe(LINES[number - 1]);
      expect(TEXT.subarray(offset).toString().startsWith(text)).toBe(true);
      expect(ranges.map(([from, to]) => text.slice(from, to))).toEqual(['error']);
    }
  });

  it('finds the same by a regular expression as by a text, in any case', () => {
    for (const options of [
      { text: 'error', ignoreCase: true },
      { regex: 'error', ignoreCase: true },
      { regex: '[eE]rror|ERROR' },
    ]) {
      const found = search(TEXT, size, options);
      expect(numbers(found)).toEqual(['4!', '14!', '24!', '34!', '44!', '54!']);
      for (const { text, ranges } of found)
        expect(ranges.map(([from, to]) => text.slice(from, to))).toEqual(['ERROR', 'error']);
    }
    expect(numbers(search(TEXT, size, { text: 'GRÖSSE', ignoreCase: true }))).toEqual([]);
    expect(search(TEXT, size, { text: 'GRÖßE', ignoreCase: true })).toHaveLength(6);
    expect(numbers(search(TEXT, size, { regex: '^line 5$' }))).toEqual(['6!']);
  });

  it('shows the lines around hits, each once', () => {
    expect(numbers(search(TEXT, size, { text: 'line 20', before: 2, after: 3 }))).toEqual([
      '19',
      '20',
      '21!',
      '22',
      '23',
      '24',
    ]);
    expect(numbers(search(TEXT, size, { regex: 'line (20|22|26)$', before: 2, after: 2 }))).toEqual([
      '19',
      '20',
      '21!',
      '22',
      '23!',
      '24',
      '25',
      '26',
      '27!',
      '28',
      '29',
    ]);
    expect(numbers(search(TEXT, size, { regex: '^line (0|59)$', before: 2, after: 2 }))).toEqual([
      '1!',
      '2',
      '3',
      '58',
      '59',
      '60!',
    ]);
  });

  it('ends after so many hits, and begins at a line', () => {
    expect(numbers(search(TEXT, size, { text: 'ERROR', limit: 2, after: 1 }))).toEqual(['4!', '5', '14!', '15']);
    expect(numbers(search(TEXT, size, { text: 'ERROR', first: 24, before: 30 })).slice(-1)).toEqual(['54!']);
    expect(search(TEXT, size, { text: 'ERROR', first: 24, before: 30 })[0]?.number).toBe(25);
  });

  it('shows of a long line what stands around its first match', () => {
    const long = Buffer.from(`${'ä'.repeat(10_000)}needle${'ö'.repeat(10_000)}\nnext\n`);
    const [found, ...more] = search(long, size, { text: 'needle' });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ number: 1, offset: 0, cut: true });
    expect(found?.text.length).toBeLessThan(4_097);
    expect(found?.ranges.map(([from, to]) => found.text.slice(from, to))).toEqual(['needle']);
    expect(found?.text).not.toContain('\ufffd');
    expect(
      long
        .subarray(found?.skipped)
        .toString()
        .startsWith(found?.text ?? '-'),
    ).toBe(true);
  });
});

it('a line of one stream ends where the other begins', () => {
  const matcher = new LineMatcher({ text: 'ab', ignoreCase: false, before: 0, after: 0, first: 0, limit: 10 });
  const at = { at: 'now', offset: 0, stream_offset: 0 };
  const found = [
    ...matcher.piece({ ...at, stream: 'stdout', line: 0 }, Buffer.from('xa')),
    ...matcher.piece({ ...at, stream: 'stderr', line: 1 }, Buffer.from('b ab\n')),
    ...matcher.piece({ ...at, stream: 'stdout', line: 2 }, Buffer.from('b, ab')),
    ...matcher.end(),
  ];
  expect(found.map(({ number, stream, text }) => [number, stream, text])).toEqual([
    [2, 'stderr', 'b ab'],
    [3, 'stdout', 'b, ab'],
  ]);
});

it('a pattern that would keep others busy for hours takes a time in proportion to the text', () => {
  const before = performance.now();
  expect(search(Buffer.from(`${'a'.repeat(20_000)}!\n`), 1_000, { regex: '^(a+)+$' })).toEqual([]);
  expect(performance.now() - before).toBeLessThan(2_000);
});
