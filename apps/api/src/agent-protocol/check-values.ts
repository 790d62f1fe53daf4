import { isUuid } from '@drover/jobs';

/** The largest number of an `integer` in the record. */
export const MOST_INTEGER = 2_147_483_647;

export const object = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
/** A text that is not empty and that the record can hold. */
export const text = (value: unknown, max: number): value is string =>
  typeof value === 'string' &&
  value.length > 0 &&
  value.length <= max &&
  !value.includes('\u0000') &&
  value.isWellFormed();
export const whole = (value: unknown, max = Number.MAX_SAFE_INTEGER): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
export const uuid = (value: unknown): value is string => typeof value === 'string' && isUuid(value);
