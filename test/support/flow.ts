import { createHash } from 'node:crypto';
import { expectEventually } from './expect-eventually.js';
import { processesWith } from './processes.js';
import type { Stack } from './stack.js';

/** The part of a job that the tests read. */
export interface JobView {
  id: string;
  state: string;
  cause: string | null;
  exit_code: number | null;
  signal: string | null;
  attempt: number;
  node: string | null;
  name: string | null;
  started_at: string | null;
  finished_at: string | null;
}

export interface ExecutionView {
  id: string;
  epoch: number;
  state: string;
  cause: string | null;
  node: string;
  log_complete: boolean | null;
  stdout_bytes: number;
  stderr_bytes: number;
  stdout_sha256: string | null;
  stderr_sha256: string | null;
}

const TERMINAL = ['succeeded', 'failed', 'cancelled', 'expired'];
export const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** One submit, accepted. */
export async function submit(stack: Stack, job: Record<string, unknown>): Promise<string> {
  const { status, body } = await stack.request('POST', '/api/v1/jobs', { queue: 'default', ...job });
  if (status !== 201) throw new Error(`submit answered ${status}: ${JSON.stringify(body)}`);
  return (body as JobView).id;
}

export async function submitBatch(stack: Stack, jobs: Record<string, unknown>[]): Promise<string[]> {
  const { status, body } = await stack.request('POST', '/api/v1/jobs/batch', {
    jobs: jobs.map((job) => ({ queue: 'default', ...job })),
  });
  if (status !== 201) throw new Error(`batch submit answered ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  return (body as { ids: string[] }).ids;
}

export async function job(stack: Stack, id: string): Promise<JobView> {
  const { status, body } = await stack.request('GET', `/api/v1/jobs/${id}`);
  if (status !== 200) throw new Error(`GET of job ${id} answered ${status}: ${JSON.stringify(body)}`);
  return body as JobView;
}

/** Waits until the job is in one of these states. */
export async function jobIs(stack: Stack, id: string, states: string | string[], withinMs = 20_000): Promise<JobView> {
  const wanted = [states].flat();
  return expectEventually(
    async () => {
      const view = await job(stack, id);
      if (!wanted.includes(view.state)) throw new Error(`it is ${view.state} (${view.cause ?? 'no cause'})`);
      return view;
    },
    { withinMs, everyMs: 50, what: `Job ${id} in state ${wanted.join(' or ')}` },
  );
}

/**
 * Waits until nothing of these queues is alive any more, then gives all jobs. `withinMs` without any progress is a
 * failure.
 */
export async function allEnded(stack: Stack, ids: string[], stallMs = 60_000): Promise<Map<string, JobView>> {
  let last = -1;
  let since = Date.now();
  const jobs = new Map<string, JobView>();
  for (;;) {
    const open = ids.filter((id) => !TERMINAL.includes(jobs.get(id)?.state ?? ''));
    if (open.length === 0) return jobs;
    try {
      for (let at = 0; at < open.length; at += 20) {
        for (const view of await Promise.all(open.slice(at, at + 20).map((id) => job(stack, id))))
          jobs.set(view.id, view);
      }
    } catch {
      // A replica that was killed a moment ago; the stall time-out has the last word.
    }
    if (open.length !== last) {
      last = open.length;
      since = Date.now();
    } else if (Date.now() - since > stallMs) {
      throw new Error(
        `${open.length} of ${ids.length} jobs made no progress for ${stallMs} ms: ${JSON.stringify(open.slice(0, 5).map((id) => jobs.get(id)))}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export async function executions(stack: Stack, id: string): Promise<ExecutionView[]> {
  const { status, body } = await stack.request('GET', `/api/v1/jobs/${id}/executions`);
  if (status !== 200) throw new Error(`executions of ${id} answered ${status}: ${JSON.stringify(body)}`);
  return (body as { executions: ExecutionView[] }).executions;
}

/** The bytes of one stream as a client gets them. */
export async function log(stack: Stack, id: string, stream = 'stdout'): Promise<Buffer> {
  const answer = await fetch(`${stack.url}/api/v1/jobs/${id}/logs?stream=${stream}`, {
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok) throw new Error(`logs answered ${answer.status}: ${await answer.text()}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The record says the log is whole, and a recount of what is stored agrees. */
export async function verifyLog(stack: Stack, id: string): Promise<void> {
  const { status, body } = await stack.request('GET', `/api/v1/jobs/${id}/logs/verify`);
  const answer = body as { complete: boolean | null; verified: boolean | null };
  if (status !== 200 || answer.complete !== true || answer.verified !== true)
    throw new Error(`the log of ${id} is not whole: ${JSON.stringify(body)}`);
}

/** Living processes of a job. */
export const processesOf = (jobId: string) => processesWith(jobId);
