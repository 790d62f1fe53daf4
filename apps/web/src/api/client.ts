import { createDroverClient } from '@drover/client';
import { connection } from './connection.js';
import { Fault, faultOf } from './fault.js';

const LONGEST_MS = 30_000;

async function watchedFetch(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    return await fetch(request, { signal });
  } catch (error) {
    // Nobody wants the answer any more: that says nothing about the API.
    if (request.signal.aborted) throw error;
    const reason = signal.aborted
      ? `The API did not answer within ${LONGEST_MS / 1000} s.`
      : 'The API does not answer.';
    connection.lost(reason);
    throw new Fault(reason, 0, 'away');
  }
}

/** The native API, typed by its OpenAPI document. The session's cookie goes along by itself. */
export const api = createDroverClient({
  url: location.origin,
  fetch: (input) => watchedFetch(input as Request),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The content of an answer. Throws a `Fault` with the API's sentence. */
export async function take<T>(asking: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asking;
  if (response.ok) return data as T;
  const fault = faultOf(response.status, error);
  if (fault.isAway) connection.lost(fault.message);
  throw fault;
}
