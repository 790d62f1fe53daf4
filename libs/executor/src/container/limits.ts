import type { Ending } from '../supervisor/classify.js';
import { bytes, seconds } from '../supervisor/sentences.js';
import { DISK_RESERVE, free } from '../supervisor/watch.js';
import type { ContainerRun } from './run.js';

/** The limit that an execution has passed, if any. Memory is the engine's concern. */
export function limitFault(run: ContainerRun): Ending | undefined {
  const { output, order, spawnedAt } = run;
  if (spawnedAt === null || output === undefined) return undefined;
  const { runtime_s, silence_s, output_bytes } = order.limits;
  if (runtime_s !== undefined && run.ranMs >= runtime_s * 1000)
    return { cause: 'timeout', detail: `Still running after its limit of ${seconds(runtime_s)}.` };
  const silentMs = Math.min(performance.now() - output.grewAt, run.ranMs);
  if (silence_s !== undefined && silentMs >= silence_s * 1000)
    return { cause: 'silence', detail: `No output for ${seconds(silence_s)}, the longest silence allowed.` };
  const own = output.total - run.preambleBytes;
  if (output_bytes !== undefined && own > output_bytes) {
    return {
      cause: 'output_limit',
      detail: `The output grew to ${bytes(own)}, more than the limit of ${bytes(output_bytes)}.`,
    };
  }
  return undefined;
}

const seen = new WeakMap<ContainerRun, number>();

/** When the disk is (nearly) full: the execution that has written most since the look before goes first. */
export function writerOnFullDisk(
  root: string,
  runs: readonly ContainerRun[],
): { run: ContainerRun; ending: Ending } | undefined {
  let writer: ContainerRun | undefined;
  let most = 0;
  for (const run of runs) {
    const now = run.output?.total ?? 0;
    const growth = now - (seen.get(run) ?? 0);
    seen.set(run, now);
    if (run.ending === undefined && growth > most) [writer, most] = [run, growth];
  }
  const left = free(root);
  if (left >= DISK_RESERVE || writer === undefined) return undefined;
  return {
    run: writer,
    ending: { cause: 'disk_full', detail: `The disk of the node is full: ${bytes(left)} are left at ${root}.` },
  };
}
