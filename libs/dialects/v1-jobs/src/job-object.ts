import { constants } from 'node:os';
import type { JobUsage } from '@drover/domain';
import type { StoredJob } from '@drover/store';
import { ranges, toHostlist } from './hostlist.js';
import { fluxResult, fluxState, hpcState, isHpcTerminal, type HpcState } from './states.js';

/** The facts of a job that the dialects keep in its payload, beside the core. */
export interface V1Payload {
  /** Names of its nodes: given for an observed job, found by placement for one of ours. */
  nodes?: string[];
  /** An observed job that has left `pending` once. */
  started_again?: boolean;
  /** The facts of an observed job that only the observability service knows. */
  observed?: {
    cluster_name?: string;
    scheduler_instance?: string;
    ingest_version?: string;
    requested_cpus?: number;
    allocated_cpus?: number;
    requested_memory_mb?: number;
    allocated_memory_mb?: number;
    requested_gpus?: number;
    allocated_gpus?: number;
    gpu_vendor?: string;
    gpu_devices?: string[];
    cgroup_path?: string;
    scheduler?: Record<string, unknown>;
  };
  /** The facts that the Flux API keeps of its own jobs. */
  flux?: { option_flags?: Record<string, string>; launcher?: boolean };
}

export const payloadOf = (job: Pick<StoredJob, 'payload'>): V1Payload => job.payload as V1Payload;

export type JobObject = Record<string, unknown> & { id: string; state: string };

const MB = 1024 * 1024;

function nodesOf(job: StoredJob): string[] {
  return payloadOf(job).nodes ?? (job.node ? [job.node] : []);
}

/**
 * CPUs the job may use: what 100 % of its CPU usage is. 1 for an observed job, whose reporter gives per cent of its
 * allocation.
 */
export function cpusOf(job: StoredJob): number {
  if (job.dispatch === 'observed') return 1;
  const { tasks = 1, cpus_per_task = 1 } = job.spec.resources ?? {};
  return Math.max(1, tasks * cpus_per_task);
}

/** Per cent of what the job may use, 0 to 100. */
export function share(job: StoredJob, cpuPercent: number): number {
  return round(Math.min(100, Math.max(0, cpuPercent / cpusOf(job))));
}

/** Real columns hold 24 bits: 75.3 comes back as 75.30000305. */
const round = (value: number): number => Math.round(value * 1e4) / 1e4;

const megabytes = (bytes: number): number => Math.floor(bytes / MB);
const seconds = (date: Date): number => date.getTime() / 1000;

/** Leaves out what is absent: the observability service knows no null. */
function given<T extends Record<string, unknown>>(fields: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}

const positive = (value: number | undefined | null): number | undefined => (value ? value : undefined);

/** When it started; the time of its submission while it has not. */
const startOf = (job: StoredJob): Date => job.started_at ?? job.created_at;

/** Seconds it ran, or runs by now. */
function runtimeOf(job: StoredJob, now = new Date()): number {
  if (job.started_at === null) return 0;
  return Math.max(0, ((job.finished_at ?? now).getTime() - job.started_at.getTime()) / 1000);
}

function usagePart(job: StoredJob, usage: JobUsage | undefined): Record<string, unknown> {
  const percent = (value: number | null | undefined): number | undefined =>
    value === null || value === undefined ? undefined : round(Math.min(100, Math.max(0, value)));
  const ofCpu = (value: number | null | undefined): number | undefined =>
    value === null || value === undefined ? undefined : share(job, value);
  return given({
    cpu_usage: ofCpu(usage?.cpu_percent) ?? 0,
    memory_usage_mb: megabytes(usage?.memory_bytes ?? 0),
    gpu_usage: percent(usage?.gpu_percent),
    last_sample_at: usage?.last_sample_at?.toISOString(),
    sample_count: positive(usage?.sample_count),
    avg_cpu_usage: positive(ofCpu(usage?.cpu_avg)),
    max_cpu_usage: positive(ofCpu(usage?.cpu_max)),
    max_memory_usage_mb: positive(megabytes(usage?.memory_max ?? 0)),
    avg_gpu_usage: positive(percent(usage?.gpu_avg)),
    max_gpu_usage: positive(percent(usage?.gpu_max)),
  });
}

function requested(job: StoredJob): Record<string, unknown> {
  if (job.dispatch === 'observed') return payloadOf(job).observed ?? {};
  const { tasks = 1, gpus_per_task = 0, memory_mb = 0 } = job.spec.resources ?? {};
  const held = job.claimed_at !== null;
  const gpus = tasks * gpus_per_task;
  return {
    requested_cpus: cpusOf(job),
    requested_memory_mb: memory_mb,
    requested_gpus: gpus,
    ...(held ? { allocated_cpus: cpusOf(job), allocated_memory_mb: memory_mb, allocated_gpus: gpus } : {}),
  };
}

function schedulerOf(job: StoredJob): Record<string, unknown> | undefined {
  if (job.dispatch === 'observed') return payloadOf(job).observed?.scheduler;
  return given({
    raw_state: job.state,
    submit_time: job.created_at.toISOString(),
    partition: job.queue,
    priority: job.priority,
    exit_code: job.exit_code,
    state_reason: job.cause_detail,
    time_limit_minutes: job.spec.limits?.runtime_s ? Math.ceil(job.spec.limits.runtime_s / 60) : undefined,
  });
}

