import type { Job } from '@drover/client';
import { EXIT, ExitError } from '../exit.js';
import { terminal } from '../terminal/terminal.js';
import { exitCodeOf } from './exit-code.js';
import { followJob } from './follow.js';
import { onInterrupt } from './interrupt.js';
import type { Session } from './session.js';
import { tellWhyItWaits } from './waiting.js';

export interface AttendOptions {
  jobId: string;
  /** Write the output as it comes. */
  show: boolean;
  stream?: 'stdout' | 'stderr';
  tail?: number;
  /** Let escape sequences of the job through to a terminal. */
  raw?: boolean;
  /** Ctrl-C cancels the job (on a terminal after a question); else it only ends the looking. */
  ownsJob: boolean;
}

/** Stays with a job until it has ended and gives the exit code that says how. */
export async function attend(session: Session, options: AttendOptions): Promise<number> {
  const stop = new AbortController();
  const waiting = tellWhyItWaits(session, options);
  let left = false;
  const leave = onInterrupt(session, options, () => {
    left = true;
    stop.abort();
  });
  try {
    const job = await followJob(session, {
      jobId: options.jobId,
      ...(options.stream ? { stream: options.stream } : {}),
      ...(options.tail === undefined ? {} : { tail: options.tail }),
      signal: stop.signal,
      onPiece: async ({ stream, bytes }) => {
        waiting.stop();
        terminal.clearStatus();
        if (options.show) await terminal.log(stream, bytes, options.raw ?? false);
      },
      onLost: () => terminal.status('The API does not answer; trying again'),
    });
    waiting.stop();
    await terminal.endLog();
    if (left) {
      await terminal.err(`Detached. The job goes on: drover logs -f ${options.jobId}\n`);
      return options.ownsJob ? 0 : EXIT.interrupted;
    }
    if (!job) throw new ExitError(EXIT.notFound, `Job ${options.jobId} was deleted.`);
    if (job.state !== 'succeeded' && options.show) await terminal.say(`job ${job.id} ${job.state}${why(job)}`);
    return exitCodeOf(job);
  } finally {
    waiting.stop();
    terminal.clearStatus();
    leave();
  }
}

const why = (job: Job): string => (job.cause_detail ? `: ${job.cause_detail}` : job.cause ? ` (${job.cause})` : '');
