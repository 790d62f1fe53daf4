import { originOnly, type Cause, type Stream } from '@drover/domain';
import type { LogReader } from '@drover/live';
import { deliveryStore, type DeliveryTry, type Store } from '@drover/store';
import { recordTaskStore } from '../record/record-task.store.js';
import { taskExecutionStore } from '../record/task-execution.store.js';
import { type TaskExecution, type TaskJob, type TaskRow } from '../record/task.rows.js';
import { taskStore } from '../record/task.store.js';
import { asSeen, isVisible, scopeOf, showsSecrets } from './rights.js';
import { isEarly, isOver, statusOf } from './status.js';

/** Tries of webhooks that are shown of an execution. */
const SHOWN_TRIES = 3;
const MOST_CRONS = 1_000;
/** Jobs of other APIs that are listed of a queue. */
const MOST_OTHERS = 1_000;

/** The ends of both streams as text. */
export interface ExecutionLog {
  log: string;
  error: string;
}

export type ShownTry = DeliveryTry & { target: string };

/**
 * Every read of tasks, jobs and executions. Jobs that came through another API are found, too, to be read: under the
 * name of their queue, each with one execution that has its own id.
 */
export class TaskQueries {
  constructor(
    private readonly store: Store,
    private readonly reader: LogReader,
    private readonly maxLogBytes: number,
  ) {}

  async list(page: number, perPage: number, words?: string[]): Promise<{ tasks: TaskRow[]; total: number }> {
    return taskStore.list(this.store.sql, {
      limit: perPage,
      offset: (page - 1) * perPage,
      ...(words ? { words } : {}),
      ...scopeOf(),
    });
  }

  async task(taskId: string): Promise<{ task: TaskRow; jobs: { job_id: string; created_at: Date }[] } | null> {
    const { project } = scopeOf();
    const task = await taskStore.get(this.store.sql, taskId);
    const jobs = task ? await taskStore.jobs(this.store.sql, taskId, project) : [];
    // A task of another project's jobs alone does not exist for this caller.
    if (task && (project === undefined || jobs.length > 0)) return { task, jobs };
    return recordTaskStore.task(this.store.sql, taskId, MOST_OTHERS, project);
  }

  async job(taskId: string, jobId: string): Promise<TaskJob | null> {
    const job =
      (await taskStore.job(this.store.sql, taskId, jobId)) ??
      (await recordTaskStore.find(this.store.sql, taskId, jobId))?.job ??
      null;
    return job && isVisible(job) ? asSeen(job) : null;
  }

  /** Newest first. */
  async executions(taskId: string, jobId: string, page: { limit: number; offset: number }): Promise<TaskExecution[]> {
    if (!(await this.job(taskId, jobId))) return [];
    const own = await taskExecutionStore.ofJob(this.store.sql, taskId, jobId, page);
    if (own.length > 0 || page.offset > 0) return own;
    const other = await recordTaskStore.find(this.store.sql, taskId, jobId);
    return other ? [other.execution] : [];
  }

  /** A page of executions and how many there are in all, of one moment. */
  async executionsAndCount(
    taskId: string,
    jobId: string,
    page: { limit: number; offset: number },
  ): Promise<{ executions: TaskExecution[]; count: number }> {
    if (!(await this.job(taskId, jobId))) return { executions: [], count: 0 };
    const { rows, count } = await taskExecutionStore.pageOfJob(this.store.sql, taskId, jobId, page);
    if (count > 0 || page.offset > 0) return { executions: rows, count };
    const other = await recordTaskStore.find(this.store.sql, taskId, jobId);
    return other ? { executions: [other.execution], count: 1 } : { executions: [], count: 0 };
  }

  async countExecutions(taskId: string, jobId: string): Promise<number> {
    if (!(await this.job(taskId, jobId))) return 0;
    return (
      (await taskExecutionStore.countOfJob(this.store.sql, taskId, jobId)) ||
      ((await recordTaskStore.find(this.store.sql, taskId, jobId)) ? 1 : 0)
    );
  }

  async last(taskId: string, jobId: string): Promise<TaskExecution | null> {
    return (await this.executions(taskId, jobId, { limit: 1, offset: 0 }))[0] ?? null;
  }

  /** Null also for one of another job, and for one that is not there yet. */
  async execution(taskId: string, jobId: string, id: string): Promise<TaskExecution | null> {
    if (!(await this.job(taskId, jobId))) return null;
    const execution = await this.byId(id);
    return execution &&
      execution.task_id === taskId &&
      execution.job_id === jobId &&
      execution.created_at.getTime() <= Date.now()
      ? execution
      : null;
  }

  async byId(id: string): Promise<TaskExecution | null> {
    return (await taskExecutionStore.get(this.store.sql, id)) ?? recordTaskStore.execution(this.store.sql, id);
  }

