import { invalid } from '@drover/domain';
import type { Idempotency } from '@drover/jobs';
import { bodyHash } from './translate.js';

/** The name a client gave its request, and what the request says. Throws `invalid`. */
export function idempotencyOf(key: string | undefined, body: unknown): Idempotency | undefined {
  if (key === undefined) return undefined;
  if (/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(key)) return { key, bodyHash: bodyHash(body) };
  throw invalid([{ field: 'Idempotency-Key', message: 'must have 1 to 200 printable ASCII characters' }]);
}
