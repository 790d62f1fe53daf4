import type { Logger } from '@drover/telemetry';
import { withinS, type Worker } from './worker.js';

/** Longest wait for tickets that are on their way. Seconds. */
const TICKETS_S = 2;

/**
 * Leaves the running jobs to a worker that starts after this one, as an update does it: nothing is ended, and nothing
 * is told. Jobs whose supervisor hears of no worker within a lease are ended by it. `forced` (a second signal) cuts the
 * wait short.
 */
export async function handOver(worker: Worker, forced: AbortSignal, logger: Logger): Promise<void> {
  logger.info({ running: worker.executions.size }, 'handing over: running jobs are left to the next worker');
  const force = new Promise<void>((resolve) => forced.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([withinS(TICKETS_S, worker.handOver(TICKETS_S * 1000)), force]);
}