  /** The last bytes of both streams of an execution that is over; null before. */
  async logOf(execution: TaskExecution): Promise<ExecutionLog | null> {
    if (!isOver(statusOf(execution))) return null;
    const [log, error] = await Promise.all([this.tail(execution, 'stdout'), this.tail(execution, 'stderr')]);
    return { log, error: error + noteOf(execution, error) };
  }

  isOver(execution: TaskExecution): boolean {
    return isOver(statusOf(execution));
  }

  /** All bytes of a stream that are the job's own; nothing while nobody is to see any. */
  async *bytes(execution: TaskExecution, stream: Stream): AsyncGenerator<Buffer> {
    const status = statusOf(execution);
    if (execution.execution_id === null || isEarly(status) || !isOver(status)) return;
    yield* this.reader.range(execution.execution_id, stream, stream === 'stderr' ? preambleOf(execution) : 0);
  }

  /** The line put behind the error output: why it ended, where the process itself could not say. */
  noteAfter(execution: TaskExecution, endsInNewline: boolean): string {
    return isOver(statusOf(execution)) ? noteOf(execution, endsInNewline ? '' : 'x') : '';
  }

  /** Oldest first, by execution. */
  async tries(ids: string[], job: TaskJob): Promise<Map<string, ShownTry[]>> {
    const tries = new Map<string, ShownTry[]>();
    for (const { job_id, ...one } of await deliveryStore.lastTries(this.store.sql, ids, SHOWN_TRIES))
      tries.set(job_id, [
        ...(tries.get(job_id) ?? []),
        showsSecrets(job) ? one : { ...one, target: originOnly(one.target) },
      ]);
    return tries;
  }

  async counts(): Promise<{ tasks: number; jobs: number }> {
    return taskStore.count(this.store.sql);
  }

  async waiting(): ReturnType<typeof taskExecutionStore.waiting> {
    return taskExecutionStore.waiting(this.store.sql, scopeOf().project);
  }

  async running(): ReturnType<typeof taskExecutionStore.running> {
    return taskExecutionStore.running(this.store.sql, MOST_CRONS, scopeOf().project);
  }

  async crons(): Promise<TaskJob[]> {
    return taskStore.crons(this.store.sql, MOST_CRONS, scopeOf().project);
  }

  async pendingDeliveries(): Promise<Record<'webhook' | 'mail', number>> {
    return deliveryStore.pending(this.store.sql);
  }

  private async tail(execution: TaskExecution, stream: Stream): Promise<string> {
    if (execution.execution_id === null) return '';
    const begin = stream === 'stderr' ? preambleOf(execution) : 0;
    const size = stream === 'stderr' ? execution.stderr_bytes : execution.stdout_bytes;
    const from = Math.max(begin, size - this.maxLogBytes);
    const parts: Buffer[] =
      from > begin ? [Buffer.from(`[${from - begin} bytes before this are in the log routes]\n`)] : [];
    for await (const part of this.reader.range(execution.execution_id, stream, from)) parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  }
}

/** Length of the text before a job's own error output: how its image was fetched. All of it where nothing was started. */
const preambleOf = (execution: TaskExecution): number =>
  execution.started_at === null ? execution.stderr_bytes : execution.preamble_bytes;

/**
 * Whether the reason of a failure is told after its output. False: the output or the status says it, or it is no
 * failure.
 */
const IS_TOLD: Readonly<Record<Cause, boolean>> = {
  exit_code: false,
  signal: false,
  timeout: false,
  silence: true,
  output_limit: true,
  oom: true,
  cancelled: false,
  agent_lost: true,
  disk_full: true,
  spawn_error: true,
  expired: false,
  dependency_failed: true,
  refused: true,
};

/** Why an execution ended, on a line of its own after `error`; empty when the output says it. */
function noteOf(execution: TaskExecution, error: string): string {
  const note = reasonOf(execution);
  return note === null ? '' : `${error === '' || error.endsWith('\n') ? '' : '\n'}${note}`;
}

function reasonOf(execution: TaskExecution): string | null {
  const { state, cause, cause_detail, expires_at, timeout_s, finished_at, stop_requested } = execution;
  if (state === 'expired')
    return `Job was to be done before ${expires_at?.toISOString() ?? '?'}, but was started at ${finished_at?.toISOString() ?? '?'}.`;
  if (state === 'cancelled')
    return stop_requested ? 'Execution stopped on request.' : (cause_detail ?? 'Execution was cancelled.');
  if (state !== 'failed' || cause === null) return null;
  if (cause === 'timeout') return `Job execution timed out after ${timeout_s ?? '?'} seconds.`;
  return IS_TOLD[cause] ? cause_detail : null;
}
