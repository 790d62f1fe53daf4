import { currentOf, type Profile } from '@drover/domain';

/** One figure of two profiles. `ratio`: b / a; null when there is none to tell. */
export interface Figure {
  name: string;
  a: number | null;
  b: number | null;
  ratio: number | null;
}

/** The least and the most of a figure over several profiles. */
export type Range = readonly [low: number, high: number];

export type Unit = 'seconds' | 'bytes' | 'percent';

const LESS_IS_BETTER = new Set(['wall_s', 'cpu_seconds', 'peak_memory_bytes', 'memory_bytes_mean']);
const TROUBLE = /(^|_)(errors?|failures?|timeouts?|retries)(_total)?$/;

/** The name of a metric without its labels. */
const bare = (name: string): string => name.split('{', 1)[0] as string;

/** Whether less of a figure is better. Null: nobody can say. */
export const betterOf = (name: string): 'less' | null =>
  LESS_IS_BETTER.has(name) || TROUBLE.test(bare(name)) ? 'less' : null;

/** The unit that the name of a figure tells, after the rules of Prometheus. Null: none. */
export function unitOf(name: string): Unit | null {
  if (name === 'wall_s') return 'seconds';
  const [, unit] = /_(seconds|bytes|percent)(_total|_mean|_max)?$/.exec(bare(name)) ?? [];
  return (unit as Unit | undefined) ?? null;
}

const SUMMARY = ['wall_s', 'cpu_seconds', 'peak_memory_bytes', 'read_bytes', 'write_bytes'] as const;
const DIGEST = ['cpu_percent_mean', 'cpu_percent_max', 'memory_bytes_mean'] as const;

/** Every figure of a profile by name: the summary's, then the metrics'. */
export function figuresOf(profile: Profile): Map<string, number | null> {
  const figures = new Map<string, number | null>(SUMMARY.map((name) => [name, profile.summary[name]]));
  for (const name of DIGEST) figures.set(name, profile.summary.samples?.[name] ?? null);
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
export const medianFigures = (profiles: readonly Profile[]): Map<string, number | null> =>
  new Map([...valuesOf(profiles)].map(([name, values]) => [name, median(values)]));

/** Figure by figure the least and the most of several profiles. A figure that none of them has is absent. */
export const rangesOf = (profiles: readonly Profile[]): Map<string, Range> =>
  new Map(
    [...valuesOf(profiles)].flatMap(([name, values]) =>
      values.length === 0 ? [] : [[name, [Math.min(...values), Math.max(...values)] as const]],
    ),
  );

function valuesOf(profiles: readonly Profile[]): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const profile of profiles) {
    for (const [name, value] of figuresOf(profile)) {
      const values = all.get(name) ?? [];
      if (value !== null) values.push(value);
      all.set(name, values);
    }
  }
  return all;
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
