import { bytesOf } from './format.js';
import { spanOf } from './time.js';

export type Unit = 'seconds' | 'bytes' | 'percent' | null;

/** A value in words after its unit. A dash where there is none. */
export function valueWords(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (unit === 'seconds') return spanOf(value * 1_000);
  if (unit === 'bytes') return bytesOf(value);
  const shown = numberOf(value);
  return unit === 'percent' ? `${shown} %` : shown;
}

/** A number with at most four digits behind the first one, and whole ones whole. */
const numberOf = (value: number): string =>
  Number.isInteger(value) || Math.abs(value) >= 10_000
    ? Math.round(value).toLocaleString()
    : Number(value.toPrecision(4)).toLocaleString(undefined, { maximumSignificantDigits: 4 });

/** A ratio that differs by less is the same run to run. */
const SAME = 0.02;

export type Verdict = 'better' | 'worse' | 'same' | null;

/** Whether a ratio is good news. Null: nobody can say. */
export function verdictOf(ratio: number | null, better: 'less' | null): Verdict {
  if (ratio === null || better === null) return null;
  if (Math.abs(ratio - 1) <= SAME) return 'same';
  return ratio < 1 ? 'better' : 'worse';
}

/** A ratio as a person reads it: `1.5×`, `0.02×`, `120×`. */
export const ratioWords = (ratio: number | null): string =>
  ratio === null ? '–' : `${ratio >= 100 ? Math.round(ratio).toLocaleString() : Number(ratio.toPrecision(3))}×`;

/** Where a value lies beside a range. Null: within it, or there is none. */
export function beyond(
  value: number | null,
  { low, high }: { low: number | null; high: number | null },
): 'above' | 'below' | null {
  if (value === null || low === null || high === null) return null;
  return value > high ? 'above' : value < low ? 'below' : null;
}
