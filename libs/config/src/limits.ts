import { section } from './section.js';
import { bytes, integer, type Variable } from './variable.js';

/** How much of the broker one client or one address may use. */
export const limits = section('Limits', {
  requestsPerS: integer('DROVER_RATE_LIMIT', {
    about:
      'Requests a second of one client, or of one address without a login, on average. Those beyond are answered 429 with Retry-After. Workers are not counted. 0: no limit.',
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
    about:
      'Milliseconds a search for jobs or profiles by a text may take; after them it is refused with a hint to narrow it.',
    default: 2_000,
    min: 10,
    max: 60_000,
  }),
});

/** The limits of a project that has none of its own. */
export const quotas = section('Quotas of projects', {
  waiting_jobs: quota(
    'DROVER_QUOTA_WAITING_JOBS',
    'Jobs of one project that have not started. Further ones are answered 429 with Retry-After.',
    1_000_000,
  ),
  log_bytes: bytes('DROVER_QUOTA_LOG_BYTES', {
    about:
      'Output kept of the jobs of one project, before compression. Beyond it output is dropped and counted; the jobs go on, and their logs say so. 0: no limit.',
    default: 1024 ** 4,
    min: 0,
  }),
  artifacts: quota(
    'DROVER_QUOTA_ARTIFACTS',
    'Artifacts kept of the jobs of one project. Further ones are answered 507.',
    10_000_000,
  ),
  artifact_bytes: bytes('DROVER_QUOTA_ARTIFACT_BYTES', {
    about:
      'Bytes of the artifacts kept of the jobs of one project. An artifact that does not fit is answered 507. 0: no limit.',
    default: 1024 ** 4,
    min: 0,
  }),
  series: quota(
    'DROVER_QUOTA_SERIES',
    'Series of metrics that clients and joined proxies tell for one project at the same time. Further ones are refused.',
    1_000_000,
  ),
});

function quota(name: string, about: string, value: number): Variable<number> {
  return integer(name, { about: `${about} 0: no limit.`, default: value, min: 0, max: Number.MAX_SAFE_INTEGER });
}
