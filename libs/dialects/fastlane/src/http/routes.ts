const DOCS: [string, string, string?][] = [
  ['/', 'GET'],
  ['/docker-executor/blacklist', 'DELETE, POST, PUT', 'Which nodes get no new jobs.'],
  ['/healthcheck', 'GET', 'Whether queue and store work.'],
  ['/routes/', 'GET'],
  ['/search/', 'GET', 'Finds tasks by the words of their names.'],
  ['/status/', 'GET', 'The state of the farm.'],
  ['/tasks/', 'GET', 'All tasks, a page at a time.'],
  ['/tasks/<task_id>/', 'GET, POST', 'The jobs of a task; a new job.'],
  ['/tasks/<task_id>/jobs/<job_id>/', 'GET, PUT', 'A job with its last executions; new details for it.'],
  ...(['', 'executions/<execution_id>/'] as const).flatMap((part): [string, string, string?][] => [
    ...(part === ''
      ? []
      : ([[`/tasks/<task_id>/jobs/<job_id>/${part}`, 'GET', 'An execution.']] as [string, string, string][])),
    ...['logs', 'stderr', 'stdout'].map((stream): [string, string, string] => [
      `/tasks/<task_id>/jobs/<job_id>/${part}${stream}/`,
      'GET',
      'Output as bytes.',
    ]),
    [`/tasks/<task_id>/jobs/<job_id>/${part}stop/`, 'POST', 'Ends it.'],
    [`/tasks/<task_id>/jobs/<job_id>/${part}stream/`, 'GET', 'A page that follows the output.'],
    [`/tasks/<task_id>/jobs/<job_id>/${part}ws/`, 'GET', 'The output over a websocket.'],
  ]),
  ['/tasks/<task_id>/jobs/<job_id>/retry/', 'POST', 'Runs the last execution once more.'],
];

/** Every route, by path. */
export const ROUTES: readonly { endpoint: string; methods: string; doc?: string }[] = DOCS.map(
  ([endpoint, methods, doc]) => ({ endpoint, methods, ...(doc === undefined ? {} : { doc }) }),
).sort((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
