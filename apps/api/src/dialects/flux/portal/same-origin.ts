import type { Request } from 'express';
import { Refusal } from '../../../dialects-shared/v1-jobs/index.js';

/** A form of another site must not submit or cancel with this browser's login. Programs send neither header. @throws Refusal 403 */
export function sameOrigin(request: Request): void {
  const site = request.header('sec-fetch-site');
  const origin = request.header('origin');
  const foreign = site !== undefined ? site !== 'same-origin' && site !== 'none' : origin !== undefined && hostOf(origin) !== request.header('host');
  if (foreign) throw new Refusal(403, { detail: 'Forms of other sites are not taken', error: 'invalid_request', message: 'Forms of other sites are not taken' });
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
