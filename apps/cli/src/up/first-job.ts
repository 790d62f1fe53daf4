import { setTimeout as sleep } from 'node:timers/promises';
import type { Screen } from './screen.js';

/** Tells where it runs, then writes a line now and then, so that one sees output arrive while the job runs. */
const SCRIPT =
  'echo "Hello from $(uname -n), $(nproc 2>/dev/null || echo ?) processors."; for n in 1 2 3; do sleep 0.3; echo "Line $n of 3, written at $(date +%T)."; done';
const LOOK_MS = 100;
const REQUEST_MS = 10_000;
/** A worker that is there starts a job in milliseconds: by now it is worth asking why it has not. */
const SHOULD_RUN_MS = 3_000;
/** Longest wait of the user for the job; the broker serves afterwards, with or without it. */
const PATIENCE_MS = 45_000;

interface JobView {
  id: string;
  state: string;
  exit_code: number | null;
  node: string | null;
}

interface Explanation {
  state: string;
  reasons: { code: string; message: string; remedy: string | null }[];
}

/** How it went: `node` when it succeeded, `warning` when the user should know something, neither when none was run. */
export interface FirstJobOutcome {
  node?: string;
  warning?: string;
}

export interface FirstJobTimes {
  shouldRunMs: number;
  patienceMs: number;
}

/** The API answered with a refusal. */
class Answered extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Runs a first job when the record holds none, and shows its output as it comes. A job that cannot run is a warning,
 * never a failure: the broker works although its queue is paused or busy. Throws only when `signal` is aborted.
 */
export async function tryFirstJob(
  apiUrl: string,
  queue: string,
  screen: Pick<Screen, 'step' | 'say'>,
  signal: AbortSignal,
  times: FirstJobTimes = { shouldRunMs: SHOULD_RUN_MS, patienceMs: PATIENCE_MS },
): Promise<FirstJobOutcome> {
  try {
    const { jobs } = await ask<{ jobs: unknown[] }>(`${apiUrl}/api/v1/jobs?limit=1`, signal);
    if (jobs.length > 0) return {};
    screen.step('Running a first job:');
    return await runFirstJob(
      apiUrl,
      queue,
      (text) => screen.say(text.replace(/\n$/, '').replace(/^/gm, '    ')),
      signal,
      times,
    );
  } catch (error) {
    signal.throwIfAborted();
    return { warning: `The first job could not be run (${(error as Error).message}); the broker goes on` };
  }
}

const isWaiting = (state: string): boolean => state === 'queued' || state === 'scheduled';

async function runFirstJob(
  apiUrl: string,
  queue: string,
  write: (text: string) => void,
  signal: AbortSignal,
  times: FirstJobTimes,
): Promise<FirstJobOutcome> {
  const began = Date.now();
  const { id } = await ask<JobView>(`${apiUrl}/api/v1/jobs`, signal, { queue, name: 'first-job', command: SCRIPT });
  const url = `${apiUrl}/api/v1/jobs/${id}`;
  write(`job ${id}\n`);
  let offset = 0;
  let asked = false;
  try {
    for (;;) {
      // State first, then output: what was written before the end was seen is never missed.
      const job = await ask<JobView>(url, signal);
      const fresh = await output(`${url}/logs?stream=stdout&offset=${offset}`, signal);
      offset += fresh.length;
      if (fresh.length > 0) write(fresh.toString('utf8'));
      if (job.state === 'succeeded') return { node: job.node ?? 'its node' };
      if (['failed', 'cancelled', 'expired'].includes(job.state)) {
        const how = job.exit_code === null ? '' : ` with exit code ${job.exit_code}`;
        return {
          warning: `The first job ${id} ended as ${job.state}${how}; see \`drover logs ${id}\`. The broker goes on`,
        };
      }
      const waited = Date.now() - began;
      if (!asked && waited > times.shouldRunMs && isWaiting(job.state)) {
        asked = true;
        const why = await whyItWaits(url, signal);
        if (why !== null) return { warning: `The first job ${id} waits, and the broker goes on: ${why}` };
      }
      if (waited > times.patienceMs)
        return {
          warning: `The first job ${id} is still ${job.state} after ${Math.round(waited / 1000)} s; see \`drover get ${id}\`. The broker goes on`,
        };
      await sleep(LOOK_MS, undefined, { signal });
    }
  } catch (error) {
    if (error instanceof Answered && error.status === 404)
      return { warning: `The first job ${id} was deleted before it had ended; the broker goes on` };
    throw error;
  }
}

/** The API's reason with its remedy; null when it is about to start, or does not wait any more. */
async function whyItWaits(url: string, signal: AbortSignal): Promise<string | null> {
  const { state, reasons } = await ask<Explanation>(`${url}/explain`, signal);
  if (!isWaiting(state)) return null;
  const [first] = reasons;
  if (first === undefined || first.code === 'starting' || first.code === 'running') return null;
  return first.remedy === null ? first.message : `${first.message} ${first.remedy}`;
}

async function output(url: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]) });
  // Nothing is there yet before the job runs (404), or beyond what is stored (416).
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : Buffer.alloc(0);
}

async function ask<T>(url: string, signal: AbortSignal, body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
  });
  if (!answer.ok)
    throw new Answered(answer.status, `${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as T;
}
