/** A known path: which methods it has, and what its operation is called in errors. */
interface KnownPath {
  pattern: RegExp;
  methods: readonly string[];
  operation: string;
}

const TASK = '/tasks/[^/]+';
const JOB = `${TASK}/jobs/[^/]+`;
const EXECUTION = `${JOB}/executions/[^/]+`;
const path = (text: string, methods: string, operation: string): KnownPath => ({
  pattern: new RegExp(`^${text}/?$`),
  methods: methods.split(' '),
  operation,
});

const KNOWN: readonly KnownPath[] = [
  path('/tasks', 'GET', 'get_tasks'),
  path(TASK, 'GET POST', 'get_task'),
  path(JOB, 'GET PUT', 'get_task'),
  path(`(?:${JOB}|${EXECUTION})/(?:stdout|stderr|logs)`, 'GET', 'retrieve_execution_details'),
  path(`${JOB}/stop`, 'POST', 'stop_job'),
  path(`${JOB}/retry`, 'POST', 'retry_job'),
  path(`(?:${JOB}|${EXECUTION})/(?:stream|ws)`, 'GET', 'stream_job'),
  path(EXECUTION, 'GET', 'get_job_execution'),
  path(`${EXECUTION}/stop`, 'POST', 'stop_job_execution'),
  path('/search', 'GET', 'search_tasks'),
  path('/status', 'GET', 'status'),
  path('/healthcheck', 'GET', 'healthcheck'),
  path('/docker-executor/blacklist', 'POST PUT DELETE', 'blacklist'),
  path('/routes', 'GET', 'routes'),
  { pattern: /^\/$/, methods: ['GET'], operation: 'healthcheck' },
];

/** Whether a path is this API's, known or not. */
export const isOurs = (pathname: string): boolean =>
  /^\/+(tasks(\/|$)|(search|status|healthcheck|routes|docker-executor\/+blacklist)\/*$|$)/.test(pathname);

/**
 * One spelling for every path: doubled slashes count as one, `job` is `jobs`, no slash at the end; the page of an
 * execution under its older address. Everything in a segment stays as it is.
 */
export function normalPath(pathname: string): string {
  const single = pathname.replace(/\/{2,}/g, '/');
  if (single === '/') return single;
  return single
    .replace(/\/$/, '')
    .replace(/^(\/tasks\/[^/]+)\/job(?=\/|$)/, '$1/jobs')
    .replace(/^(\/tasks\/[^/]+\/jobs\/[^/]+)\/stream\/executions\/([^/]+)$/, '$1/executions/$2/stream');
}

export const knownPath = (pathname: string): KnownPath | undefined =>
  KNOWN.find(({ pattern }) => pattern.test(pathname));
