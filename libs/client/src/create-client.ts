import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './api.generated.js';

/** A typed client of every route of the native API. */
export type DroverClient = Client<paths>;

/** A typed client of the native API. `url` without /api/v1; the token goes as a bearer. */
export function createDroverClient(options: { url: string; token?: string; fetch?: typeof fetch }): DroverClient {
  return createClient<paths>({
    baseUrl: options.url.replace(/\/+$/, ''),
    ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
    ...(options.fetch ? { fetch: (request: globalThis.Request) => (options.fetch as typeof fetch)(request) } : {}),
  });
}
