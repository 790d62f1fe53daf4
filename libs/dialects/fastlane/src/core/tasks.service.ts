import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { asSystem, currentCaller } from '@drover/access';
import {
  auditOf,
  DEFAULT_PROJECT,
  DroverError,
  invalid,
  isDroverError,
  isTerminal,
  isWaiting,
  type Submission,
} from '@drover/domain';
import { faultsOf, type ControlService, type JobsLogger, type SubmitService } from '@drover/jobs';
import { auditStore, deliveryStore, jobStore, type Sql, type Store, type StoredJob } from '@drover/store';
import { recordTaskStore } from '../record/record-task.store.js';
import { taskExecutionStore } from '../record/task-execution.store.js';
import { type NewTaskExecution, type TaskExecution, type TaskJob, type TaskJobDetails } from '../record/task.rows.js';
import { taskStore } from '../record/task.store.js';
import { wordsOf } from './name-words.js';
import { noticesOf } from './notices.js';
import { cronOf, executionOf, retryDelayMs, revive, type TaskSettings, type When } from './plan.js';
import { demandControl, isVisible } from './rights.js';
import { statusOf } from './status.js';

/** Rows handled in one go of the periodic work. */
const BATCH = 200;
/** Submissions younger than this belong to a request that is under way. */
const IN_FLIGHT_MS = 2_000;
const STOP_REASON = 'Execution stopped on request.';

export interface TaskParts {
  store: Store;
  submits: SubmitService;
  control: ControlService;
  settings: TaskSettings;
  log: JobsLogger;
  /** Told after a commit that wrote deliveries. */
  onDeliveries(ids: string[]): void;
}

export interface Enqueued {
  job_id: string;
  queue_job_id: string;
  /** Null when it is to be run later. */
  execution_id: string | null;
}

/**
 * Tasks, jobs that are run again and again under them, and executions, each of which is one job of the record. The only
 * writer of their tables.
 */
export class TasksService {
  /** The condition of the record without which {@link TasksService.catchUp} finds nothing. */
  readonly unfinished = taskExecutionStore.unfinished;

  constructor(private readonly parts: TaskParts) {}

  /**
   * A new job, or (known id) a job with new details: a pending schedule of the old ones is cancelled, what runs goes
   * on.
   *
   * @throws DroverError `invalid`, `forbidden`, `rate_limited` (too many wait), before anything is stored
   */
  async enqueue(request: {
    task_id: string;
    job_id?: string;
    owner: string;
    details: TaskJobDetails;
    when: When;
    request_ip: string | null;
  }): Promise<Enqueued> {
    const { settings, store } = this.parts;
    const { task_id, when, request_ip } = request;
    const caller = currentCaller();
    const project = caller?.home ?? DEFAULT_PROJECT;
    const job = {
      task_id,
      job_id: request.job_id ?? uuidv4(),
      owner: request.owner,
      project,
      details: request.details,
    };
    const cronId = when.kind === 'cron' ? uuidv7() : null;
    const at = when.kind === 'at' ? new Date(Math.max(when.at.getTime(), Date.now())) : undefined;
    const execution = cronId
      ? null
      : executionOf(
          job,
          settings,
          at ? { origin: 'timed', start_at: at, created_at: at } : { origin: 'now', request_ip },
        );
    const faults = faultsOf(
      cronId ? cronOf(cronId, job, settings) : revive(execution?.submission as Record<string, unknown>),
    );
    if (faults.length > 0) throw invalid(faults);
    await this.parts.submits.demandAdmission([
      cronId ? cronOf(cronId, job, settings) : revive(execution?.submission as Record<string, unknown>),
    ]);
    await this.parts.submits.demandRoom(project);
    const enqueued_id = cronId ?? (execution as NewTaskExecution).id;
    const stopped = await store.tx(async (sql) => {
      const known = await taskStore.lockJob(sql, task_id, job.job_id);
      if (known && !isVisible(known))
        throw new DroverError('forbidden', `The job id ${job.job_id} is taken; choose another one.`, {
          job_id: job.job_id,
        });
      if (known) demandControl(known);
      await taskStore.touch(sql, task_id, wordsOf(task_id), known ? 0 : 1);
      const old = known ? await this.unschedule(sql, known) : [];
      const row = { ...job, enqueued_id, request_ip, cron_job_id: cronId };
      if (known) await taskStore.patchJob(sql, job, { ...row, retry_count: 0 });
      else if (!(await taskStore.insertJob(sql, row))) throw new SameJobAtOnce();
      if (execution) await taskExecutionStore.insert(sql, execution);
      await this.audit(sql, known ? 'task-job.replace' : 'task-job.create', job);
      return old;
    });
    await this.cancelInRecord(stopped);
    if (cronId) await this.sendCron({ ...job, cron_job_id: cronId });
    else await this.send([enqueued_id]);
    return { job_id: job.job_id, queue_job_id: enqueued_id, execution_id: when.kind === 'now' ? enqueued_id : null };
  }

