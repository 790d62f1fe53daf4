import type { Explanation, RunList } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { spanOf } from '../../lib/time.js';

/**
 * When it starts, as a range from the middle of what is likely to nine in ten. Null: it is not
 * known, or there is no range to tell.
 */
export function startWords(
  { p50_at: half, p90_at: most, sure }: Pick<NonNullable<Explanation['start']>, 'p50_at' | 'p90_at' | 'sure'>,
  now: number,
): string | null {
  if (half === null || most === null || sure === 'unknown') return null;
  const [from, to] = [spanOf(Date.parse(half) - now), spanOf(Date.parse(most) - now)];
  const roughly = sure === 'roughly' ? 'roughly ' : '';
  return from === to ? null : `It starts ${roughly}in ${from} to ${to} (p50 to p90).`;
}

/** The time that runs mostly take, in one sentence. */
export function bandWords({ p10_s: low, p50_s: half, p90_s: high, runs }: RunList['band']): string {
  if (low === null || half === null || high === null)
    return 'No run before it succeeded, so nothing is known of how long it takes.';
  if (runs === 1) return `The one run before it that succeeded took ${spanOf(half * 1_000)}.`;
  return `Of the ${counted(runs, 'run')} before it that succeeded, eight in ten took ${spanOf(low * 1_000)} to ${spanOf(high * 1_000)}, half at most ${spanOf(half * 1_000)}.`;
}
