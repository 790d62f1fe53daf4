import type { Alarm } from '../api/types.js';
import { bytesOf } from './format.js';
import { spanOf } from './time.js';

type Rule = Pick<Alarm, 'metric' | 'operator' | 'threshold' | 'clear_threshold' | 'for_s' | 'keep_for_s' | 'no_data'>;

/** A number as short as it may be without a loss that anybody sees. */
const plain = (value: number): string =>
  Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-4)
    ? value.toExponential(3)
    : value.toLocaleString(undefined, { maximumFractionDigits: Math.abs(value) < 10 ? 4 : 1 });

const bareName = (metric: string): string => metric.replace(/\{.*$/s, '');

/** Whether the values of a metric are bytes, by its name. */
export const isBytes = (metric: string): boolean => /_bytes(_total)?$/.test(bareName(metric));

/** Says a value of a metric: bytes and percent by the end of the metric's name, any other as a number. */
export function metricWords(metric: string): (value: number) => string {
  const name = bareName(metric);
  if (isBytes(metric)) return (value) => (value < 0 ? `−${bytesOf(-value)}` : bytesOf(value));
  if (/_percent$/.test(name)) return (value) => `${plain(value)} %`;
  return plain;
}

const SIDES: Readonly<Record<string, string>> = { '>': 'above', '<': 'below', '=': 'exactly' };

const lasting = (seconds: number): string => spanOf(seconds * 1000).replace(/\.0s$/, 's');

/** The condition of an alarm in words: `job_memory_bytes above 8.0 GiB for 30s`. */
export function expressionOf({
  metric,
  operator,
  threshold,
  clear_threshold,
  for_s,
  keep_for_s,
  no_data,
}: Rule): string {
  const words = metricWords(metric);
  const side = SIDES[operator] ?? operator;
  return [
    `${metric} ${side} ${words(threshold)}`,
    for_s > 0 ? ` for ${lasting(for_s)}` : '',
    no_data === 'alarm' ? ', or without a value' : '',
    clear_threshold === null ? '' : `, until it is no longer ${side} ${words(clear_threshold)}`,
    keep_for_s > 0 ? `, and ${lasting(keep_for_s)} after` : '',
  ].join('');
}
