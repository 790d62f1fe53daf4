import { V1_REFUSAL, V1_SCHEMAS } from '@drover/dialects/v1-jobs';
import { shapes, type DialectDocs } from '@drover/http';

const { anyObject, eitherOf, fields, inPath, json, listOf, mapOf, moment, nothing, number, query, shape } = shapes;
const { text, whole, words } = shapes;

const ID = inPath('The id of a job, as its scheduler knows it', 'slurm-4711');
const FROM = query('Since when', '2026-01-31T08:00:00Z', { schema: { type: 'string', format: 'date-time' } });
const TO = query('Until when', '2030-01-31T08:00:00Z', { schema: { type: 'string', format: 'date-time' } });
const LIMIT = query('So many at most', 100, { schema: { type: 'integer', minimum: 1, maximum: 1000 } });
const JOB = { id: 'slurm-4711', user: 'ada', nodes: ['node-1'] };
const CREATED = { status: 'created', job_id: 'slurm-4711', message: 'Job created' };
const UPDATED = { status: 'updated', job_id: 'slurm-4711', message: 'Job updated' };

const author = {
  'X-Changed-By': { in: 'header' as const, description: 'The author of the change, for the trail', example: 'ada' },
  'X-Source': { in: 'header' as const, description: 'Where the change comes from', example: 'api' },
  'X-Correlation-Id': {
    in: 'header' as const,
    description: 'Names the change in other logs',
    example: '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55',
  },
};

