interface Taken {
  /** The number of the slot, from 1. */
  slot: number;
}

/**
 * The taken slots of a node and so many free ones (null), each at its number: a job that runs stays where it is when
 * one before it ends. A job on several slots has one number, so there may be fewer free slots than numbers between.
 */
export function placesOf<T extends Taken>(taken: readonly T[], free: number): (T | null)[] {
  const places: (T | null)[] = [];
  let left = free;
  for (const one of taken) {
    for (; left > 0 && places.length + 1 < one.slot; left -= 1) places.push(null);
    places.push(one);
  }
  return [...places, ...Array.from({ length: left }, () => null)];
}
