import { hpcRefusal, isObject, type Values } from '@drover/dialects/v1-jobs';

/*
 * Readers of request bodies. A value of the wrong JSON type is `invalid_request`, one that is missing, empty or out of
 * range is `validation_error`; both are 400. Null and absent are the same.
 */

const absent = (value: unknown): value is null | undefined => value === undefined || value === null;
const wrongType = (name: string, wanted: string): Error => hpcRefusal('invalid_request', `${name} must be ${wanted}`);
const badValue = (message: string): Error => hpcRefusal('validation_error', message);

/** Postgres text holds no NUL, and a lone surrogate is no text. */
const storable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

export function body(value: unknown): Values {
  if (isObject(value)) return value;
  throw hpcRefusal('invalid_request', 'Invalid JSON body');
}

export function optionalText(values: Values, name: string, max = 255): string | undefined {
  const value = values[name];
  if (absent(value)) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'a string');
  if (value.length > max) throw badValue(`${name} must have at most ${max} characters`);
  if (!storable(value)) throw badValue(`${name} must be valid text without NUL characters`);
  return value;
}

/** Blank counts as missing. */
export function requiredText(values: Values, name: string, missing: string): string {
  const value = optionalText(values, name);
  if (value === undefined || value.trim() === '') throw badValue(missing);
  return value;
}

export function optionalTexts(values: Values, name: string, most = 10_000): string[] | undefined {
  const value = values[name];
  if (absent(value)) return undefined;
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string'))
    throw wrongType(name, 'an array of strings');
  if (value.length > most) throw badValue(`${name} must have at most ${most} items`);
  if (value.some((item) => item.length > 255 || !storable(item)))
    throw badValue(`${name} must hold texts of at most 255 characters`);
  return value;
}

/** Reads a list of texts without its empty items. @throws Refusal when none is left */
export function texts(values: Values, name: string, missing: string): string[] {
  const found = (optionalTexts(values, name) ?? []).filter((item) => item.trim() !== '');
  if (found.length === 0) throw badValue(missing);
  return found;
}

export function optionalNumber(
  values: Values,
  name: string,
  range: { min?: number; max?: number; whole?: boolean; message?: string } = {},
): number | undefined {
  const value = values[name];
  if (absent(value)) return undefined;
  if (typeof value !== 'number' || (range.whole && !Number.isInteger(value)))
    throw wrongType(name, range.whole ? 'an integer' : 'a number');
  const { min = -Number.MAX_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = range;
  if (!(value >= min && value <= max)) throw badValue(range.message ?? `${name} must be between ${min} and ${max}`);
  return value;
}

/** RFC 3339. Undefined: absent or empty. */
export function optionalTime(values: Values, name: string): Date | undefined {
  const value = values[name];
  if (absent(value) || value === '') return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'a date-time string');
  return timeOf(name, value);
}

export function timeOf(name: string, text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/.test(text)
    ? new Date(text.replace(' ', 'T'))
    : new Date(Number.NaN);
  if (Number.isNaN(time.getTime())) throw hpcRefusal('invalid_request', `${name} must be an RFC 3339 date-time`);
  return time;
}

/** A whole number of a query string. */
export function queryNumber(query: Values, name: string, range: { min: number; max: number; default: number }): number {
  const value = query[name];
  if (absent(value) || value === '') return range.default;
  if (typeof value !== 'string' || !/^[+-]?\d+$/.test(value))
    throw hpcRefusal('invalid_request', `${name} must be an integer`);
  const number = Number(value);
  if (number < range.min || number > range.max) throw badValue(`${name} must be between ${range.min} and ${range.max}`);
  return number;
}

export function queryText(query: Values, name: string): string | undefined {
  const value = query[name];
  if (absent(value) || value === '') return undefined;
  if (typeof value !== 'string') throw hpcRefusal('invalid_request', `${name} must be given once`);
  if (!storable(value)) throw badValue(`${name} must be valid text`);
  return value;
}

const PERCENT = { min: 0, max: 100 };

export interface Usage {
  cpu_usage?: number;
  memory_usage_mb?: number;
  gpu_usage?: number;
}

export function usageOf(values: Values): Usage {
  const cpu_usage = optionalNumber(values, 'cpu_usage', { ...PERCENT, message: 'CPU usage must be between 0 and 100' });
  const memory_usage_mb = optionalNumber(values, 'memory_usage_mb', {
    min: 0,
    max: 2 ** 42,
    whole: true,
    message: 'Memory usage must be non-negative',
  });
  const gpu_usage = optionalNumber(values, 'gpu_usage', { ...PERCENT, message: 'GPU usage must be between 0 and 100' });
  return {
    ...(cpu_usage === undefined ? {} : { cpu_usage }),
    ...(memory_usage_mb === undefined ? {} : { memory_usage_mb }),
    ...(gpu_usage === undefined ? {} : { gpu_usage }),
  };
}