/** The HPC Job Observability API's part of the OpenAPI document. */
export const hpcDocs: DialectDocs = {
  title: 'HPC Job Observability Service, as Drover speaks it',
  description:
    'Jobs that other schedulers run, observed: their state, their usage and the trail of their changes; and those of Drover in the same words. Refusals have `error` and `message`.',
  tag: 'HPC observability',
  refusal: V1_REFUSAL,
  schemas: {
    ...V1_SCHEMAS,
    HpcHealth: fields({ status: words(['healthy', 'degraded', 'unhealthy']), timestamp: moment(), version: text() }),
    HpcJobList: fields({ jobs: listOf(shape('V1Job')), total: whole(), limit: whole(), offset: whole() }),
    HpcNewJob: fields({
      id: text('Chosen by the caller'),
      user: text(),
      nodes: listOf(text(), 'At least one'),
      'scheduler?': anyObject('Facts of the scheduler that runs it'),
    }),
    HpcUpdate: fields({
      'state?': shape('V1JobState'),
      'cpu_usage?': number('Per cent of its allocation'),
      'memory_usage_mb?': whole(),
      'gpu_usage?': number('Per cent'),
    }),
    HpcSample: fields({
      timestamp: moment(),
      cpu_usage: number('Per cent of its allocation'),
      memory_usage_mb: whole(),
      'gpu_usage?': number('Per cent'),
    }),
    HpcNewSample: fields({
      'timestamp?': moment('Default: now'),
      cpu_usage: number('Per cent of its allocation'),
      memory_usage_mb: whole(),
      'gpu_usage?': number('Per cent'),
    }),
    HpcSamples: fields({ job_id: text(), samples: listOf(shape('HpcSample')), total: whole() }),
    HpcTrail: fields({
      job_id: text(),
      entries: listOf(
        fields({
          job_id: text(),
          change_type: text(),
          changed_at: moment(),
          changed_by: text(),
          source: text(),
          correlation_id: text(),
          snapshot: anyObject('The job after the change'),
        }),
      ),
    }),
    HpcEventReply: fields({ status: words(['created', 'updated', 'skipped']), job_id: text(), message: text() }),
    HpcStarted: fields({
      job_id: text(),
      user: text(),
      node_list: eitherOf(listOf(text()), text('A hostlist, such as `node-[1-3]`')),
      'timestamp?': moment('Default: now'),
      'cpu_allocation?': whole(),
      'memory_allocation_mb?': whole(),
      'gpu_allocation?': whole(),
      'gpu_vendor?': words(['none', 'nvidia', 'amd', 'mixed']),
      'gpu_devices?': listOf(text()),
      'cgroup_path?': text(),
      'partition?': text(),
      'account?': text(),
    }),
    HpcFinished: fields({
      job_id: text(),
      final_state: shape('V1JobState'),
      'timestamp?': moment('Default: now'),
      'exit_code?': whole(),
      'signal?': whole(),
    }),
  },
  parameters: { id: ID },
  routes: {
    'HpcHealthController.health': {
      id: 'hpcHealth',
      summary: 'Says whether the service is healthy, degraded or unhealthy',
      description: 'It is degraded where only the tickets or the bus do not answer: jobs are still observed then.',
      answers: {
        200: json('healthy or degraded', shape('HpcHealth')),
        503: json('unhealthy: the record does not answer', shape('HpcHealth')),
      },
      errors: [429],
    },
    'HpcEventsController.started': {
      id: 'hpcJobStarted',
      summary: 'Slurm has started a job',
      description: 'For its prolog. The same event twice changes nothing.',
      body: {
        schema: shape('HpcStarted'),
        example: { job_id: 'slurm-4712', user: 'ada', node_list: ['node-1'], cpu_allocation: 4 },
      },
      answers: { 200: json('It is noted', shape('HpcEventReply'), CREATED) },
      errors: [400, 503],
    },
    'HpcEventsController.finished': {
      id: 'hpcJobFinished',
      summary: 'Slurm has ended a job',
      description: 'For its epilog. The same event twice changes nothing.',
      body: { schema: shape('HpcFinished'), example: { job_id: 'slurm-4711', final_state: 'completed', exit_code: 0 } },
      answers: { 200: json('It is noted', shape('HpcEventReply'), UPDATED) },
      errors: [400, 404, 503],
    },
    'HpcJobsController.list': {
      id: 'hpcListJobs',
      description: 'With `details=true` it answers in the form of Flux.',
      parameters: {
        state: query('Only jobs in this state', 'running', { schema: shape('V1JobState') }),
        user: query("Only this user's", 'ada'),
        node: query('Only jobs on this node', 'node-1'),
        limit: LIMIT,
        offset: query('Jobs to skip', 0, { schema: { type: 'integer', minimum: 0 } }),
        details: query('True: the form of Flux', true, { schema: { type: 'boolean' } }),
        listing: query('With `details`: a list instead of an object by id', true, { schema: { type: 'boolean' } }),
      },
      answers: {
        200: json('The jobs', eitherOf(shape('HpcJobList'), listOf(anyObject()), mapOf(anyObject()))),
      },
      errors: [400, 503],
    },
    'HpcJobsController.create': {
      id: 'hpcCreateJob',
      summary: 'Makes a job that runs elsewhere known, to be observed',
      description: 'It is `running` from then on, until somebody says that it has ended.',
      parameters: author,
      body: { schema: shape('HpcNewJob'), example: { ...JOB, id: 'slurm-4713' } },
      answers: { 201: json('The job', shape('V1Job')) },
      errors: [400, 409, 503],
    },
    'HpcJobsController.get': {
      id: 'hpcGetJob',
      description: 'Jobs of Drover are shown as well, by their ids.',
      answers: { 200: json('The job', shape('V1Job')) },
      errors: [404, 503],
    },
    'HpcJobsController.update': {
      id: 'hpcUpdateJob',
      description: 'A job that has ended is refused (409).',
      parameters: author,
      body: { schema: shape('HpcUpdate'), example: { cpu_usage: 75.5, memory_usage_mb: 2048 } },
      answers: { 200: json('The job, changed', shape('V1Job')) },
      errors: [400, 404, 409, 503],
    },
    'HpcJobsController.remove': {
      id: 'hpcDeleteJob',
      description: 'Its trail can still be read.',
      parameters: author,
      answers: { 204: nothing('Removed') },
      errors: [404, 409, 503],
    },
    'HpcMetricsController.history': {
      id: 'hpcListSamples',
      description: '`total` counts all samples of the range.',
      parameters: { start_time: FROM, end_time: TO, limit: LIMIT },
      answers: { 200: json('The samples', shape('HpcSamples')) },
      errors: [400, 404, 503],
    },
    'HpcMetricsController.record': {
      id: 'hpcRecordSample',
      description: 'A job that has ended takes none (409).',
      parameters: author,
      body: { schema: shape('HpcNewSample'), example: { cpu_usage: 75.5, memory_usage_mb: 2048 } },
      answers: { 201: json('The sample, as it is stored', shape('HpcSample')) },
      errors: [400, 404, 409, 503],
    },
    'HpcMetricsController.audit': {
      id: 'hpcGetTrail',
      description: 'Each entry has the job as it was after the change.',
      parameters: { limit: LIMIT },
      answers: { 200: json('The trail', shape('HpcTrail')) },
      errors: [400, 404, 503],
    },
  },
};