  /**
   * Stops the last execution, every schedule and every further automatic retry. False: there is no such job. Comes back
   * when it is in the record.
   */
  async stop(taskId: string, jobId: string): Promise<{ stopped: string[] } | false> {
    const ids = await this.parts.store.tx(async (sql) => {
      const job = await this.controlled(sql, taskId, jobId);
      if (!job) return null;
      await this.audit(sql, 'task-job.stop', job);
      const [last] = await taskExecutionStore.ofJob(sql, taskId, jobId, { limit: 1, offset: 0 });
      const running = last && !last.settled ? [last.id] : [];
      await taskExecutionStore.requestStop(sql, running);
      const pending = await this.unschedule(sql, job);
      const retry_count = job.details.retries + 1;
      if (job.retry_count !== retry_count || pending.length > 0 || running.length > 0)
        await taskStore.patchJob(sql, job, { retry_count });
      return [...new Set([...running, ...pending])];
    });
    if (ids === null) return this.stopOther(taskId, jobId);
    await this.cancelInRecord(ids);
    return { stopped: ids };
  }

  /** Stops one execution and the automatic retries; schedules go on. */
  async stopExecution(
    taskId: string,
    jobId: string,
    executionId: string,
  ): Promise<{ stopped: string[] } | 'no_job' | 'no_execution'> {
    const outcome = await this.parts.store.tx(async (sql) => {
      const job = await this.controlled(sql, taskId, jobId);
      if (!job) return 'no_job';
      await this.audit(sql, 'task-job.stop', job);
      const execution = await this.ofJob(sql, job, executionId);
      if (!execution) return 'no_execution';
      const retries = (await taskExecutionStore.open(sql, taskId, jobId)).filter(waitsForRetry).map((one) => one.id);
      const ids = [...new Set([...(execution.settled ? [] : [executionId]), ...retries])];
      await taskExecutionStore.requestStop(sql, ids);
      if (job.retry_count <= job.details.retries)
        await taskStore.patchJob(sql, job, { retry_count: job.details.retries + 1 });
      return ids;
    });
    if (outcome === 'no_job') return (executionId === jobId && (await this.stopOther(taskId, jobId))) || outcome;
    if (outcome === 'no_execution') return outcome;
    await this.cancelInRecord(outcome);
    return { stopped: outcome };
  }

  /** A job that came through another API: it is cancelled. */
  private async stopOther(queue: string, jobId: string): Promise<{ stopped: string[] } | false> {
    const found = await recordTaskStore.find(this.parts.store.sql, queue, jobId);
    if (!found || !isVisible(found.job)) return false;
    demandControl(found.job);
    await this.cancelInRecord([jobId]);
    return { stopped: [jobId] };
  }

