import type { ServerResponse } from 'node:http';
import { isDroverError } from '@drover/domain';

/** `Retry-After` of a refusal that will not last: what the refusal says itself, else a second. */
export function retryHeaders(status: number, error: unknown): Record<string, string> {
  if (status !== 503 && status !== 429) return {};
  const told = isDroverError(error) ? error.details['retry_after_s'] : undefined;
  return { 'Retry-After': String(typeof told === 'number' ? Math.max(1, Math.ceil(told)) : 1) };
}

export function sayWhenToRetry(response: ServerResponse, status: number, error: unknown): void {
  for (const [name, value] of Object.entries(retryHeaders(status, error))) response.setHeader(name, value);
}
