import { expectEventually } from '../../../../test/support/expect-eventually.js';

export interface Answer {
  status: number;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of every shape
  json: any;
  headers: Headers;
}

export interface ExecutionView {
  executionId: string;
  status: string;
  exitCode: number | null;
  log: string | null;
  error: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  image: string;
  command: string;
  requestIPAddress: string | null;
  metadata: Record<string, unknown>;
  url: string;
}

export interface JobView {
  scheduled: boolean;
  executionCount: number;
  executions: ExecutionView[];
  createdAt: string;
  lastModifiedAt: string;
  metadata: Record<string, unknown> & { retry_count: number; enqueued_id: string };
}

/** A client of the fastlane API, as curl is one. */
export class Client {
  constructor(
    readonly url: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(path.startsWith('http') ? path : this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await answer.text();
    const json = (answer.headers.get('content-type') ?? '').includes('json');
    return { status: answer.status, text, json: json ? JSON.parse(text) : undefined, headers: answer.headers };
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('GET', path, undefined, headers);
  }

  /** A job, accepted. */
  async enqueue(
    task: string,
    payload: Record<string, unknown>,
  ): Promise<{ jobId: string; executionId: string | null; queueJobId: string; path: string }> {
    const { status, json, text } = await this.ask('POST', `/tasks/${task}/`, payload);
    if (status !== 200) throw new Error(`POST answered ${status}: ${text}`);
    return { ...json, path: `/tasks/${task}/jobs/${json.jobId}` };
  }

  async job(path: string): Promise<JobView> {
    const { status, json, text } = await this.get(path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${text}`);
    return json.job as JobView;
  }

  /** Waits until the job's last execution has a status; gives it. */
  async lastIs(path: string, statuses: string | string[], withinMs = 30_000): Promise<ExecutionView> {
    const wanted = [statuses].flat();
    return expectEventually(
      async () => {
        const last = (await this.job(path)).executions[0];
        if (last === undefined) throw new Error('there is no execution');
        if (!wanted.includes(last.status)) throw new Error(`it is ${JSON.stringify(last)}`);
        return last;
      },
      { withinMs, what: `Status ${wanted.join(' or ')} of ${path}` },
    );
  }

  /** Waits until the job has so many executions, all over. */
  async executionsAre(path: string, count: number, withinMs = 60_000): Promise<ExecutionView[]> {
    return expectEventually(
      async () => {
        const { executions, executionCount } = await this.job(path);
        const open = executions.filter((one) => ['enqueued', 'pulling', 'running'].includes(one.status));
        if (executionCount !== count || open.length > 0)
          throw new Error(`there are ${executionCount}: ${executions.map((one) => one.status).join(', ')}`);
        return executions;
      },
      { withinMs, what: `${count} executions of ${path}` },
    );
  }
}

/** Every way to write the path of a job: with job or jobs, with a slash at the end or none. */
export function spellings(path: string): string[] {
  const bare = path.replace(/\/$/, '');
  const singular = bare.replace('/jobs/', '/job/');
  return [bare, `${bare}/`, singular, `${singular}/`];
}

export const TASK = { image: 'busybox:latest', command: 'true' };
