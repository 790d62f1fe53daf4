import { section } from './section.js';
import { integer } from './variable.js';

/** What one client or one address may take of the broker. */
export const limits = section('Limits', {
  requestsPerS: integer('DROVER_RATE_LIMIT', {
    about: 'Requests a second of one client, or of one address without a login, on average. Those beyond are answered 429 with Retry-After. Workers are not counted. 0: no limit.',
    default: 10_000,
    min: 0,
    max: 1_000_000,
  }),
  burst: integer('DROVER_RATE_BURST', {
    about: 'Requests that a client who was quiet may send at once before DROVER_RATE_LIMIT holds.',
    default: 20_000,
    min: 1,
    max: 10_000_000,
  }),
  connections: integer('DROVER_MAX_CONNECTIONS', {
    about: 'Connections the API keeps open at once. Those beyond are closed as they come.',
    default: 10_000,
    min: 10,
    max: 1_000_000,
  }),
  searchMs: integer('DROVER_SEARCH_TIMEOUT_MS', {
    about: 'Milliseconds a search for jobs by a text may take; after them it is refused with a hint to narrow it.',
    default: 2_000,
    min: 10,
    max: 60_000,
  }),
});
