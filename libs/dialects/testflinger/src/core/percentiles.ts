/** The percentiles that clients are shown. */
const SHOWN = [5, 10, 50, 90, 95] as const;

/**
 * Percentiles of counted samples, exactly: the value at rank (count - 1) * p / 100 of all samples in their order,
 * linear between neighbours. `values` ascend; each was seen as often as `counts` says, at least once.
 */
export function percentiles(values: readonly number[], counts: readonly number[]): Record<string, number> {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const result: Record<string, number> = {};
  let at = 0;
  let upTo = counts[0] ?? 0;
  /** The sample at an index; indexes only grow. */
  const sample = (index: number): number => {
    while (upTo <= index && at < values.length - 1) upTo += counts[++at] as number;
    return values[at] ?? 0;
  };
  for (const percent of SHOWN) {
    const rank = ((total - 1) * percent) / 100;
    const low = sample(Math.floor(rank));
    // The neighbour may belong to the same value, and the next percentile to it, too: so it is looked up without moving
    // on.
    const high = Math.ceil(rank) < upTo ? low : (values[at + 1] ?? low);
    result[percent] = low + (high - low) * (rank - Math.floor(rank));
  }
  return result;
}
