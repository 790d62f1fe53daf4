import { v7 as uuidv7 } from 'uuid';
import { type Submission } from '@drover/domain';
import { tickAfter } from '@drover/schedule';
import type { NewTaskExecution, TaskJob, TaskOrigin } from '../record/task.rows.js';

/** When a job is to be run. */
export type When = { kind: 'now' } | { kind: 'at'; at: Date } | { kind: 'cron'; pattern: string };

/** The settings of the installation that decide how executions are run. */
export interface TaskSettings {
  queue: string;
  /** process: the image is information only. */
  executor: 'container' | 'process';
  backoffMinMs: number;
  backoffFactor: number;
  webhookBackoffMinMs: number;
  webhookBackoffFactor: number;
  /** Whether there is a mail server. */
  mail: boolean;
  farms: readonly { match: string; hosts: readonly string[]; maxRunning: number | null }[];
}

/** Seconds from TERM to KILL. */
const GRACE_S = 10;
const LONGEST_NAME = 1_000;

/** The farm that takes a task's jobs: the first whose pattern matches the beginning of its name. */
function farmOf(
  taskId: string,
  farms: TaskSettings['farms'],
): { name: string; hosts: readonly string[]; maxRunning: number | null } | undefined {
  const at = farms.findIndex((farm) => new RegExp(`^(?:${farm.match})`).test(taskId));
  const farm = farms[at];
  return farm === undefined ? undefined : { name: String(at), hosts: farm.hosts, maxRunning: farm.maxRunning };
}

/** The content of `fastlane` in the payload of a job of the record. */
export interface TaskPayload {
  task_id: string;
  job_id: string;
  image: string;
  /** Nodes that may run it; absent: any. */
  hosts?: string[];
}

/** The submission of a run to the record. @param id of the job in the record */
function submissionOf(
  id: string,
  job: Pick<TaskJob, 'task_id' | 'job_id' | 'owner' | 'project' | 'details'>,
  settings: TaskSettings,
  more: Partial<Submission> = {},
): Submission {
  const { details } = job;
  const farm = farmOf(job.task_id, settings.farms);
  const hosts = farm?.hosts.map((host) => host.replace(/:\d+$/, '')) ?? [];
  const payload: TaskPayload = {
    task_id: job.task_id,
    job_id: job.job_id,
    image: details.image,
    ...(hosts.length === 0 || hosts.includes('localhost') || hosts.includes('127.0.0.1') ? {} : { hosts }),
  };
  return {
    id,
    queue: settings.queue,
    name: `${job.task_id}/${job.job_id}`.slice(0, LONGEST_NAME),
    owner: job.owner,
    project: job.project,
    dialect: 'fastlane',
    spec: {
      command: details.words,
      ...(settings.executor === 'process'
        ? {}
        : {
            container: {
              image: details.image,
              ...(details.extra_hosts.length === 0 ? {} : { extra_hosts: Object.fromEntries(details.extra_hosts) }),
            },
          }),
      env: details.envs,
      limits: { runtime_s: details.timeout, grace_s: GRACE_S },
    },
    payload: { fastlane: payload },
    metadata: { ...details.custom },
    ...(farm?.maxRunning == null ? {} : { held: true }),
    ...more,
  };
}

/** A new execution of a job with its present details. */
export function executionOf(
  job: Pick<TaskJob, 'task_id' | 'job_id' | 'owner' | 'project' | 'details'>,
  settings: TaskSettings,
  how: {
    id?: string;
    origin: TaskOrigin;
    request_ip?: string | null;
    start_at?: Date;
    created_at?: Date;
    tick_at?: Date;
    parent_id?: string;
  },
): NewTaskExecution {
  const id = how.id ?? uuidv7();
  const { details } = job;
  const farm = farmOf(job.task_id, settings.farms);
  const expiresAt = details.expiration === null ? {} : { expires_at: new Date(details.expiration * 1000) };
  return {
    id,
    task_id: job.task_id,
    job_id: job.job_id,
    image: details.image,
    command: details.command,
    request_ip: how.request_ip ?? null,
    origin: how.origin,
    tick_at: how.tick_at ?? null,
    start_at: how.start_at ?? null,
    created_at: how.created_at ?? null,
    farm: farm?.maxRunning == null ? null : farm.name,
    submission: submissionOf(id, job, settings, {
      ...expiresAt,
      ...(how.start_at ? { start_at: how.start_at } : {}),
      ...(how.parent_id ? { parent_id: how.parent_id } : {}),
    }),
  };
}

/** The cron parent in the record of a job that repeats. */
export function cronOf(
  id: string,
  job: Pick<TaskJob, 'task_id' | 'job_id' | 'owner' | 'project' | 'details'>,
  settings: TaskSettings,
): Submission {
  const { held: _, ...submission } = submissionOf(id, job, settings);
  return { ...submission, cron: { pattern: secondsFirst(job.details.cron ?? ''), timezone: 'UTC' } };
}

/** A sixth field of fastlane's patterns is the last one and means seconds; ours is the first. */
export function secondsFirst(pattern: string): string {
  const fields = pattern.trim().split(/\s+/);
  return fields.length === 6 ? [fields[5], ...fields.slice(0, 5)].join(' ') : fields.join(' ');
}

/** Milliseconds before automatic retry number `retry`, from 1. */
export const retryDelayMs = (retry: number, settings: TaskSettings): number =>
  Math.min(settings.backoffFactor ** retry * settings.backoffMinMs, 86_400_000);

/** A submission as it was kept as JSON. */
export function revive(kept: Record<string, unknown>): Submission {
  const date = (value: unknown): Date | null => (typeof value === 'string' ? new Date(value) : null);
  return { ...(kept as unknown as Submission), start_at: date(kept['start_at']), expires_at: date(kept['expires_at']) };
}

/** The next time a pattern matches; null: never, or it cannot be read. */
export function nextTick(pattern: string, after = new Date()): Date | null {
  try {
    return tickAfter({ pattern: secondsFirst(pattern), timezone: 'UTC' }, after);
  } catch {
    return null;
  }
}
