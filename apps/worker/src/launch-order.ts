import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { JobSpec } from '@drover/domain';
import { CONTAINER_WORK, type ContainerLaunch, type JobUser, type LaunchOrder } from '@drover/executor';
import type { ClaimedExecution } from '@drover/protocol';
import { traceparentOf } from '@drover/telemetry';
import type { Confined } from './isolation.js';

const DEFAULT_GRACE_S = 10;
const MIB = 1024 * 1024;

/** The facts of a running execution that a restarted daemon has to know. The supervisor keeps them. */
export interface ExecutionNote extends Record<string, unknown> {
  job_id: string;
  epoch: number;
  queue: string;
  cwd: string;
  artifacts: string[];
  keep_workdir: boolean;
  gpus: number[];
  /** Values its output must not show. */
  mask?: string[];
  /** Slots of the node that the execution takes. */
  slots: number;
  /** The user whose rights its processes have. Absent: the worker's. */
  user?: JobUser;
  /** Its processes see other files than the worker: those it names are not opened as if they were the same. */
  isolated?: boolean;
}

export interface NodeContext {
  node: string;
  apiUrl: string;
  /** Where a job pushes its metrics: variables of its environment. */
  metricsEnv?: (jobId: string) => Record<string, string>;
}

/**
 * Where the command starts: the job's own folder, a folder inside it (made here), or an absolute path. @throws Error
 * with a sentence
 */
function workingDirectory(work: string, workdir: string | undefined, user?: JobUser): string {
  if (workdir === undefined || workdir === '') return work;
  if (isAbsolute(workdir)) return resolve(workdir);
  const cwd = resolve(work, workdir);
  const inside = relative(work, cwd);
  if (inside.split('/')[0] === '..')
    throw new Error(
      `The working directory "${workdir}" leads out of the job's own folder; name it relative to that folder, or absolute.`,
    );
  const made = mkdirSync(cwd, { recursive: true, mode: 0o700 });
  // All folders that were made, from the last one up: they are the job's.
  for (let path = cwd; user !== undefined && made !== undefined; path = dirname(path)) {
    chownSync(path, user.uid, user.gid);
    if (path === made) break;
  }
  return cwd;
}

/** The order for an executor. @throws Error with a sentence when the job cannot be run as it is */
export function launchOrder(
  execution: ClaimedExecution,
  place: Confined,
  context: NodeContext,
): LaunchOrder & { note: ExecutionNote } {
  const { spec, gang, gpus = [] } = execution;
  const { command, resources = {}, limits = {} } = spec;
  if (command === null || command.length === 0)
    throw new Error('The job has no command, so there is nothing a worker could run.');
  const container = containerOf(spec, place.work);
  // An absolute folder of a container is the image's, not this node's.
  const cwd =
    container === undefined || !isAbsolute(spec.workdir ?? '')
      ? workingDirectory(place.work, spec.workdir, place.user)
      : place.work;
  const tasks = Math.max(resources.tasks ?? 1, 1);
  const memoryMb = resources.memory_mb;
  return {
    execution_id: execution.execution_id,
    folder: place.folder,
    command,
    // The job's own folder is mounted, wherever in it the command starts.
    cwd: container === undefined ? cwd : place.work,
    ...(container === undefined ? {} : { container }),
    ...(place.user === undefined ? {} : { user: place.user }),
    ...(place.view === undefined ? {} : { view: place.view }),
    env: {
      ...place.env,
      // On this node's loopback and disk, which a container does not see. What the job itself says of them counts.
      ...(container === undefined ? metricsOf(execution, place, context) : {}),
      // Spans that the job makes itself are children of its run.
      TRACEPARENT: traceparentOf(execution.job_id, execution.execution_id),
      ...spec.env,
      ...(gpus.length > 0 ? { CUDA_VISIBLE_DEVICES: gpus.join(',') } : {}),
      DROVER_JOB_ID: execution.job_id,
      DROVER_EXECUTION_ID: execution.execution_id,
      DROVER_ATTEMPT: String(execution.attempt),
      DROVER_QUEUE: execution.queue,
      DROVER_NODE: context.node,
      ...(container === undefined
        ? { DROVER_WORKDIR: place.work }
        : container.mount
          ? { DROVER_WORKDIR: CONTAINER_WORK }
          : {}),
      DROVER_API_URL: context.apiUrl,
      DROVER_TOKEN: execution.token,
      DROVER_TASK_SIZE: String(gang?.task_size ?? tasks),
      ...(gang === undefined
        ? {}
        : {
            DROVER_NODE_RANK: String(gang.rank),
            DROVER_NODE_COUNT: String(gang.size),
            DROVER_HOSTLIST: gang.hostlist.join(','),
          }),
    },
    tasks,
    first_rank: gang?.first_rank ?? 0,
    stdin: spec.stdin !== undefined,
    limits: {
      grace_s: limits.grace_s ?? DEFAULT_GRACE_S,
      ...(limits.runtime_s === undefined ? {} : { runtime_s: limits.runtime_s }),
      ...(limits.silence_s === undefined ? {} : { silence_s: limits.silence_s }),
      ...(limits.output_bytes === undefined ? {} : { output_bytes: limits.output_bytes }),
      ...(memoryMb === undefined || memoryMb <= 0 ? {} : { memory_bytes: memoryMb * MIB }),
      ...(resources.cpus_per_task === undefined || resources.cpus_per_task <= 0
        ? {}
        : { cpus: tasks * resources.cpus_per_task }),
    },
    note: {
      job_id: execution.job_id,
      epoch: execution.epoch,
      queue: execution.queue,
      cwd,
      artifacts: spec.artifacts ?? [],
      keep_workdir: spec.keep_workdir ?? false,
      gpus,
      ...maskOf(execution, context),
      slots: execution.slots ?? 1,
      ...(place.user === undefined ? {} : { user: place.user }),
      ...(place.user === undefined && place.view === undefined ? {} : { isolated: true }),
    },
  };
}

