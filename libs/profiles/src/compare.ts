import { currentOf, type Profile } from '@drover/domain';

/** One figure of two profiles. `ratio`: b / a; null when there is none to tell. */
export interface Figure {
  name: string;
  a: number | null;
  b: number | null;
  ratio: number | null;
}

const SUMMARY = ['wall_s', 'cpu_seconds', 'peak_memory_bytes', 'read_bytes', 'write_bytes'] as const;

/** Every figure of a profile by name: the summary's, then the metrics'. */
export function figuresOf(profile: Profile): Map<string, number | null> {
  const figures = new Map<string, number | null>(SUMMARY.map((name) => [name, profile.summary[name]]));
  figures.set('size', profile.desc.size);
  for (const series of profile.counters) figures.set(series.name, currentOf(series));
  return figures;
}

/** The middle one, or the mean of the two in the middle. Null for nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((x, y) => x - y);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Figure by figure the median of several profiles; of those that have it. */
export function medianFigures(profiles: readonly Profile[]): Map<string, number | null> {
  const all = new Map<string, number[]>();
  for (const profile of profiles) {
    for (const [name, value] of figuresOf(profile)) {
      const values = all.get(name) ?? [];
      if (value !== null) values.push(value);
      all.set(name, values);
    }
  }
  return new Map([...all].map(([name, values]) => [name, median(values)]));
}

export function compareFigures(a: ReadonlyMap<string, number | null>, b: ReadonlyMap<string, number | null>): Figure[] {
  const ratio = (x: number | null, y: number | null): number | null =>
    x === null || y === null ? null : x === 0 ? (y === 0 ? 1 : null) : y / x;
  return [...new Set([...a.keys(), ...b.keys()])].map((name) => {
    const x = a.get(name) ?? null;
    const y = b.get(name) ?? null;
    return { name, a: x, b: y, ratio: ratio(x, y) };
  });
}
