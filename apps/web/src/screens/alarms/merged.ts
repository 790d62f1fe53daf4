import type { AlarmFiring } from '../../api/types.js';

/** The rows that show, each as it is now, and how many of the newest do not show yet. */
export function merged(
  shown: readonly AlarmFiring[],
  newest: readonly AlarmFiring[],
): { rows: AlarmFiring[]; news: number } {
  const now = new Map(newest.map((firing) => [firing.id, firing]));
  const known = new Set(shown.map(({ id }) => id));
  const last = BigInt(shown[0]?.id ?? 0);
  return {
    rows: shown.map((firing) => now.get(firing.id) ?? firing),
    news: newest.filter(({ id }) => !known.has(id) && BigInt(id) > last).length,
  };
}
