import type { Request } from 'express';
import { DroverError } from '@drover/domain';
import { readJsonText } from '@drover/http';

export const NOT_JSON = "the request didn't have a JSON content type";
export const UNPARSABLE = 'error while parsing the JSON body';

/**
 * The request's JSON object. Throws `invalid`, with the words of the original, for another content type, no JSON, no
 * object, or a key twice.
 */
export async function jsonObject(request: Request): Promise<Record<string, unknown>> {
  if (!(request.headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
    throw new DroverError('invalid', NOT_JSON);
  const text = await readJsonText(request);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DroverError('invalid', UNPARSABLE);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || hasKeyTwice(text))
    throw new DroverError('invalid', UNPARSABLE);
  return value as Record<string, unknown>;
}

/** Whether a valid JSON object has one of its own keys twice. */
export function hasKeyTwice(text: string): boolean {
  const seen = new Set<string>();
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (depth === 1 && token.endsWith(':')) {
      const key = JSON.parse(token.slice(0, -1).trimEnd()) as string;
      if (seen.has(key)) return true;
      seen.add(key);
    }
  }
  return false;
}

/** One value of the query; a repeated key counts once, its first value. Undefined when it is missing. */
export function queryValue(request: Request, name: string): string | undefined {
  const value = (request.query as Record<string, unknown>)[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}
