import { createHash, randomUUID } from 'node:crypto';
import type { ClaimsResponse, RegisterResponse, ReportItem, ReportsResponse } from '@drover/protocol';
import { ask, post } from './fake-node.js';

/** Within the time after which a silent agent is lost. */
const BEAT_MS = 2_000;
const JSON_TYPE = 'application/json';
const EMPTY_SHA256 = createHash('sha256').digest('hex');

/** A piece of output as a worker sends it: one gzip member of whole lines. */
export interface Piece {
  member: Buffer;
  /** Bytes before they were packed. */
  length: number;
  lines: number;
}

/** A worker as the API sees it: its requests come over the wire, and what they say is up to the test. */
export class WireWorker {
  private readonly beats: ReturnType<typeof setInterval>;
  private running: { execution_id: string; epoch: number }[] = [];

  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {
    this.beats = setInterval(
      () => void this.post('heartbeat', { slots_free: 0, running: this.running }).catch(() => undefined),
      BEAT_MS,
    );
  }

  static async register(url: string, name: string, queues = ['default']): Promise<WireWorker> {
    const facts = { hostname: name, version: '0', os: 'linux', cpus: 1, memory_mb: 1, gpus: [], labels: {} };
    const body = { name, queues, slots: 1, boot_id: randomUUID(), facts: { ...facts, executors: ['process'] } };
    const answer = await post(url, '/agent/v1/register', body);
    if (answer.status !== 200) throw new Error(answer.text);
    return new WireWorker(url, (answer.body as RegisterResponse).token);
  }

  /** Claims a job and reports its start. */
  async start(jobId: string): Promise<WireExecution> {
    const { results } = await this.post<ClaimsResponse>('claims', {
      tickets: [{ ticket_id: `${jobId}-1`, job_id: jobId }],
    });
    const [result] = results;
    if (result?.outcome !== 'claimed') throw new Error(`The claim was answered ${JSON.stringify(result)}`);
    const { execution_id, epoch } = result.execution;
    this.running = [...this.running, { execution_id, epoch }];
    await this.report({ execution_id, epoch, kind: 'started', pid: 1, spawned_at: new Date().toISOString() });
    return new WireExecution(this, execution_id, epoch);
  }

  async report(item: ReportItem): Promise<void> {
    const { results } = await this.post<ReportsResponse>('reports', { items: [item] });
    if (results[0]?.status !== 200) throw new Error(`"${item.kind}" was answered ${JSON.stringify(results[0])}`);
  }

  async raw(path: string, body: Buffer): Promise<void> {
    const headers = { ...this.headers, 'content-type': 'application/gzip' };
    const answer = await ask(this.url, `/agent/v1/${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
  }

  /** Falls silent. */
  stop(): void {
    clearInterval(this.beats);
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  private async post<T>(path: string, body: unknown): Promise<T> {
    const answer = await post(this.url, `/agent/v1/${path}`, body, { ...this.headers, 'content-type': JSON_TYPE });
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${answer.text}`);
    return answer.body as T;
  }
}

/** One execution in the hands of a test. */
export class WireExecution {
  private offset = 0;
  private sequence = 0;

  constructor(
    private readonly worker: WireWorker,
    readonly id: string,
    private readonly epoch: number,
  ) {}

  /** Appends a piece to stdout. */
  async append({ member, length, lines }: Piece): Promise<void> {
    const query = new URLSearchParams({
      epoch: String(this.epoch),
      stream: 'stdout',
      offset: String(this.offset),
      length: String(length),
      sequence: String(this.sequence),
      at: new Date().toISOString(),
      lines: String(lines),
      open: 'false',
    });
    await this.worker.raw(`executions/${this.id}/logs?${query.toString()}`, member);
    this.offset += length;
    this.sequence += 1;
  }

  /** The process succeeded, and wrote what was appended. */
  async end(sha256: string): Promise<void> {
    await this.worker.report({
      execution_id: this.id,
      epoch: this.epoch,
      kind: 'ended',
      ok: true,
      cause: null,
      cause_detail: null,
      exit_code: 0,
      signal: null,
      exited_at: new Date().toISOString(),
      first_byte_at: null,
      stdout: { bytes: this.offset, sha256 },
      stderr: { bytes: 0, sha256: EMPTY_SHA256 },
    });
  }
}
