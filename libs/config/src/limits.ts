import { section } from './section.js';
import { bytes, integer } from './variable.js';

/** What one client, one address or one project may take of the broker. */
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
  streams: integer('DROVER_MAX_STREAMS', {
    about: 'Followers of events and logs at once. Those beyond are answered 429 with Retry-After.',
    default: 5_000,
    min: 1,
    max: 1_000_000,
  }),
  searchMs: integer('DROVER_SEARCH_TIMEOUT_MS', {
    about: 'Milliseconds a search for jobs by a text may take; after them it is refused with a hint to narrow it.',
    default: 2_000,
    min: 10,
    max: 60_000,
  }),
  waitingJobs: integer('DROVER_QUOTA_WAITING_JOBS', {
    about: 'Jobs of one project that may wait (queued, scheduled). More are refused until some have begun. 0: no limit.',
    default: 0,
    min: 0,
    max: 1_000_000_000,
  }),
  logBytes: bytes('DROVER_QUOTA_LOG_BYTES', {
    about: 'Bytes of logs, as stored, of the jobs of one project. A project with more submits nothing until jobs were deleted. 0: no limit.',
    default: 0,
    min: 0,
  }),
  artifactBytes: bytes('DROVER_QUOTA_ARTIFACT_BYTES', {
    about: 'Bytes of artifacts of the jobs of one project. A project with more submits nothing until jobs were deleted. 0: no limit.',
    default: 0,
    min: 0,
  }),
  series: integer('DROVER_QUOTA_SERIES', {
    about: 'Series of metrics of the jobs of one project. A project with more submits nothing until jobs were deleted. 0: no limit.',
    default: 0,
    min: 0,
    max: 1_000_000_000,
  }),
});