/** The fields of the observability service. */
function hpcPart(
  job: StoredJob,
  id: string,
  usage: JobUsage | undefined,
): Record<string, unknown> & { id: string; state: HpcState } {
  const state = hpcState(job.state);
  const nodes = nodesOf(job);
  const ended = isHpcTerminal(state);
  const wants = requested(job);
  const from = payloadOf(job).observed ?? {
    cluster_name: 'default',
    scheduler_instance: 'drover',
    ingest_version: 'drover-v1',
  };
  return {
    id,
    user: job.owner || 'anonymous',
    nodes,
    node_count: nodes.length || job.spec.resources?.nodes || 0,
    state,
    start_time: startOf(job).toISOString(),
    ...usagePart(job, usage),
    ...given({
      ...(ended && job.finished_at ? { end_time: job.finished_at.toISOString(), runtime_seconds: runtimeOf(job) } : {}),
      ...Object.fromEntries(
        [
          'requested_cpus',
          'allocated_cpus',
          'requested_memory_mb',
          'allocated_memory_mb',
          'requested_gpus',
          'allocated_gpus',
        ].map((key) => [key, positive(wants[key] as number | undefined)]),
      ),
      cluster_name: from.cluster_name,
      scheduler_instance: from.scheduler_instance,
      ingest_version: from.ingest_version,
      scheduler: schedulerOf(job),
    }),
  };
}

const signalNumber = (name: string): number => constants.signals[name as NodeJS.Signals] ?? 0;

/** Highest exit code, 128 + signal, -128 for a job that was cancelled before it ran; '' before the end. */
function returncode(job: StoredJob): number | '' {
  if (!isHpcTerminal(hpcState(job.state))) return '';
  if (job.state === 'cancelled' && job.started_at === null) return -128;
  if (job.exit_code !== null) return job.exit_code;
  if (job.signal) return 128 + signalNumber(job.signal);
  return job.state === 'succeeded' ? 0 : 1;
}

/** The exit status as wait(2) gives it. */
function waitstatus(job: StoredJob): number | '' {
  const code = returncode(job);
  if (code === '' || code === -128) return '';
  return job.signal ? signalNumber(job.signal) : (code & 0xff) << 8;
}

function exceptionOf(job: StoredJob): { occurred: boolean; severity: number | ''; type: string; note: string } {
  const result = fluxResult(job);
  const byItself = job.cause === 'exit_code' || job.cause === 'signal' || job.cause === null;
  if (result === null || result === 'COMPLETED' || (result === 'FAILED' && byItself))
    return { occurred: false, severity: '', type: '', note: '' };
  const type = result === 'CANCELED' ? 'cancel' : result === 'TIMEOUT' ? 'timeout' : 'exec';
  return { occurred: true, severity: 0, type, note: job.cause_detail ?? '' };
}

/** The user the processes of this broker run as: what a worker of the same installation runs jobs as. */
const UID = process.getuid?.() ?? 0;
const DEFAULT_URGENCY = 16;

function nameOf(job: StoredJob, id: string): string {
  if (job.name) return job.name;
  const command = job.spec.command;
  const word = Array.isArray(command) ? command[0] : command?.trim().split(/\s+/)[0];
  return word?.split('/').at(-1) ?? id;
}

/** The fields of Flux that do not collide with the other's. */
function fluxPart(job: StoredJob, id: string, now: Date): Record<string, unknown> {
  const nodes = nodesOf(job);
  const ran = job.started_at !== null || nodes.length > 0;
  const result = fluxResult(job);
  const limit = job.spec.limits?.runtime_s ?? 0;
  const tasks = job.spec.resources?.tasks ?? 1;
  const exception = exceptionOf(job);
  return {
    userid: UID,
    urgency: DEFAULT_URGENCY,
    priority: Math.max(0, DEFAULT_URGENCY + job.priority),
    t_submit: seconds(job.created_at),
    ...(job.queued_at ? { t_depend: seconds(job.queued_at) } : {}),
    ...(job.started_at ? { t_run: seconds(job.started_at) } : {}),
    ...(job.finished_at ? { t_cleanup: seconds(job.finished_at), t_inactive: seconds(job.finished_at) } : {}),
    name: nameOf(job, id),
    ntasks: tasks,
    ncores: job.dispatch === 'observed' ? (payloadOf(job).observed?.allocated_cpus ?? 1) : cpusOf(job),
    nnodes: ran ? Math.max(1, nodes.length) : '',
    ranks: ran ? ranges(nodes.length > 0 ? nodes.map((_, index) => String(index)) : ['0']) : '',
    nodelist: ran ? toHostlist(nodes) : '',
    ...(result === null ? {} : { success: result === 'COMPLETED' }),
    result: result ?? '',
    returncode: returncode(job),
    waitstatus: waitstatus(job),
    runtime: runtimeOf(job, now),
    duration: limit,
    expiration: limit > 0 && job.started_at ? seconds(job.started_at) + limit : '',
    exception_occurred: exception.occurred,
    exception,
    annotations: { sched: { queue: job.queue } },
  };
}

/** The merged object whose `state` is the observability service's word. */
export function mergedJob(job: StoredJob, id: string, usage: JobUsage | undefined, now = new Date()): JobObject {
  const hpc = hpcPart(job, id, usage);
  return { ...fluxPart(job, id, now), ...hpc, flux_state: fluxState(job), job_state: hpc.state };
}

/** The same object whose `state` is Flux's word. */
export function fluxJob(job: StoredJob, id: string, usage: JobUsage | undefined, now = new Date()): JobObject {
  const merged = mergedJob(job, id, usage, now);
  return { ...merged, state: fluxState(job) };
}
