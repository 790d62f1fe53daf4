import { shapes, type BodyDocs, type Schema } from '@drover/http';

const { anyObject, fields, listOf, moment, number, shape, text, whole, words } = shapes;

const MESSAGES: Record<number, [string, string]> = {
  400: ['validation_error', 'Invalid job state'],
  404: ['not_found', 'Job not found'],
  409: ['conflict', 'Job is in terminal state and cannot be updated'],
  503: ['internal_error', 'The database does not answer at the moment; try again in a second.'],
};

/** A refusal as both APIs below /v1 word it. */
export function V1_REFUSAL(status: number): BodyDocs {
  const [error, message] = MESSAGES[status] ?? ['invalid_request', 'The request was refused'];
  return { schema: shape('V1Error'), example: { error, message } };
}

/** Schemas that both APIs below /v1 use. */
export const V1_SCHEMAS: Record<string, Schema> = {
  V1Error: {
    ...fields({
      error: words(['invalid_request', 'validation_error', 'not_found', 'conflict', 'internal_error']),
      message: text('The reason'),
      'details?': anyObject('The fields at fault'),
    }),
    additionalProperties: true,
  },
  V1JobState: words(['pending', 'running', 'completed', 'failed', 'cancelled']),
  V1Job: {
    ...fields({
      id: text(),
      user: text(),
      nodes: listOf(text()),
      'node_count?': whole(),
      state: shape('V1JobState'),
      start_time: moment('When it started; before that, when it was submitted'),
      'end_time?': moment(),
      'runtime_seconds?': number(),
      cpu_usage: number('Per cent of what it may use, 0 to 100'),
      memory_usage_mb: whole('MiB'),
      'gpu_usage?': number('Per cent, 0 to 100'),
      'requested_cpus?': whole(),
      'allocated_cpus?': whole(),
      'requested_memory_mb?': whole(),
      'allocated_memory_mb?': whole(),
      'requested_gpus?': whole(),
      'allocated_gpus?': whole(),
      'cluster_name?': text(),
      'scheduler_instance?': text(),
      'ingest_version?': text(),
      'last_sample_at?': moment(),
      'sample_count?': whole(),
      'avg_cpu_usage?': number(),
      'max_cpu_usage?': number(),
      'max_memory_usage_mb?': whole(),
      'avg_gpu_usage?': number(),
      'max_gpu_usage?': number(),
      'scheduler?': anyObject('Facts of the scheduler that runs it'),
    }),
    additionalProperties: true,
  },
};