  /**
   * One new execution at once, of what the last one was. A last one that has not ended is stopped first; `untilOver`
   * waits for that, with an end of its own.
   */
  async retry(
    taskId: string,
    jobId: string,
    requestIp: string | null,
    untilOver: (ids: string[]) => Promise<void>,
  ): Promise<'no_job' | 'no_execution' | 'scheduled' | { execution_id: string }> {
    const { store, settings } = this.parts;
    const running = await store.tx(async (sql) => {
      const job = await this.controlled(sql, taskId, jobId);
      if (!job) return 'no_job';
      const [last] = await taskExecutionStore.ofJob(sql, taskId, jobId, { limit: 1, offset: 0 });
      if (!last) return 'no_execution';
      if (await this.waitsInSchedule(sql, job)) return 'scheduled';
      await this.parts.submits.demandRoom(job.project);
      if (last.settled) return [];
      await taskExecutionStore.requestStop(sql, [last.id]);
      return [last.id];
    });
    if (typeof running === 'string') return running;
    await this.cancelInRecord(running);
    await untilOver(running);
    const id = await store.tx(async (sql) => {
      const job = await taskStore.lockJob(sql, taskId, jobId);
      const [last] = await taskExecutionStore.ofJob(sql, taskId, jobId, { limit: 1, offset: 0 });
      if (!job || !last) return null;
      const command = last.command === job.details.command ? job.details.words : await commandOf(sql, last);
      const details = { ...job.details, image: last.image, command: last.command, words: command };
      const execution = executionOf({ ...job, details }, settings, { origin: 'manual', request_ip: requestIp });
      await taskExecutionStore.insert(sql, execution);
      await taskStore.patchJob(sql, job, { enqueued_id: execution.id });
      await this.audit(sql, 'task-job.retry', job);
      return execution.id;
    });
    if (id === null) return 'no_job';
    await this.send([id]);
    return { execution_id: id };
  }

  /** Locks a job that the caller may change; null: there is none as far as it is concerned. Throws `forbidden`. */
  private async controlled(sql: Sql, taskId: string, jobId: string): Promise<TaskJob | null> {
    const job = await taskStore.lockJob(sql, taskId, jobId);
    if (!job || !isVisible(job)) return null;
    demandControl(job);
    return job;
  }

  private async audit(
    sql: Sql,
    action: string,
    job: Pick<TaskJob, 'task_id' | 'job_id' | 'project' | 'owner'>,
  ): Promise<void> {
    const after = { task_id: job.task_id, owner: job.owner };
    await auditStore.insert(sql, [
      auditOf(currentCaller(), { action, kind: 'job', object_id: job.job_id, project: job.project, after }),
    ]);
  }

  /**
   * A tick of a cron parent: one execution. The same tick again makes no second one. Throws `rate_limited` when too
   * many wait.
   */
  async tick(parent: StoredJob, dueAt: Date): Promise<void> {
    await this.parts.submits.demandRoom(parent.project);
    const id = await this.parts.store.tx(async (sql) => {
      const job = await taskStore.lockByCron(sql, parent.id);
      if (!job) return null;
      const execution = executionOf(job, this.parts.settings, { origin: 'cron', tick_at: dueAt, parent_id: parent.id });
      if (!(await taskExecutionStore.insert(sql, execution))) return undefined;
      await taskStore.patchJob(sql, job, { retry_count: 0 });
      return execution.id;
    });
    // Replaced or stopped, and the record was not told.
    if (id === null) await this.cancelInRecord([parent.id]);
    else if (id !== undefined) await this.send([id]);
  }

  /**
   * Jobs of the record have ended: those that are executions of tasks get their notices and their retry; ended cron
   * parents end their schedule.
   */
  async ended(jobs: StoredJob[]): Promise<void> {
    const ours = jobs.filter((job) => job.dialect === 'fastlane');
    const crons = ours.filter((job) => job.cron).map((job) => job.id);
    if (crons.length > 0) await taskStore.cronEnded(this.parts.store.sql, crons);
    await this.settle(ours.filter((job) => !job.cron).map((job) => job.id));
    if (ours.length > 0) await this.releaseFarms();
  }

