import type { Logger } from '@drover/telemetry';
import { withinS, type Worker } from './worker.js';

/** Between TERM and KILL for jobs that outlast the drain. Seconds. */
const END_GRACE_S = 5;
const FORCED_GRACE_S = 0.5;
/** The time for the last words to the API. */
const TELL_S = 5;
const FORCED_TELL_S = 1;

/**
 * Drains the worker at SIGTERM: no more tickets, running jobs may finish within the time-out, then they are ended and
 * their jobs run elsewhere. `forced` (a second signal) cuts every wait short.
 */
export async function drain(worker: Worker, timeoutS: number, forced: AbortSignal, logger: Logger): Promise<void> {
  const force = new Promise<void>((resolve) => {
    if (forced.aborted) resolve();
    else forced.addEventListener('abort', () => resolve(), { once: true });
  });
  const unlessForced = (seconds: number, what: Promise<unknown>): Promise<unknown> =>
    Promise.race([withinS(seconds, what), force]);

  await unlessForced(TELL_S, worker.stopTaking());
  logger.info({ running: worker.executions.size, timeout_s: timeoutS }, 'draining: no more jobs are taken');
  await unlessForced(timeoutS, worker.executions.idle());
  if (worker.executions.size > 0) {
    const graceS = forced.aborted ? FORCED_GRACE_S : END_GRACE_S;
    logger.warn({ running: worker.executions.size, forced: forced.aborted }, 'the remaining jobs are ended');
    worker.executions.endAll('agent_lost', 'The worker of the node was stopped.', graceS);
    await unlessForced(graceS + TELL_S, worker.executions.idle());
    if (forced.aborted) {
      worker.executions.endAll('agent_lost', 'The worker of the node was stopped.', FORCED_GRACE_S);
      await withinS(FORCED_GRACE_S + FORCED_TELL_S, worker.executions.idle());
    }
  }
  await worker.leave(forced.aborted ? FORCED_GRACE_S : END_GRACE_S, forced.aborted ? FORCED_TELL_S : TELL_S);
  logger.info('the worker has left');
}
