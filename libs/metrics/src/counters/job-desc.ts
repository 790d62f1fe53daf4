import { commandLine, nodeEntry, MAIN, type Job, type JobDesc } from '@drover/domain';

const INT32_MAX = 2_147_483_647;

/** Whole Unix seconds; 0 for no time. */
export const seconds = (at: Date | null): number => (at ? Math.max(0, Math.floor(at.getTime() / 1000)) : 0);

export const size32 = (value: number): number =>
  Number.isFinite(value) ? Math.max(-INT32_MAX - 1, Math.min(INT32_MAX, Math.trunc(value))) : 0;

const blank = { size: 0, nodelist: '', partition: '', cluster: '', run_dir: '', start_time: 0, end_time: 0 };

export const mainDesc = (): JobDesc => ({ jobid: MAIN, command: 'Sum of all Jobs', ...blank });

export const nodeDesc = (node: string): JobDesc => ({
  jobid: nodeEntry(node),
  command: `Sum of all Jobs running on ${node}`,
  ...blank,
  nodelist: node,
});

/** One of Drover's own jobs as metric clients know jobs. */
export function descOfJob(
  job: Pick<Job, 'id' | 'spec' | 'queue' | 'node' | 'name' | 'started_at' | 'finished_at'>,
): JobDesc {
  const { resources } = job.spec;
  return {
    jobid: job.id,
    command: commandLine(job.spec.command) || (job.name ?? ''),
    size: size32((resources?.nodes ?? 1) * (resources?.tasks ?? 1)),
    nodelist: job.node ?? '',
    partition: job.queue,
    cluster: '',
    run_dir: job.spec.workdir ?? '',
    start_time: seconds(job.started_at),
    end_time: seconds(job.finished_at),
  };
}

/** Several processes describe one job: first-known fields, earliest start. */
export function mergeDescs(descs: readonly JobDesc[]): JobDesc {
  const [first, ...rest] = descs as [JobDesc, ...JobDesc[]];
  const merged = { ...first };
  for (const desc of rest) {
    for (const key of ['command', 'nodelist', 'partition', 'cluster', 'run_dir'] as const)
      if (merged[key] === '') merged[key] = desc[key];
    if (merged.size === 0) merged.size = desc.size;
    if (desc.start_time > 0 && (merged.start_time === 0 || desc.start_time < merged.start_time))
      merged.start_time = desc.start_time;
  }
  return merged;
}