  /** Does the work that a crash or an outage left undone. */
  async catchUp(): Promise<void> {
    const { sql } = this.parts.store;
    for (const job of await taskStore.unsentCrons(sql, BATCH, IN_FLIGHT_MS)) await this.sendCron(job);
    await this.sendRows(await taskExecutionStore.unsent(sql, BATCH, { olderThanMs: IN_FLIGHT_MS }));
    await this.settle(await taskExecutionStore.owed(sql, BATCH));
    await this.cancelInRecord(await taskExecutionStore.unstopped(sql, BATCH));
    await this.releaseFarms();
  }

  private async settle(ids: string[]): Promise<void> {
    for (const id of ids) {
      const made = await this.parts.store.tx((sql) => this.settleOne(sql, id));
      if (made.deliveries.length > 0) this.parts.onDeliveries(made.deliveries);
      if (made.retry) await this.send([made.retry]);
    }
  }

  private async settleOne(sql: Sql, id: string): Promise<{ deliveries: string[]; retry?: string }> {
    const nothing = { deliveries: [] };
    const seen = await taskExecutionStore.get(sql, id);
    if (!seen || seen.settled) return nothing;
    const job = await taskStore.lockJob(sql, seen.task_id, seen.job_id);
    const execution = await taskExecutionStore.get(sql, id);
    if (!job || !execution || execution.settled) return nothing;
    if (execution.state !== null && !isTerminal(execution.state)) return nothing;
    await taskExecutionStore.settle(sql, id);
    // Deleted from the record before anybody was told of its end.
    if (execution.state === null) return nothing;
    const status = statusOf(execution);
    const deliveries = noticesOf(id, status, job.details, this.parts.settings);
    await deliveryStore.insert(sql, deliveries);
    const retry =
      execution.state === 'failed' && status === 'failed' && job.retry_count < job.details.retries
        ? await this.retryOf(sql, job)
        : undefined;
    if (retry === undefined) await taskStore.patchJob(sql, job, {});
    return { deliveries: deliveries.map((one) => one.id), ...(retry === undefined ? {} : { retry }) };
  }

  private async retryOf(sql: Sql, job: TaskJob): Promise<string> {
    const retry_count = job.retry_count + 1;
    const start_at = new Date(Date.now() + retryDelayMs(retry_count, this.parts.settings));
    const execution = executionOf(job, this.parts.settings, { origin: 'retry', start_at });
    await taskExecutionStore.insert(sql, execution);
    await taskStore.patchJob(sql, job, { retry_count, enqueued_id: execution.id });
    return execution.id;
  }

  /** Ends the cron, start-at, start-in and pending automatic retry of a locked job. Returns ids to cancel in the record. */
  private async unschedule(sql: Sql, job: TaskJob): Promise<string[]> {
    const pending = (await taskExecutionStore.open(sql, job.task_id, job.job_id))
      .filter((one) => waitsForTime(one) || waitsForRetry(one))
      .map((one) => one.id);
    await taskExecutionStore.requestStop(sql, pending);
    if (job.cron_job_id) await taskStore.patchJob(sql, job, { cron_job_id: null, touch: false });
    return job.cron_job_id ? [...pending, job.cron_job_id] : pending;
  }

  private async waitsInSchedule(sql: Sql, job: TaskJob): Promise<boolean> {
    if (job.cron_job_id !== null && job.cron_job_id === job.enqueued_id) return true;
    const execution = await taskExecutionStore.get(sql, job.enqueued_id);
    return execution !== null && (waitsForTime(execution) || waitsForRetry(execution));
  }

  private async ofJob(sql: Sql, job: TaskJob, executionId: string): Promise<TaskExecution | null> {
    const execution = await taskExecutionStore.get(sql, executionId);
    return execution &&
      execution.task_id === job.task_id &&
      execution.job_id === job.job_id &&
      execution.created_at.getTime() <= Date.now()
      ? execution
      : null;
  }

  /** Makes jobs of the record of executions. What cannot be sent now is sent by `catchUp`. */
  private async send(ids: string[]): Promise<void> {
    await this.sendRows(await taskExecutionStore.unsent(this.parts.store.sql, BATCH, { ids }));
  }

