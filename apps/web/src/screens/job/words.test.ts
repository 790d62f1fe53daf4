import { expect, it } from 'vitest';
import { bandWords, startWords } from './words.js';

const NOW = Date.parse('2030-01-31T08:00:00Z');

it.each([
  ['2030-01-31T08:02:00Z', '2030-01-31T08:05:00Z', 'well', 'It starts in 2m to 5m (p50 to p90).'],
  ['2030-01-31T08:02:00Z', '2030-01-31T08:05:00Z', 'roughly', 'It starts roughly in 2m to 5m (p50 to p90).'],
  ['2030-01-31T09:00:00Z', '2030-01-31T09:00:00Z', 'well', null],
  ['2030-01-31T08:00:00Z', '2030-01-31T08:00:00Z', 'well', null],
  [null, null, 'unknown', null],
] as const)('from %s to %s, %s, is told as a range, if there is one', (half, most, sure, words) => {
  expect(startWords({ p50_at: half, p90_at: most, sure }, NOW)).toBe(words);
});

it('what runs took is told as a band, and nothing of too few', () => {
  expect(bandWords({ p10_s: 12, p50_s: 20, p90_s: 90, runs: 20 })).toBe(
    'Of the 20 runs before it that succeeded, eight in ten took 12s to 1m 30s, half at most 20s.',
  );
  expect(bandWords({ p10_s: 12, p50_s: 12, p90_s: 12, runs: 1 })).toBe(
    'The one run before it that succeeded took 12s.',
  );
  expect(bandWords({ p10_s: null, p50_s: null, p90_s: null, runs: 0 })).toMatch(/^No run before it succeeded/);
});
