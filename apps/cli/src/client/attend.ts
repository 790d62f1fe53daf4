import { createInterface } from 'node:readline/promises';
import type { Job } from '@drover/client';
import { exitCodeOf } from './exit-code.js';
import { followJob } from './follow.js';
import { write } from './output.js';
import { Progress } from './progress.js';
import { unwrap, type Session } from './session.js';

const LOOK_MS = 1_000;

export interface AttendOptions {
  jobId: string;
  /** Write the output as it comes. */
  show: boolean;
  stream?: 'stdout' | 'stderr';
  tail?: number;
  /** Ctrl-C cancels the job (on a terminal after a question); else it only ends the looking. */
  ownsJob: boolean;
}

/** Stays with a job until it has ended and gives the exit code that says how. */
export async function attend(session: Session, options: AttendOptions): Promise<number> {
  const progress = new Progress();
  const stop = new AbortController();
  let began = false;
  const told = setInterval(() => {
    if (!began && process.stderr.isTTY) void explain(session, options.jobId).then((text) => (began ? undefined : progress.say(text)), () => undefined);
  }, LOOK_MS);
  let left: 'detached' | null = null;
  const leave = onInterrupt(session, options, () => {
    left = 'detached';
    stop.abort();
  });
  try {
    const job = await followJob(session, {
      jobId: options.jobId,
      ...(options.stream ? { stream: options.stream } : {}),
      ...(options.tail === undefined ? {} : { tail: options.tail }),
      signal: stop.signal,
      onPiece: async ({ stream, bytes }) => {
        began = true;
        progress.clear();
        if (options.show) await write(bytes, stream === 'stderr' ? process.stderr : process.stdout);
      },
      onLost: () => progress.say('The API does not answer; trying again'),
    });
    progress.clear();
    if (left) {
      process.stderr.write(`Detached. The job goes on: drover logs -f ${options.jobId}\n`);
      return options.ownsJob ? 0 : 130;
    }
    if (!job) throw new Error(`Job ${options.jobId} was deleted.`);
    if (job.state !== 'succeeded' && options.show) process.stderr.write(`drover: job ${job.id} ${job.state}${why(job)}\n`);
    return exitCodeOf(job);
  } finally {
    clearInterval(told);
    progress.clear();
    leave();
  }
}

const why = (job: Job): string => (job.cause_detail ? `: ${job.cause_detail}` : job.cause ? ` (${job.cause})` : '');

async function explain(session: Session, id: string): Promise<string> {
  return unwrap(await session.api.GET('/api/v1/jobs/{id}/explain', { params: { path: { id } } })).summary;
}

/** Handles Ctrl-C; returns what takes the handler away. */
function onInterrupt(session: Session, { jobId, ownsJob }: AttendOptions, detach: () => void): () => void {
  let times = 0;
  let question: AbortController | null = null;
  const cancel = (): void => {
    process.stderr.write('Cancelling…\n');
    session.api.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id: jobId } }, body: { reason: 'interrupted' } }).catch(() => undefined);
  };
  const handler = (): void => {
    times += 1;
    if (!ownsJob) return detach();
    if (times >= 3) process.exit(130);
    question?.abort();
    if (times === 2 || !process.stdin.isTTY || !process.stderr.isTTY) return cancel();
    question = new AbortController();
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    lines.on('SIGINT', handler);
    lines
      .question('\n[d]etach and let it run, [c]ancel it, or go on? ', { signal: question.signal })
      .then((answer) => {
        if (/^d/i.test(answer)) detach();
        else if (/^c/i.test(answer)) cancel();
        else times = 0;
      })
      .catch(() => undefined)
      .finally(() => lines.close());
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler);
    process.off('SIGTERM', handler);
  };
}
