import { ID, AT, END, job } from './common.js';

const submit = {
  queue: 'default',
  name: 'nightly',
  command: 'make test',
  env: { LEVEL: '3' },
  limits: { runtime_s: 600 },
  retry: { max: 2 },
  tags: ['ci'],
  artifacts: ['out/**/*.xml'],
};
const bulkAction = {
  id: '0198c0de-7c00-7000-8000-5a1f0c2e4b78',
  action: 'cancel',
  state: 'done',
  problem: null,
  owner: 'alice',
  project: 'default',
  matched: 5_000,
  matched_exact: true,
  done: 4_998,
  skipped: 2,
  reasons: [{ reason: 'The job had already ended as succeeded.', count: 2, examples: [ID] }],
  created_at: AT,
  finished_at: END,
};

/** Examples of the shapes of jobs, their lists and what is done to many of them. */
export const jobExamples: Record<string, unknown> = {
  SubmitJobDto: submit,
  SubmitBatchDto: { jobs: [submit, { command: ['echo', 'hello'] }] },
  CancelJobDto: { reason: 'not needed any more' },
  JobDto: job,
  JobDetailDto: { ...job, env: { LEVEL: '3' }, stdin: null, payload: {}, webhooks: [], keep_workdir: false },
  JobListDto: { jobs: [job], next: 'czEyMw' },
  JobCountDto: { count: 12_340, exact: true },
  CounterListDto: {
    series: [
      { name: 'items_total', type: 'counter' },
      { name: 'queue_depth', type: 'gauge' },
    ],
    readings: [{ at: AT, values: [1_200, 3] }],
  },
  FamilyListDto: {
    families: [
      {
        parent: ID,
        name: 'nightly',
        counts: { queued: 12, running: 4, succeeded: 980, failed: 4 },
        total: 1_000,
        exact: true,
      },
    ],
  },
  ChildListDto: {
    children: [{ id: ID, name: 'nightly', state: 'failed', cause: 'exit_code', exit_code: 3, node: 'node-1' }],
    next: null,
  },
  FilterValueListDto: {
    values: [
      { value: 'ada', jobs: 1_204 },
      { value: 'ci', jobs: 12 },
    ],
  },
  BulkRequestDto: {
    action: 'cancel',
    filter: { queue: 'builds', state: ['queued'], created_before: '2h' },
    reason: 'not needed',
  },
  BulkPreviewDto: { count: 12_340, exact: true, examples: [job] },
  BulkActionDto: bulkAction,
  BulkActionListDto: { actions: [bulkAction], next: null },
  BatchAcceptedDto: { ids: [ID], count: 1 },
  ExplanationDto: {
    job_id: ID,
    state: 'queued',
    summary: 'The job is queued: The queue default is paused.',
    reasons: [
      {
        code: 'queue_paused',
        message: 'The queue default is paused.',
        remedy: 'Resume it: POST /api/v1/queues/default/resume.',
      },
    ],
    start: {
      position: 35,
      p50_s: 720,
      p90_s: 1_500,
      p50_at: AT,
      p90_at: END,
      sure: 'well',
      sentence:
        'It starts in about 12 min, with 90 % certainty within 25 min: 34 jobs come before it, 4 of 4 slots are busy, and half of the last 200 runs of the queue took at most 80 s.',
    },
  },
};