/**
 * The end of a token of ours: without it the rest is good for nothing, and other output seldom looks like its
 * beginning.
 */
const SIGNATURE = /\.([\w-]{43})$/;

/** The key at the end of the address where a job pushes its counters. */
const METRICS_KEY = /\/([\w-]{32})$/;

/**
 * Texts that the output must not show: those the API names, the token of the execution, and the key of its counters.
 * Others who read the output could use these two while it runs.
 */
function maskOf({ mask = [], token, job_id }: ClaimedExecution, { metricsEnv }: NodeContext): { mask?: string[] } {
  const keys = [SIGNATURE.exec(token)?.[1], METRICS_KEY.exec(metricsEnv?.(job_id)['DROVER_METRICS_URL'] ?? '')?.[1]];
  const all = [...mask, ...keys.filter((key) => key !== undefined)];
  return all.length === 0 ? {} : { mask: all };
}

/** Over HTTP with a key of its own; the socket, on which one job could speak for another, is not for isolated ones. */
function metricsOf({ job_id }: ClaimedExecution, place: Confined, { metricsEnv }: NodeContext): Record<string, string> {
  const { PROXY_PATH, PROXY_JOB_ID, ...http } = metricsEnv?.(job_id) ?? {};
  if (place.user !== undefined || place.view !== undefined || PROXY_PATH === undefined || PROXY_JOB_ID === undefined)
    return http;
  return { ...http, PROXY_PATH, PROXY_JOB_ID };
}

/**
 * How a job runs in a container. Its own folder is mounted when it is needed: for artifacts, or because the command is
 * to start in it; else the command starts where the image says.
 */
function containerOf(spec: JobSpec, work: string): ContainerLaunch | undefined {
  if (spec.container === undefined) return undefined;
  const { workdir = '', resources, artifacts = [] } = spec;
  const mount = (workdir !== '' && !isAbsolute(workdir)) || artifacts.length > 0;
  // The user of the image is seldom ours; nobody else reaches the folder, which is inside the closed spool.
  if (mount) chmodSync(work, 0o777);
  const cpus = resources?.cpus_per_task;
  return {
    image: spec.container.image,
    extra_hosts: spec.container.extra_hosts ?? {},
    mount,
    ...(isAbsolute(workdir) ? { workdir } : mount ? { workdir: join(CONTAINER_WORK, workdir) } : {}),
    ...(cpus === undefined || cpus <= 0 ? {} : { cpus }),
  };
}

/** The working directory of an execution, from its folder in the spool. */
export const workOf = (folder: string): string => join(folder, 'work');
