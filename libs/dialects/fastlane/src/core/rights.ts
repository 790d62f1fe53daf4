import { currentCaller } from '@drover/access';
import { DroverError, maskedValue, type Caller, type Owned } from '@drover/domain';
import type { TaskJob } from '../record/task.rows.js';

/** A job of a task as rights are asked about it. */
const owned = (job: Pick<TaskJob, 'job_id' | 'owner' | 'project'>): Owned => ({
  kind: 'job',
  id: job.job_id,
  project: job.project,
  owner: job.owner,
});

/** Whether a job of a task exists as far as the caller is concerned. */
export function isVisible(
  job: Pick<TaskJob, 'job_id' | 'owner' | 'project'>,
  caller: Caller | null = currentCaller(),
): boolean {
  return caller === null || caller.mayRead(owned(job));
}

/** Throws `forbidden` for a job that the caller may only look at. */
export function demandControl(
  job: Pick<TaskJob, 'job_id' | 'owner' | 'project'>,
  caller: Caller | null = currentCaller(),
): void {
  if (caller === null || caller.mayControl(owned(job))) return;
  throw new DroverError(
    'forbidden',
    `Job ${job.job_id} belongs to ${job.owner}; only its owner or an operator may change it.`,
    { job_id: job.job_id },
  );
}

/** Whether webhooks' tokens and secret-looking values of a job may be shown. */
export function showsSecrets(job: Pick<TaskJob, 'job_id' | 'owner' | 'project'>): boolean {
  return currentCaller()?.mayReadSecrets(owned(job)) ?? true;
}

/** A job as the caller may see it. */
export function asSeen(job: TaskJob): TaskJob {
  return showsSecrets(job) ? job : { ...job, details: maskedValue(job.details) as TaskJob['details'] };
}

/** The project to which the caller's lists are held; none for the system and for operators. */
export function scopeOf(): { project?: string } {
  const scope = currentCaller()?.scope ?? null;
  return scope === null ? {} : { project: scope };
}
