/** A bar on a lane. Null: it goes on. */
interface Stretch {
  node: string;
  from: Date;
  to: Date | null;
}

/**
 * Gives each bar the lowest slot of its node, from 1, that is free at its begin. Workers do not number their slots: two
 * looks at different periods may number them differently. The bars have to be in the order of their begins.
 */
export function slotsOf(bars: readonly Stretch[]): number[] {
  const ends = new Map<string, number[]>();
  return bars.map(({ node, from, to }) => {
    const lanes = ends.get(node) ?? [];
    ends.set(node, lanes);
    const free = lanes.findIndex((end) => end <= from.getTime());
    const slot = free < 0 ? lanes.length : free;
    lanes[slot] = to?.getTime() ?? Infinity;
    return slot + 1;
  });
}
