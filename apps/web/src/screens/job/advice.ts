import type { JobDetail, RunList, Sample } from '../../api/types.js';
import { bytesOf, counted } from '../../lib/format.js';
import { spanOf } from '../../lib/time.js';

const MIB = 1024 * 1024;
/** Less than this share of what was asked for is told as too much. */
const LITTLE = 0.5;
/** More than this share of the memory that was asked for is told as scarce. */
const SCARCE = 0.9;
/** From so few runs nothing is told of what is usual. */
const LEAST_RUNS = 3;

const percent = (share: number): string =>
  share > 0 && share < 0.01 ? 'less than 1 %' : `${Math.round(share * 100)} %`;
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The demands of a job beside what it used, in sentences. `samples`: its readings. `now`: milliseconds since 1970, for
 * the length of a job that runs.
 */
export function adviceOf(job: JobDetail, samples: readonly Sample[], runs: RunList | undefined, now: number): string[] {
  return [
    ...memoryAdvice(job, samples),
    ...cpuAdvice(job, samples),
    ...gpuAdvice(job, samples),
    ...lengthAdvice(job, runs, now),
  ];
}

function memoryAdvice({ resources }: JobDetail, samples: readonly Sample[]): string[] {
  const most = Math.max(0, ...known(samples.map((sample) => sample.memory_bytes)));
  const asked = (resources.memory_mb ?? 0) * MIB;
  if (asked === 0 || most === 0) return [];
  const share = most / asked;
  const used = `used ${percent(share)} at most (${bytesOf(most)})`;
  if (share < LITTLE) return [`It asked for ${bytesOf(asked)} of memory and ${used}: with less it may start sooner.`];
  if (share > SCARCE)
    return [`It asked for ${bytesOf(asked)} of memory and ${used}: with a larger input it may be killed.`];
  return [];
}

function cpuAdvice({ resources }: JobDetail, samples: readonly Sample[]): string[] {
  const used = known(samples.map((sample) => sample.cpu_percent));
  const asked = (resources.cpus_per_task ?? 1) * (resources.tasks ?? 1);
  // Readings are of one node's part.
  if (asked < 2 || used.length === 0 || (resources.nodes ?? 1) > 1) return [];
  const mean = meanOf(used) / 100;
  if (mean / asked >= LITTLE) return [];
  return [`It asked for ${counted(asked, 'CPU')} and kept ${mean.toFixed(1)} of them busy on average.`];
}

function gpuAdvice({ resources }: JobDetail, samples: readonly Sample[]): string[] {
  const used = known(samples.map((sample) => sample.gpu_percent));
  const asked = (resources.gpus_per_task ?? 0) * (resources.tasks ?? 1);
  if (asked === 0 || used.length === 0) return [];
  const mean = meanOf(used) / 100;
  return mean < LITTLE
    ? [`It asked for ${counted(asked, 'GPU')} and used ${percent(mean)} of what was read of them on average.`]
    : [];
}

function lengthAdvice(
  { started_at: start, finished_at: end }: JobDetail,
  runs: RunList | undefined,
  now: number,
): string[] {
  const { p10_s: low = null, p90_s: high = null, runs: count = 0 } = runs?.band ?? {};
  if (start === null || low === null || high === null || count < LEAST_RUNS) return [];
  const length = (end === null ? now : Date.parse(end)) - Date.parse(start);
  const others = `of the ${count} runs before it that succeeded`;
  if (length > high * 1_000) {
    const verb = end === null ? 'It has run for' : 'It ran for';
    return [`${verb} ${spanOf(length)}: nine in ten ${others} took at most ${spanOf(high * 1_000)}.`];
  }
  if (end !== null && length < low * 1_000)
    return [`It ran for ${spanOf(length)}: nine in ten ${others} took at least ${spanOf(low * 1_000)}.`];
  return [];
}
