import type { Execution, Job } from '@drover/domain';
import { readTraceparent, spanIdOf, traceIdOf } from '../trace.js';

/** A span as the record knows it, before the SDK makes one of it. */
export interface SpanOfJob {
  traceId: string;
  spanId: string;
  /** Null: the root. */
  parentId: string | null;
  name: string;
  start: Date;
  end: Date;
  attributes: Record<string, string | number | boolean | string[]>;
  /** Null: neither. */
  error: string | null;
  ok: boolean;
  links: { traceId: string; spanId: string; flags: number }[];
}

type TracedJob = Pick<
  Job,
  | 'id'
  | 'name'
  | 'queue'
  | 'project'
  | 'dialect'
  | 'tags'
  | 'spec'
  | 'state'
  | 'cause'
  | 'cause_detail'
  | 'exit_code'
  | 'attempt'
  | 'parent_id'
  | 'created_at'
  | 'queued_at'
  | 'start_at'
  | 'started_at'
  | 'finished_at'
>;
type TracedExecution = Pick<
  Execution,
  | 'id'
  | 'epoch'
  | 'attempt'
  | 'node'
  | 'cause'
  | 'cause_detail'
  | 'exit_code'
  | 'signal'
  | 'pid'
  | 'container_id'
  | 'claimed_at'
  | 'spawned_at'
  | 'exited_at'
  | 'finished_at'
>;

/** A wait that is shorter than this has no span. */
const WAIT_MS = 5;

/**
 * The spans of a job that has ended: `job`, and below it for each execution `queue` (it waits for an agent), `start`
 * (from the claim to its process), `run` (the process) and `result` (from its exit until the record has it). `wait` is
 * the time before the job may start at all: until a time, for other jobs, or between two attempts.
 */
export function spansOf(job: TracedJob, executions: readonly TracedExecution[]): SpanOfJob[] {
  const traceId = traceIdOf(job.id);
  const rootId = spanIdOf('job', `${job.id}:${job.attempt}`);
  const end = job.finished_at ?? new Date();
  const caller = readTraceparent(job.spec.traceparent);
  const spans: SpanOfJob[] = [
    {
      traceId,
      spanId: rootId,
      parentId: null,
      name: 'job',
      start: job.created_at,
      end: latest(job.created_at, end),
      attributes: attributesOf(job),
      error: job.cause === null || job.state === 'cancelled' ? null : errorOf(job),
      ok: job.state === 'succeeded',
      links: caller === null ? [] : [caller],
    },
  ];
  const add = (name: string, id: string, start: Date, stop: Date, more: Partial<SpanOfJob> = {}): void =>
    void spans.push({
      traceId,
      spanId: spanIdOf(name, id),
      parentId: rootId,
      name,
      start,
      end: latest(start, stop),
      error: null,
      ok: false,
      links: [],
      attributes: {},
      ...more,
    });
  const queued = (id: string, since: Date, until: Date): void => {
    // The job keeps the last times only: when it was queued, and when it was to start, by itself or by a retry.
    const known = [job.queued_at, job.start_at].filter((at) => at !== null && at > since && at <= until) as Date[];
    const at = known.reduce(latest, since);
    const waited = at.getTime() - since.getTime() >= WAIT_MS;
    if (waited) add('wait', id, since, at);
    add('queue', id, waited ? at : since, until);
  };
  let since = job.created_at;
  let epoch: number | null = null;
  for (const one of [...executions].sort((a, b) => a.epoch - b.epoch)) {
    // Executions of a gang were claimed at once.
    if (one.epoch !== epoch) queued(one.id, since, latest(since, one.claimed_at));
    epoch = one.epoch;
    const attributes = ofExecution(one);
    const ended = one.finished_at ?? end;
    const spawned = one.spawned_at;
    add('start', one.id, one.claimed_at, spawned ?? ended, { attributes });
    if (spawned !== null) {
      const exited = latest(spawned, one.exited_at ?? ended);
      add('run', one.id, spawned, exited, { attributes, error: one.cause === null ? null : errorOf(one) });
      if (one.exited_at !== null) add('result', one.id, exited, ended, { attributes });
    }
    since = latest(since, ended);
  }
  if (executions.length === 0) {
    // Never claimed; or observed from outside, where nobody knows of executions.
    queued(job.id, since, latest(since, job.started_at ?? end));
    if (job.started_at !== null) add('run', job.id, job.started_at, end);
  }
  return spans;
}

const latest = (a: Date, b: Date): Date => (b > a ? b : a);

function errorOf({ cause, cause_detail: detail }: Pick<Job, 'cause' | 'cause_detail'>): string {
  return detail === null ? String(cause) : `${cause}: ${detail}`;
}

function attributesOf(job: TracedJob): SpanOfJob['attributes'] {
  return {
    'messaging.system': 'drover',
    'messaging.operation.type': 'process',
    'messaging.destination.name': job.queue,
    'messaging.message.id': job.id,
    'drover.job.id': job.id,
    'drover.job.state': job.state,
    'drover.job.attempt': job.attempt,
    'drover.job.dialect': job.dialect,
    'drover.project': job.project,
    ...(job.name === null ? {} : { 'drover.job.name': job.name }),
    ...(job.parent_id === null ? {} : { 'drover.job.parent_id': job.parent_id }),
    ...(job.tags.length === 0 ? {} : { 'drover.job.tags': job.tags }),
    ...(job.cause === null ? {} : { 'error.type': job.cause }),
    ...(job.exit_code === null ? {} : { 'process.exit.code': job.exit_code }),
  };
}

function ofExecution(one: TracedExecution): SpanOfJob['attributes'] {
  return {
    'drover.execution.id': one.id,
    'drover.execution.attempt': one.attempt,
    'drover.node': one.node,
    ...(one.pid === null ? {} : { 'process.pid': one.pid }),
    ...(one.container_id === null ? {} : { 'container.id': one.container_id }),
    ...(one.exit_code === null ? {} : { 'process.exit.code': one.exit_code }),
    ...(one.signal === null ? {} : { 'drover.execution.signal': one.signal }),
    ...(one.cause === null ? {} : { 'error.type': one.cause }),
  };
}
