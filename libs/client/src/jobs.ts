import type { components, paths } from './api.generated.js';
import type { DroverClient } from './create-client.js';
import { ApiError, dataOf, DroverError, readApiError, WaitTimeoutError } from './errors.js';
import { followEvents, type Transport } from './follow.js';
import { followLog, readLog, type LogPiece, type OutputStream } from './job-log.js';
import { readBytes } from './read-bytes.js';

type Schemas = components['schemas'];
type Job = Schemas['JobDto'];
type JobDetail = Schemas['JobDetailDto'];
type SubmitJob = Schemas['SubmitJobDto'];

/** The filters of a list of jobs. */
export type ListFilter = Omit<NonNullable<paths['/api/v1/jobs']['get']['parameters']['query']>, 'limit' | 'cursor'>;

export interface CallOptions {
  /** Ends the call: it throws the signal's reason. */
  signal?: AbortSignal;
}

export interface SubmitOptions extends CallOptions {
  /**
   * The name of this submit, 1 to 200 printable characters: sent again within a day it gives the same job. Default: a
   * random one.
   */
  idempotencyKey?: string;
}

export interface ListOptions extends CallOptions {
  /** How many at most. Default: all. */
  limit?: number;
  /** Jobs of one request, 1 to 1000. Default 100. */
  pageSize?: number;
}

export interface WaitOptions extends CallOptions {
  /** Milliseconds after which it throws WaitTimeoutError. Default: no limit. */
  timeoutMs?: number;
}

export interface JobLogOptions extends CallOptions {
  /** True: goes on until the job has ended. False: ends with what is stored, stdout first. Default false. */
  follow?: boolean;
  /** One stream alone. Default: both. */
  stream?: OutputStream;
  /** The last so many lines; with `follow` also what comes after them. */
  tail?: number;
  /** A byte to begin at (needs `stream`), or with `follow` the `id` of the last piece that was read. */
  from?: string | number;
  /** Called when the connection was lost and is tried again. */
  onLost?: () => void;
}

const orNever = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal;
const given = ({ signal }: CallOptions): { signal?: AbortSignal } => (signal ? { signal } : {});

/** The jobs of an API. */
export class Jobs {
  constructor(
    private readonly http: DroverClient,
    private readonly transport: Transport,
  ) {}

  /** Submits a job. However often it has to be sent, it becomes one job. */
  async submit(job: SubmitJob, options: SubmitOptions = {}): Promise<JobDetail> {
    const params = { header: { 'Idempotency-Key': options.idempotencyKey ?? crypto.randomUUID() } };
    return dataOf(await this.http.POST('/api/v1/jobs', { body: job, params, ...given(options) }));
  }

  /** Submits up to 10,000 jobs, all or none, and gives their ids in the same order. */
  async submitAll(jobs: SubmitJob[], options: SubmitOptions = {}): Promise<string[]> {
    const params = { header: { 'Idempotency-Key': options.idempotencyKey ?? crypto.randomUUID() } };
    const answer = await this.http.POST('/api/v1/jobs/batch', { body: { jobs }, params, ...given(options) });
    return dataOf(answer).ids;
  }

  /** Shows a job. */
  async get(id: string, options: CallOptions = {}): Promise<JobDetail> {
    return dataOf(await this.http.GET('/api/v1/jobs/{id}', { params: { path: { id } }, ...given(options) }));
  }

  /** Lists jobs, newest first, and asks for page after page as they are read. */
  async *list(filter: ListFilter = {}, options: ListOptions = {}): AsyncGenerator<Job, void, undefined> {
    const { limit = Infinity, pageSize = 100 } = options;
    let left = limit;
    let cursor: string | undefined;
    while (left > 0) {
      const query = { ...filter, limit: Math.min(pageSize, left), ...(cursor === undefined ? {} : { cursor }) };
      const { jobs, next } = dataOf(await this.http.GET('/api/v1/jobs', { params: { query }, ...given(options) }));
      yield* jobs;
      left -= jobs.length;
      if (next === null) return;
      cursor = next;
    }
  }

  /** Counts jobs; `exact` is false where there are at least so many. */
  async count(filter: ListFilter = {}, options: CallOptions = {}): Promise<Schemas['JobCountDto']> {
    return dataOf(await this.http.GET('/api/v1/jobs/count', { params: { query: filter }, ...given(options) }));
  }

  /** Cancels a job. One that runs is `cancelling` until its processes are gone. */
  async cancel(id: string, options: CallOptions & { reason?: string } = {}): Promise<JobDetail> {
    const body = options.reason === undefined ? {} : { reason: options.reason };
    return dataOf(
      await this.http.POST('/api/v1/jobs/{id}/cancel', { params: { path: { id } }, body, ...given(options) }),
    );
  }

