/** The value below which `p` percent of the values lie. */
export function percentile(values: number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}

export const seconds = (since: number): number => (performance.now() - since) / 1000;

/** One row of the table: a figure beside its floor of the same run. */
export interface Row {
  name: string;
  value: number;
  unit: string;
  /** What the bare thing does. */
  floor?: number;
  floorName?: string;
  /** What we want, in the unit. */
  aim?: string;
}

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
