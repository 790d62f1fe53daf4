import type { Counters } from '../../api/types.js';
import type { Series } from './chart.js';

/** Charts of a job's own series at most. */
const MOST_CHARTS = 16;

const FORMAT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 2 });
const words = (value: number): string => FORMAT.format(value);

/**
 * The series that a job pushed, as charts: gauges as they are, counters by their growth a second, null where one began
 * anew. Series without two values are left out.
 */
export function counterSeriesOf({ series, readings }: Counters): Series[] {
  const times = readings.map(({ at }) => Date.parse(at) / 1_000);
  return series
    .map(({ name, type }, place): Series => {
      const values = readings.map((reading) => reading.values[place] ?? null);
      return {
        title: type === 'counter' ? `${name} a second` : name,
        values: type === 'counter' ? growthOf(values, times) : values,
        words,
        limit: null,
      };
    })
    .filter(({ values }) => values.filter((value) => value !== null).length >= 2)
    .slice(0, MOST_CHARTS);
}

function growthOf(values: readonly (number | null)[], times: readonly number[]): (number | null)[] {
  return values.map((value, at) => {
    const before = values[at - 1] ?? null;
    const seconds = (times[at] ?? 0) - (times[at - 1] ?? 0);
    return value === null || before === null || value < before || seconds <= 0 ? null : (value - before) / seconds;
  });
}
