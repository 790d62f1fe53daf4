import type { BacktestResult } from '../../api/types.js';

/** The least and the greatest value that a chart shows. `binary`: its round values are powers of two, as of bytes. */
export type Range = readonly [low: number, high: number, binary?: boolean];

/** The part of a chart that a threshold is kept from its edges, so that it can be moved on. */
const MARGIN = 0.1;

/** A range in which every reading and the threshold have room. 0 is in it. */
export function rangeOf(series: BacktestResult['series'], thresholds: readonly number[], binary = false): Range {
  let low = 0;
  let high = 0;
  for (const value of [...series.flatMap(({ values }) => values), ...thresholds]) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) return [0, 1, binary];
  const room = (high - low) * MARGIN;
  return [low === 0 ? 0 : low - room, high === 0 ? 0 : high + room, binary];
}

/**
 * A step of a threshold by keyboard, and what a dragged one is rounded to: 1, 2 or 5 times a power of ten, or a power
 * of two.
 */
export function stepOf([low, high, binary = false]: Range): number {
  const rough = (high - low) / 200;
  if (binary) return 2 ** Math.max(0, Math.round(Math.log2(rough)));
  const power = 10 ** Math.floor(Math.log10(rough));
  const share = rough / power;
  return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/** A value as a whole number of steps within the range. */
export function rounded(value: number, range: Range): number {
  const step = stepOf(range);
  const kept = Math.min(range[1], Math.max(range[0], value));
  // A product of a step such as 0.1 has digits that nobody asked for.
  return Number((Math.round(kept / step) * step).toPrecision(12));
}

/** The place of a value from the top of the chart, as a share of its height. */
export const shareOf = (value: number, [low, high]: Range): number =>
  Math.min(1, Math.max(0, (high - value) / (high - low)));

/** The value at a place. */
export const valueAt = (share: number, [low, high]: Range): number => high - share * (high - low);

const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 20,
  PageDown: -20,
};

/** The threshold after a key; null: the key does not move it. */
export function moved(key: string, value: number, range: Range): number | null {
  if (key === 'Home') return rounded(range[0], range);
  if (key === 'End') return rounded(range[1], range);
  const steps = STEPS[key];
  if (steps === undefined) return null;
  const step = stepOf(range);
  return Number(((Math.round(value / step) + steps) * step).toPrecision(12));
}
