import type { Series } from '@drover/domain';

/**
 * Several lists of series as one, by name: what stands in two of them is added up. A name that is of two types stays
 * what it was first.
 */
export function mergeSeries(lists: readonly (readonly Series[])[]): Series[] {
  const merged = new Map<string, Series>();
  for (const one of lists.flat()) {
    const known = merged.get(one.name);
    if (!known) merged.set(one.name, one);
    else if (known.type === 'counter' && one.type === 'counter')
      merged.set(one.name, { ...known, value: known.value + one.value });
    else if (known.type === 'gauge' && one.type === 'gauge' && one.hits > 0) {
      merged.set(
        one.name,
        known.hits <= 0
          ? one
          : {
              ...known,
              min: Math.min(known.min, one.min),
              max: Math.max(known.max, one.max),
              hits: known.hits + one.hits,
              total: known.total + one.total,
            },
      );
    }
  }
  return [...merged.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
