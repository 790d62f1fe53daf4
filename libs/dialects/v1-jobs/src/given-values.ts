import { unprocessable } from './refusal.js';

/** The values of a query string or JSON body, not yet checked. */
export type Values = Record<string, unknown>;

export const isObject = (value: unknown): value is Values =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const TRUE = /^(true|1|on|yes|t|y)$/i;
const FALSE = /^(false|0|off|no|f|n)$/i;

/** Neither given, nor null, nor empty: what the client sends for Python's None. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** A list in a query (`?a=1&a=2`) counts as its last value. */
export const last = (value: unknown): unknown => (Array.isArray(value) ? value.at(-1) : value);

/** Reads a boolean as pydantic does. Undefined when it was not given. @throws Refusal 422 */
export function boolean(values: Values, name: string, where = 'query'): boolean | undefined {
  const value = last(values[name]);
  if (!isGiven(value)) return undefined;
  if (typeof value === 'boolean') return value;
  const word = String(value).trim();
  if (TRUE.test(word)) return true;
  if (FALSE.test(word)) return false;
  throw unprocessable([{ loc: [where, name], msg: 'value could not be parsed to a boolean', type: 'type_error.bool' }]);
}

/** A whole number, also as text. Undefined when not given. @throws Refusal 422 */
export function integer(values: Values, name: string, where = 'query'): number | undefined {
  const value = last(values[name]);
  if (!isGiven(value)) return undefined;
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)
        ? Number(value)
        : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw unprocessable([{ loc: [where, name], msg: 'value is not a valid integer', type: 'type_error.integer' }]);
}

/** Query and JSON body together; the query wins. */
export function merged(query: unknown, body: unknown): Values {
  return { ...(isObject(body) ? body : {}), ...(isObject(query) ? query : {}) };
}
