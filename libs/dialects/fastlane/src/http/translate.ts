import { isSecretName } from '@drover/domain';
import { exitCodeOf, statusOf } from '../core/status.js';
import type { ExecutionLog, ShownTry } from '../core/task-queries.js';
import type { TaskExecution, TaskJob, TaskWebhook } from '../record/task.rows.js';
import type { FastlaneExecutionDto, FastlaneJobDto } from './dto/job.dto.js';
import type { Urls } from './urls.js';

/** Docker's port; our nodes have none of their own. */
const PORT = 2375;
const MASK = '***';
const SHOWN_BODY = 4096;

/** ISO 8601 in UTC without a zone, six digits of a second. */
export const date = (value: Date): string => `${value.toISOString().slice(0, -1)}000`;
const dateOrNull = (value: Date | null): string | null => (value === null ? null : date(value));

/** A copy in which the value of every key that contains one of the words is masked. */
function masked(value: unknown, words: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, words));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isSecretName(key, words) ? MASK : masked(inner, words)]),
  );
}

/** The key of a webhook's signature is nobody's to see; the rest is shown as it was given. */
const withoutSecrets = (hooks: TaskJob['details']['webhooks']): object =>
  Object.fromEntries(
    (Object.entries(hooks) as [string, TaskWebhook[]][]).map(([event, list]) => [
      event,
      list.map((hook) => ('secret' in hook ? { ...hook, secret: MASK } : hook)),
    ]),
  );

function metadataOf(job: TaskJob, words: readonly string[]): Record<string, unknown> {
  const { details } = job;
  return {
    enqueued_id: job.enqueued_id,
    envs: masked(details.envs, words),
    notify: details.notify,
    retries: details.retries,
    retry_count: job.retry_count,
    timeout: details.timeout,
    webhooks: withoutSecrets(details.webhooks),
    additional_dns_entries: details.extra_hosts,
    ...(details.custom === null ? {} : { custom: details.custom }),
    ...(details.expiration === null ? {} : { expiration: details.expiration }),
    ...(details.cron === null ? {} : { cron: details.cron }),
  };
}

/** A job without its executions and its task. */
export function fromJob(
  job: TaskJob,
  executionCount: number,
  words: readonly string[],
): Omit<FastlaneJobDto, 'executions' | 'taskId'> {
  return {
    createdAt: date(job.created_at),
    lastModifiedAt: date(job.modified_at),
    scheduled: job.cron_job_id !== null,
    executionCount,
    image: job.details.image,
    command: job.details.command,
    requestIPAddress: job.request_ip,
    metadata: metadataOf(job, words),
  };
}

/** `log` is null as long as the execution is not over. */
export function fromExecution(
  execution: TaskExecution,
  log: ExecutionLog | null,
  tries: ShownTry[] = [],
): FastlaneExecutionDto {
  return {
    executionId: execution.id,
    createdAt: date(execution.created_at),
    requestIPAddress: execution.request_ip,
    startedAt: dateOrNull(execution.started_at),
    finishedAt: dateOrNull(execution.finished_at),
    image: execution.image,
    command: execution.command,
    status: statusOf(execution),
    exitCode: exitCodeOf(execution),
    log: log?.log ?? null,
    error: log?.error ?? null,
    metadata: { ...placeOf(execution), ...(tries.length === 0 ? {} : { webhookDispatch: tries.map(fromTry) }) },
  };
}

function placeOf(execution: TaskExecution): Record<string, unknown> {
  if (execution.started_at === null || execution.execution_id === null) return {};
  // A plain process has no container; its execution has a name all the same.
  return {
    container_id: execution.container_id ?? execution.execution_id,
    docker_host: execution.node ?? '',
    docker_port: PORT,
  };
}

function fromTry({ at, target, status, error, headers, body }: ShownTry): Record<string, unknown> {
  return {
    timestamp: date(at),
    url: target,
    statusCode: status ?? 500,
    body: body.slice(0, SHOWN_BODY),
    headers: Object.fromEntries(headers.map((name) => [name, MASK])),
    ...(error === null ? {} : { error }),
  };
}

export const taskLink = (urls: Urls, taskId: string): { id: string; url: string } => ({
  id: taskId,
  url: urls.task(taskId),
});
