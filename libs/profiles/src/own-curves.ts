import type { CounterValues, SeriesReading } from '@drover/store';
import { unitOf } from './compare.js';
import { curveOf, type Curve, type Grid, type Sides, type Values } from './curves.js';

/** A series that a job pushed. */
export interface OwnSeries {
  name: string;
  type: 'counter' | 'gauge';
}

/** Series of which there are curves: the first by name. */
const MOST_SERIES = 16;

/** The series of some readings, by name. */
export function seriesOf(readings: readonly CounterValues[]): OwnSeries[] {
  const types = new Map<string, OwnSeries['type']>();
  for (const { c, g } of readings) {
    for (const name of Object.keys(c ?? {})) types.set(name, 'counter');
    for (const name of Object.keys(g ?? {})) types.set(name, 'gauge');
  }
  return [...types]
    .map(([name, type]) => ({ name, type }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .slice(0, MOST_SERIES);
}

/**
 * Curves of series that jobs pushed. Readings are some seconds apart, and lie elsewhere in each job: a gauge holds
 * until the next one, a counter grew evenly since the one before.
 */
export function ownCurvesOf(
  series: readonly OwnSeries[],
  readings: readonly SeriesReading[],
  spans: ReadonlyMap<string, { start: Date; stop: Date }>,
  sides: Sides,
  grid: Grid,
): Curve[] {
  const byJob = new Map<string, { seconds: number; values: SeriesReading['values'] }[]>();
  for (const { job_id: id, at, values } of readings) {
    const span = spans.get(id);
    // Readings of an earlier attempt are not of this run.
    if (!span || at < span.start || at > span.stop) continue;
    const reading = { seconds: (at.getTime() - span.start.getTime()) / 1_000, values };
    const known = byJob.get(id);
    if (known) known.push(reading);
    else byJob.set(id, [reading]);
  }
  return series.flatMap(({ name, type }, place) => {
    const valuesOf = (job: string): Values => {
      const own = (byJob.get(job) ?? []).flatMap(({ seconds, values }) => {
        const value = values[place] ?? null;
        return value === null ? [] : [{ seconds, value }];
      });
      return type === 'gauge' ? heldOf(own, grid) : grownOf(own, grid);
    };
    const unit = unitOf(name);
    return curveOf(
      { name, unit: type === 'counter' && unit === 'seconds' ? null : unit, per_second: type === 'counter' },
      valuesOf,
      sides,
    );
  });
}

type Own = readonly { seconds: number; value: number }[];

const stepOf = (seconds: number, { stepS, steps }: Grid): number => Math.min(steps - 1, Math.floor(seconds / stepS));

function heldOf(own: Own, grid: Grid): Values {
  const values: Values = Array.from({ length: grid.steps }, () => null);
  for (const [at, { seconds, value }] of own.entries()) {
    const from = stepOf(seconds, grid);
    const next = own[at + 1];
    values.fill(value, from, next ? Math.max(from + 1, stepOf(next.seconds, grid)) : from + 1);
  }
  return values;
}

function grownOf(own: Own, grid: Grid): Values {
  const values: Values = Array.from({ length: grid.steps }, () => null);
  for (const [at, { seconds, value }] of own.entries()) {
    const before = own[at - 1];
    if (!before || value < before.value || seconds <= before.seconds) continue;
    const to = stepOf(seconds, grid) + 1;
    values.fill(
      (value - before.value) / (seconds - before.seconds),
      Math.min(to - 1, stepOf(before.seconds, grid) + 1),
      to,
    );
  }
  return values;
}