  /** Runs a job that has ended again, as its next attempt. */
  async retry(id: string, options: CallOptions = {}): Promise<JobDetail> {
    return dataOf(await this.http.POST('/api/v1/jobs/{id}/retry', { params: { path: { id } }, ...given(options) }));
  }

  /** Deletes a job that has ended, with its output and artifacts. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    dataOf(await this.http.DELETE('/api/v1/jobs/{id}', { params: { path: { id } }, ...given(options) }));
  }

  /** Says why a job waits, when it starts, or why it ended as it did. */
  async explain(id: string, options: CallOptions = {}): Promise<Schemas['ExplanationDto']> {
    return dataOf(await this.http.GET('/api/v1/jobs/{id}/explain', { params: { path: { id } }, ...given(options) }));
  }

  /** Shows how a job has ended. @throws ApiError with the status 409 before that */
  async result(id: string, options: CallOptions = {}): Promise<Schemas['ResultDto']> {
    return dataOf(await this.http.GET('/api/v1/jobs/{id}/result', { params: { path: { id } }, ...given(options) }));
  }

  /** Waits until a job has ended, whatever the connection does meanwhile. The job goes on when the waiting is ended. */
  async wait(id: string, { signal, timeoutMs }: WaitOptions = {}): Promise<Job> {
    const late = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
    try {
      const path = `/api/v1/jobs/${encodeURIComponent(id)}/events`;
      for await (const { event, data } of followEvents(this.transport, path, {
        signal: AbortSignal.any([orNever(signal), ...late]),
      }))
        if (event === 'end') return existing(id, (JSON.parse(data) as { job: Job | null }).job);
      return await this.get(id, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      if (late[0]?.aborted) throw new WaitTimeoutError(id, timeoutMs as number);
      throw error;
    }
  }

  /**
   * Reads the output of a job, piece by piece. Lost connections are made again, and no byte is lost or doubled. With
   * `follow` the value in the end is the job.
   */
  async *logs(id: string, options: JobLogOptions = {}): AsyncGenerator<LogPiece, Job | null, undefined> {
    const { follow = false, stream, tail, from, onLost } = options;
    const signal = orNever(options.signal);
    if (typeof from === 'number' && stream === undefined)
      throw new DroverError(
        `from: ${from} is a byte, and bytes are counted in each stream by itself.`,
        'Give stream, too.',
      );
    if (follow)
      return yield* followLog(this.transport, id, {
        signal,
        ...(stream ? { stream } : {}),
        ...(tail === undefined ? {} : { tail }),
        ...(from === undefined ? {} : { from }),
        ...(onLost ? { onLost } : {}),
      });
    if (typeof from === 'string')
      throw new DroverError(`from: ${from.slice(0, 80)} is the id of a piece, which needs follow.`, 'Give a byte.');
    for (const one of stream ? [stream] : (['stdout', 'stderr'] as const))
      yield* readLog(this.transport, id, {
        signal,
        stream: one,
        ...(tail === undefined ? {} : { tail }),
        ...(from === undefined ? {} : { from }),
      });
    return null;
  }

  /** Lists the files that a job left. */
  async artifacts(id: string, options: CallOptions = {}): Promise<Schemas['ArtifactDto'][]> {
    const answer = await this.http.GET('/api/v1/jobs/{id}/artifacts', { params: { path: { id } }, ...given(options) });
    return dataOf(answer).artifacts;
  }

  /** Downloads a file that a job left, over lost connections. It throws when the file becomes another one meanwhile. */
  async *download(id: string, path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const signal = orNever(options.signal);
    const place = path.split('/').map(encodeURIComponent).join('/');
    const url = `${this.transport.url}/api/v1/jobs/${encodeURIComponent(id)}/artifacts/${place}`;
    let tag: string | null = null;
    let size = Infinity;
    yield* readBytes(signal, async (taken) => {
      if (taken >= size) return new Response(null);
      const headers: Record<string, string> = taken === 0 ? {} : { range: `bytes=${taken}-` };
      const answer = await this.transport.send(new Request(url, { headers, signal }));
      if (!answer.ok) throw await readApiError(answer);
      const now = answer.headers.get('etag');
      if (taken > 0 && (now !== tag || answer.status !== 206))
        throw new DroverError(`${path} of job ${id} has become another file meanwhile.`, 'Download it anew.');
      tag = now;
      if (taken === 0) size = Number(answer.headers.get('content-length') ?? Infinity);
      return answer;
    });
  }
}

/** A job that is there. @throws ApiError as the API would */
export function existing(id: string, job: Job | null): Job {
  if (job) return job;
  throw new ApiError(404, 'not_found', `Job ${id} was deleted.`, [], null);
}
