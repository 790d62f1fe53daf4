import { setTimeout as sleep } from 'node:timers/promises';
import { DroverError } from '@drover/domain';

/** Tells where it runs, then writes a line now and then, so that one sees output arrive while the job runs. */
const SCRIPT = 'echo "Hello from $(uname -n), $(nproc 2>/dev/null || echo ?) processors."; for n in 1 2 3; do sleep 0.3; echo "Line $n of 3, written at $(date +%T)."; done';
const DEADLINE_MS = 45_000;
const LOOK_MS = 100;

interface JobView {
  id: string;
  state: string;
  exit_code: number | null;
  node: string | null;
}

/** Submits a job through the API and writes its output as it comes. @throws DroverError when it does not succeed in time */
export async function runFirstJob(apiUrl: string, queue: string, write: (text: string) => void, signal: AbortSignal): Promise<JobView> {
  const end = Date.now() + DEADLINE_MS;
  const { id } = await ask<JobView>(`${apiUrl}/api/v1/jobs`, signal, { queue, name: 'first-job', command: SCRIPT });
  write(`job ${id}\n`);
  let offset = 0;
  for (;;) {
    // State first, then output: what was written before the end was seen is never missed.
    const job = await ask<JobView>(`${apiUrl}/api/v1/jobs/${id}`, signal);
    const over = ['succeeded', 'failed', 'cancelled', 'expired'].includes(job.state);
    const fresh = await output(`${apiUrl}/api/v1/jobs/${id}/logs?stream=stdout&offset=${offset}`, signal);
    offset += fresh.length;
    if (fresh.length > 0) write(fresh.toString('utf8'));
    if (over && job.state === 'succeeded') return job;
    if (over) throw new DroverError('unavailable', `The first job ${id} ended as ${job.state}${job.exit_code === null ? '' : ` with exit code ${job.exit_code}`}.`);
    if (Date.now() > end) throw new DroverError('timeout', `The first job ${id} is still ${job.state} after ${DEADLINE_MS / 1000} s.`);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

async function output(url: string, signal: AbortSignal): Promise<Buffer> {
  const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) });
  // Nothing is there yet before the job runs (404), or beyond what is stored (416).
  return answer.ok ? Buffer.from(await answer.arrayBuffer()) : Buffer.alloc(0);
}

async function ask<T>(url: string, signal: AbortSignal, body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  if (!answer.ok) throw new DroverError('unavailable', `${url} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return (await answer.json()) as T;
}
