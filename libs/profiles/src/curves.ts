import type { CurvePoint } from '@drover/store';
import { median, unitOf, type Unit } from './compare.js';

/** One figure over the time since the start, a value a step; null: there is none. */
export interface Curve {
  name: string;
  unit: Unit | null;
  /** The values are the growth a second of a running total. */
  per_second: boolean;
  job: (number | null)[];
  /** The other job's, or the median of the runs. */
  with: (number | null)[];
  /** The least and the most of the runs. */
  low: (number | null)[];
  high: (number | null)[];
}

/** The longest grid: more steps than a chart has columns tell nothing more. */
const MOST_STEPS = 200;

/** Steps that cover so many seconds: whole seconds, not too many. */
export function gridOf(longestS: number): Grid {
  const stepS = Math.max(1, Math.ceil(longestS / MOST_STEPS));
  return { stepS, steps: Math.min(MOST_STEPS, Math.floor(longestS / stepS) + 1) };
}

export type Values = (number | null)[];

/** The jobs of a comparison; `with` null: the median of the runs. */
export interface Sides {
  job: string;
  with: string | null;
  runs: readonly string[];
}

export interface Grid {
  stepS: number;
  steps: number;
}

const FIGURES: readonly { name: string; unit?: Unit; of: keyof CurvePoint; grows?: true }[] = [
  { name: 'cpu_percent', of: 'cpu_percent' },
  { name: 'memory_bytes', of: 'memory_bytes' },
  { name: 'read_bytes_per_second', unit: 'bytes', of: 'read_bytes', grows: true },
  { name: 'write_bytes_per_second', unit: 'bytes', of: 'write_bytes', grows: true },
  { name: 'gpu_percent', of: 'gpu_percent' },
  { name: 'gpu_memory_bytes', of: 'gpu_memory_bytes' },
];

/** Curves of a job beside another one, or (null) the median of the runs. Figures that neither has are left out. */
export function curvesOf(points: readonly CurvePoint[], sides: Sides, { stepS, steps }: Grid): Curve[] {
  const byJob = new Map<string, CurvePoint[]>();
  for (const point of points) {
    const known = byJob.get(point.job_id);
    if (known) known.push(point);
    else byJob.set(point.job_id, [point]);
  }
  return FIGURES.flatMap(({ name, unit, of, grows = false }) => {
    const valuesOf = (id: string): Values => {
      const values: Values = Array.from({ length: steps }, () => null);
      for (const point of byJob.get(id) ?? []) values[point.step] = point[of] as number | null;
      return grows ? rates(values, stepS) : values;
    };
    return curveOf({ name, unit: unit ?? unitOf(name), per_second: grows }, valuesOf, sides);
  });
}

/** One curve, as a list; it is empty where neither side has a value. */
export function curveOf(
  about: Pick<Curve, 'name' | 'unit' | 'per_second'>,
  valuesOf: (job: string) => Values,
  { job, with: other, runs }: Sides,
): Curve[] {
  const own = valuesOf(job);
  const all = runs.map(valuesOf);
  const at = (step: number): number[] => all.flatMap((values) => values[step] ?? []);
  const over = (pick: (values: number[]) => number | null): Values =>
    own.map((_value, step) => (at(step).length === 0 ? null : pick(at(step))));
  const beside = other === null ? over(median) : valuesOf(other);
  if (![...own, ...beside].some((value) => value !== null)) return [];
  return [
    {
      ...about,
      job: own,
      with: beside,
      low: over((values) => Math.min(...values)),
      high: over((values) => Math.max(...values)),
    },
  ];
}

/** The growth of a running total a second. Null where it began anew, and where there is nothing before. */
function rates(totals: Values, stepS: number): Values {
  let before: { step: number; total: number } | null = null;
  return totals.map((total, step) => {
    if (total === null) return null;
    const last = before;
    before = { step, total };
    return last === null || total < last.total ? null : (total - last.total) / ((step - last.step) * stepS);
  });
}