  private async sendRows(rows: { id: string; submission: Record<string, unknown> }[]): Promise<void> {
    for (const { id, submission } of rows) {
      if (!(await this.submit(id, () => this.sendOne(id, revive(submission))))) return;
      await taskExecutionStore.sent(this.parts.store.sql, [id]);
      if (submission['held'] === true) await this.releaseFarms();
    }
  }

  /** An execution whose owner may not submit it now comes to be and ends at once: it says why, and nothing of it runs. */
  private async sendOne(id: string, submission: Submission): Promise<void> {
    const { store, submits, control } = this.parts;
    try {
      await submits.submit(submission);
    } catch (error) {
      if (!isDroverError(error, 'forbidden')) throw error;
      await taskExecutionStore.requestStop(store.sql, [id]);
      await asSystem(async () => {
        await submits.submit({ ...submission, held: true }, undefined, { admitted: true });
        await control.withdraw(id, error.message);
      });
    }
  }

  private async sendCron(
    job: Pick<TaskJob, 'task_id' | 'job_id' | 'owner' | 'project' | 'details' | 'cron_job_id'>,
  ): Promise<void> {
    const id = job.cron_job_id;
    if (id && (await this.submit(id, () => this.parts.submits.submit(cronOf(id, job, this.parts.settings)))))
      await taskStore.cronSent(this.parts.store.sql, id);
  }

  private async submit(id: string, send: () => Promise<unknown>): Promise<boolean> {
    try {
      await send();
      return true;
    } catch (error) {
      // It is there already: sent before a crash.
      if (isDroverError(error, 'conflict')) return true;
      this.parts.log.warn(
        { error: String(error), execution: id },
        'an execution of a task is sent to the record later',
      );
      return false;
    }
  }

  /** Cancels jobs of the record; those that were to be there later are forgotten. */
  private async cancelInRecord(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    // The caller's rights were asked about the job of the task; its executions go with it.
    await asSystem(() => this.cancelNow(ids));
  }

  private async cancelNow(ids: string[]): Promise<void> {
    const { sql } = this.parts.store;
    await this.send(ids);
    for (const id of ids) {
      try {
        await this.parts.control.cancel(id, STOP_REASON);
      } catch (error) {
        if (!isDroverError(error, 'terminal') && !isDroverError(error, 'not_found')) throw error;
      }
    }
    await taskExecutionStore.forget(sql, ids);
  }

  /** Lets go of as many held executions as the limits of their farms allow. */
  private async releaseFarms(): Promise<void> {
    // The next in line may be anybody's, whoever made the room.
    await asSystem(() => this.releaseRoom());
  }

  private async releaseRoom(): Promise<void> {
    for (const [at, { maxRunning }] of this.parts.settings.farms.entries()) {
      if (maxRunning === null) continue;
      const ids = await this.parts.store.tx((sql) => taskExecutionStore.releasable(sql, String(at), maxRunning));
      for (const id of ids)
        await this.parts.control
          .release(id)
          .catch((error: unknown) =>
            this.parts.log.warn({ error: String(error), job_id: id }, 'an execution stays held for now'),
          );
    }
  }
}

/** Two requests made the same job in the same moment. Postgres's own code for "try again", which `Store.tx` obeys. */
class SameJobAtOnce extends Error {
  readonly code = '40001';
}

/** Whether the job is to come to be later (start_at, start_in). */
const waitsForTime = (one: TaskExecution): boolean => !one.settled && one.created_at.getTime() > Date.now();

/** Whether the job is an automatic retry in its back-off. */
const waitsForRetry = (one: TaskExecution): boolean =>
  !one.settled &&
  one.origin === 'retry' &&
  one.start_at !== null &&
  one.start_at.getTime() > Date.now() &&
  (one.state === null || isWaiting(one.state));

/** The words of an execution whose job has another command since. */
async function commandOf(sql: Sql, execution: TaskExecution): Promise<string[]> {
  const command = (await jobStore.get(sql, execution.id))?.spec.command;
  return Array.isArray(command) ? command : [execution.command];
}
