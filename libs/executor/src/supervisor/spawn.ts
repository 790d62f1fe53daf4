import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { environmentFile, isIsolated, isolatedArgv, oddVariables, startingEnvironment } from '../isolation/wrap.js';
import type { LaunchOrder } from '../messages.js';
import type { StartedProcess, StartProcess } from './process-start.js';
import { checkProgram } from './sentences.js';

/** The output files of an execution, kept open for their sizes. */
export interface OutputFiles {
  stdout: number;
  stderr: number;
}

/** Appending, so that the tasks of one execution do not overwrite each other. */
export function openOutputs(folder: string): OutputFiles {
  const stdout = openSync(join(folder, 'stdout'), 'a', 0o600);
  try {
    return { stdout, stderr: openSync(join(folder, 'stderr'), 'a', 0o600) };
  } catch (error) {
    closeSync(stdout);
    throw error;
  }
}

export function closeOutputs(files: OutputFiles): void {
  closeSync(files.stdout);
  closeSync(files.stderr);
}

/** The arguments that are executed for a command, and the name a person knows it by. */
export function argvOf(command: string | string[]): { argv: [string, ...string[]]; program: string } {
  if (typeof command === 'string') return { argv: ['/bin/sh', '-c', command], program: '/bin/sh' };
  const [program = '', ...rest] = command;
  return { argv: [program, ...rest], program };
}

/**
 * Starts one task in a session of its own, its output going straight to the files, which have to stay open meanwhile.
 *
 * @param group the folder of its cgroup
 * @throws what `start` throws
 */
export async function startTask(
  start: StartProcess,
  order: LaunchOrder,
  rank: number,
  files: OutputFiles,
  baseEnv: Record<string, string>,
  group?: string,
): Promise<StartedProcess> {
  let { argv, program } = argvOf(order.command);
  // The mark first: the scanner looks for it, and a huge environment must not hide it.
  const env: Record<string, string> = {
    DROVER_EXECUTION_ID: order.execution_id,
    ...baseEnv,
    ...order.env,
    DROVER_TASK_RANK: String(order.first_rank + rank),
  };
  env['DROVER_EXECUTION_ID'] = order.execution_id;
  // A job that came through the Flux API finds its rank under Flux's names as well.
  if (env['FLUX_JOB_ID'] !== undefined)
    Object.assign(env, { FLUX_TASK_RANK: String(order.first_rank + rank), FLUX_TASK_LOCAL_ID: String(rank) });
  const before = [
    // It enters its group itself, so that it is never outside of it.
    ...(group === undefined ? [] : ['echo $$ > "$0/cgroup.procs"']),
    ...(order.limits.memory_bytes === undefined ? [] : [`ulimit -d ${dataLimitKiB(order.limits.memory_bytes)}`]),
  ];
  const isolated = isIsolated(order);
  if (isolated) argv = isolatedArgv(order, [...oddVariables(env), ...argv]);
  if (before.length > 0) {
    // An isolated job may see another file system than this one: nothing is checked for it here.
    if (!isolated) checkProgram(program, env['PATH'], order.cwd);
    argv = [
      '/bin/sh',
      '-c',
      `${before.map((step) => `{ ${step}; } 2>/dev/null; `).join('')}exec "$@"`,
      group ?? 'sh',
      ...argv,
    ];
  }
  const stdin = order.stdin ? openSync(join(order.folder, 'stdin'), 'r') : 'ignore';
  let environment: number | undefined;
  try {
    if (!isolated) return await start({ argv, cwd: order.cwd, env, stdio: [stdin, files.stdout, files.stderr] });
    environment = environmentFile(order, env);
    return await start({
      argv,
      cwd: '/',
      env: startingEnvironment(order.execution_id),
      stdio: [stdin, files.stdout, files.stderr, environment],
    });
  } finally {
    if (typeof stdin === 'number') closeSync(stdin);
    if (environment !== undefined) closeSync(environment);
  }
}

/**
 * RLIMIT_DATA of each process under a memory limit: a backstop for what grows faster than the watch looks. It counts
 * writable private memory only, so runtimes that reserve address space (V8, JVM, Go) start under it; RLIMIT_AS would
 * stop them.
 */
function dataLimitKiB(memoryBytes: number): number {
  return Math.ceil((memoryBytes * 1.5 + 64 * 1024 * 1024) / 1024);
}
