/** The job of the examples. */
export const ID = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';
/** The run of that job. */
export const EXECUTION_ID = '0198c0de-8000-7000-8000-5a1f0c2e4b77';
/** The SHA-256 of `hello` and a line feed, the run's whole output. */
export const SHA = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
/** The run's start. */
export const AT = '2030-01-31T08:00:00.000Z';
/** The run's end. */
export const END = '2030-01-31T08:00:02.250Z';

/** The job as lists show it. */
export const job = {
  id: ID,
  queue: 'default',
  name: 'nightly',
  command: 'make test',
  image: null,
  state: 'succeeded',
  cause: null,
  cause_detail: null,
  exit_code: 0,
  signal: null,
  owner: 'anonymous',
  project: 'default',
  dialect: 'native',
  priority: 0,
  attempt: 1,
  losses: 0,
  node: 'node-1',
  execution_id: EXECUTION_ID,
  parent_id: null,
  depends_on: [],
  tags: ['ci'],
  metadata: {},
  cron: null,
  workdir: null,
  resources: {},
  limits: { runtime_s: 600 },
  retry: { max: 2 },
  artifacts: ['out/**/*.xml'],
  cancel_reason: null,
  created_at: AT,
  start_at: null,
  expires_at: null,
  queued_at: AT,
  claimed_at: AT,
  started_at: AT,
  finished_at: END,
  cancel_requested_at: null,
  pinned: false,
};
