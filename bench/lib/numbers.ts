/** The value below which `p` percent of the values lie. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}

export const seconds = (since: number): number => (performance.now() - since) / 1000;

/** The middle of some values, and how far they lie apart. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(half)] ?? Number.NaN;
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** One figure of one round. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  /** The bare thing did this at the same moment. */
  floor?: number;
  floorName?: string;
  /** The figure that is wanted, in the unit. */
  aim?: string;
}

/** Whether more of this unit is better: rates are, times and sizes are not. */
export const moreIsBetter = (unit: string): boolean => unit.endsWith('/s');

/** Keeps `concurrency` calls under way until `total` were made; the rate a second. */
export async function rateOf(
  total: number,
  concurrency: number,
  call: (n: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < total) await call(next++);
    }),
  );
  return total / seconds(start);
}
