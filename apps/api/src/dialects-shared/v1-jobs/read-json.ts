import type { Request } from 'express';
import { readBody } from '../../http/read-body.js';
import { rawBody } from '../../http/body-parsers.js';
import { hpcRefusal } from './refusal.js';

/** Bodies of these paths are JSON whatever their content type says (or does not say), on GET as well: read here, not by the app's parsers. */
rawBody(/^\/v1\/(jobs|events|nodes|service|token)(\/|$)/);

/** A job with a large environment. */
const MAX_BYTES = 4 * 1024 * 1024;

/** The JSON body; undefined when there is none. @throws Refusal 400 `invalid_request` when it is no JSON */
export async function readJson(request: Request): Promise<unknown> {
  const bytes = await readBody(request, MAX_BYTES);
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw hpcRefusal('invalid_request', 'Invalid JSON body');
  }
}
