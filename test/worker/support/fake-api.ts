import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import type { JobSpec, Stream } from '@drover/domain';
import type {
  ClaimedExecution,
  ClaimResult,
  ClaimsRequest,
  Control,
  HeartbeatRequest,
  RegisterRequest,
  RegisterResponse,
  ReportItem,
  ReportsRequest,
  ReportsResponse,
  WireSample,
} from '@drover/protocol';
import { createTicketQueue, type TicketQueue } from '@drover/queue';

type Ended = Extract<ReportItem, { kind: 'ended' }>;
type Result = ReportsResponse['results'][number];

/** Up to this much of a stream is kept; its length and digest always are. Bytes. */
const KEEP = 1024 * 1024;

const problem = (detail: string): { code: string; detail: string } => ({ code: 'refused', detail });

class StreamLog {
  length = 0;
  private kept: Buffer[] = [];
  private hash = createHash('sha256');

  /** Forgets the end. */
  truncate(length: number): void {
    const left = Buffer.concat(this.kept).subarray(0, length);
    this.kept = [];
    this.length = 0;
    this.hash = createHash('sha256');
    this.append(left);
  }

  append(raw: Buffer): void {
    if (this.length < KEEP) this.kept.push(raw);
    this.length += raw.length;
    this.hash.update(raw);
  }

  get text(): string {
    return Buffer.concat(this.kept).toString('utf8');
  }

  get bytes(): Buffer {
    return Buffer.concat(this.kept);
  }

  get sha256(): string {
    return this.hash.copy().digest('hex');
  }
}

/** One execution as the record knows it. */
export class Seen {
  started: Extract<ReportItem, { kind: 'started' }> | undefined;
  ended: Ended | undefined;
  /** Items that came for it, in order. */
  readonly kinds: ReportItem['kind'][] = [];
  readonly stdout = new StreamLog();
  readonly stderr = new StreamLog();
  readonly sequences: number[] = [];
  readonly samples: WireSample[] = [];
  readonly artifacts = new Map<string, Buffer>();
  fenced = false;
  /** The worker had no slot for it. */
  declined = false;

  constructor(readonly claimed: ClaimedExecution) {}
}

/** Speaks the agent protocol, keeps everything, and can be away, forgetful or unkind. Tickets are real ones, in Redis. */
export class FakeApi {
  readonly executions = new Map<string, Seen>();
  readonly registrations: RegisterRequest[] = [];
  readonly heartbeats: HeartbeatRequest[] = [];
  deregistered = 0;
  /** Sizes of the claims and reports requests. */
  readonly claimSizes: number[] = [];
  readonly reportSizes: number[] = [];
  /** Called before an item is applied; a result it returns is the answer. */
  intercept: (item: ReportItem) => Result | undefined = () => undefined;
  /** A reports request that holds such an item is refused as a whole. */
  refuseRequestsWith: (item: ReportItem) => boolean = () => false;
  /** Called before an artifact is kept; a status it returns is the answer. */
  refuseArtifact: (path: string, seen: Seen) => number | undefined = () => undefined;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private readonly channels = new Set<ServerResponse>();
  /** Says that it starts jobs without tickets. */
  starts = false;
  /** Free slots as the reports said. */
  readonly toldFree: number[] = [];
  /** Jobs it gives out when it is asked for the next ones. */
  private readonly line: string[] = [];
  /** Executions that the next answer to reports brings, asked for or not: of slots that are taken again by now. */
  private ahead: ClaimedExecution[] = [];
  /** Requests of these paths are looked at, or their answers sent, when their promise resolves. */
  private readonly gates = { request: new Map<string, Promise<void>>(), answer: new Map<string, Promise<void>>() };
  /** Requests that came, by path. */
  readonly came = new Map<string, number>();
  /** Whether it says that its clients log in. */
  login: boolean | undefined;
  /** The versions that it tells with a registration. */
  versions: Pick<RegisterResponse, 'protocol' | 'oldest_protocol' | 'version' | 'too_old'> = {};
  /** Lets no worker in, not even to register. */
  unwanted = false;
  /** From now on it knows no worker until the next registration. */
  unknown = false;
  private readonly specs = new Map<string, { spec: JobSpec; queue: string; gpus?: number[]; owner?: string }>();
  private readonly cancels = new Map<string, string>();
  private port = 0;
  private readonly byJob = new Map<string, Seen>();

  private constructor(
    public queue: TicketQueue,
    private redisUrl: string,
  ) {}

  static async start(redisUrl: string): Promise<FakeApi> {
    const api = new FakeApi(await createTicketQueue({ backend: 'redis', url: redisUrl }), redisUrl);
    await api.up();
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The tickets are elsewhere from now on. */
  async moveTickets(redisUrl: string): Promise<void> {
    await this.queue.close();
    this.queue = await createTicketQueue({ backend: 'redis', url: redisUrl });
    this.redisUrl = redisUrl;
  }

  /** Listens (again, on the same port). */
  async up(): Promise<void> {
    const server = createServer(
      (request, response) => void this.answer(request, response).catch(() => response.destroy()),
    );
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Cuts every connection and refuses new ones. */
  async down(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    await this.down();
    await this.queue.close();
  }

  /** Makes a job claimable. Returns its id. */
  async submit(spec: JobSpec, options: { queue?: string; gpus?: number[]; owner?: string } = {}): Promise<string> {
    const [id] = await this.submitAll([spec], options);
    return id as string;
  }

  async submitAll(
    specs: JobSpec[],
    { queue = 'default', gpus, owner }: { queue?: string; gpus?: number[]; owner?: string } = {},
  ): Promise<string[]> {
    const ids = specs.map((spec) => {
      const id = uuidv7();
      this.specs.set(id, {
        spec,
        queue,
        ...(gpus === undefined ? {} : { gpus }),
        ...(owner === undefined ? {} : { owner }),
      });
      return id;
    });
    await this.queue.add(ids.map((id) => ({ ticket_id: `${id}-1`, job_id: id, queue, priority: 0 })));
    return ids;
  }

  /** Starts a job on the worker without a ticket, as the API does for a free slot. `times`: the push comes so often. */
  start(spec: JobSpec, queue = 'default', times = 1): Seen {
    const seen = this.open(uuidv7(), { spec, queue }, true);
    for (let n = 0; n < times; n++) this.offer(seen);
    return seen;
  }

  /** Tells the worker to start an execution that was opened before, as the API does until it hears of the start. */
  offer(seen: Seen): void {
    for (const channel of this.channels)
      channel.write(`event: start\ndata: ${JSON.stringify({ start: [seen.claimed] })}\n\n`);
  }

  /** Starts jobs with the answer to the next reports. Those that have tickets are named by their ids. */
  startAhead(jobs: (JobSpec | string)[]): Seen[] {
    const opened = jobs.map((job) =>
      typeof job === 'string'
        ? this.open(job, this.specs.get(job) ?? { spec: { command: 'true' }, queue: 'default' }, true)
        : this.open(uuidv7(), { spec: job, queue: 'default' }, true),
    );
    this.ahead.push(...opened.map(({ claimed }) => claimed));
    return opened;
  }

  /** Keeps requests of a path, or the answers to them, back until the returned function is called. */
  holdBack(path: string, what: 'request' | 'answer' = 'request'): () => void {
    let open = (): void => undefined;
    this.gates[what].set(path, new Promise((resolve) => (open = resolve)));
    return () => {
      this.gates[what].delete(path);
      open();
    };
  }

  /** Whether the worker has a channel open. */
  get hasChannel(): boolean {
    return this.channels.size > 0;
  }

  /** Whether executions that were to be started ahead have not been given out. */
  get holdsAhead(): boolean {
    return this.ahead.length > 0;
  }

  /** Jobs that are given out with the answer to reports, when the worker asks. Their tickets stay. */
  async wait(specs: JobSpec[]): Promise<string[]> {
    const ids = await this.submitAll(specs);
    this.line.push(...ids);
    return ids;
  }

  /** The execution of a job, once there is one. */
  of(jobId: string): Seen | undefined {
    return this.byJob.get(jobId);
  }

  cancel(jobId: string, reason = 'somebody asked for it'): void {
    const seen = this.byJob.get(jobId);
    if (seen === undefined) throw new Error(`Job ${jobId} is not claimed.`);
    this.cancels.set(seen.claimed.execution_id, reason);
    this.push();
  }

  /** From now on every word about this execution is answered 409. */
  fence(jobId: string): void {
    const seen = this.byJob.get(jobId);
    if (seen !== undefined) seen.fenced = true;
  }

  push(): void {
    for (const channel of this.channels) channel.write(`event: control\ndata: ${JSON.stringify(this.control([]))}\n\n`);
  }

  private control(running: { execution_id: string }[]): Control {
    return {
      cancel: [...this.cancels]
        .filter(([id]) => this.executions.get(id)?.ended === undefined)
        .map(([execution_id, reason]) => ({ execution_id, reason })),
      lost: running.map((one) => one.execution_id).filter((id) => this.executions.get(id)?.fenced !== false),
      drain: false,
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const path = url.pathname.replace('/agent/v1/', '');
    if (path === 'control') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      this.channels.add(response);
      this.push();
      response.once('close', () => this.channels.delete(response));
      return;
    }
    const body = await read(request);
    this.came.set(path, (this.came.get(path) ?? 0) + 1);
    await this.gates.request.get(path);
    const [status, answer] = this.route(path, url.searchParams, body);
    await this.gates.answer.get(path);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  private route(path: string, query: URLSearchParams, body: Buffer): [number, unknown] {
    const json = <T>(): T => JSON.parse(body.toString('utf8')) as T;
    const [, id = '', what] = path.split('/');
    const server_time = new Date().toISOString();
    if (this.unwanted) return [401, problem('not wanted')];
    if (this.unknown && path !== 'register') return [401, problem('register again')];
    if (path === 'register') {
      this.unknown = false;
      this.registrations.push(json());
      const open = [...this.executions.values()].filter((seen) => seen.ended === undefined && !seen.fenced);
      return [
        200,
        {
          agent_id: 'agent',
          token: 'token',
          lease_s: 10,
          heartbeat_s: 2,
          tickets: { backend: 'redis', url: this.redisUrl, prefix: 'drover', fingerprint: this.redisUrl },
          executions: open.map(({ started, claimed: { execution_id, epoch, pushed } }) => ({
            execution_id,
            epoch,
            cancel: this.cancels.has(execution_id),
            ...(pushed === true && started === undefined ? { offered: true } : {}),
          })),
          server_time,
          ...(this.login === undefined ? {} : { login: this.login }),
          ...(this.starts ? { starts: true } : {}),
          ...this.versions,
        },
      ];
    }
    if (path === 'heartbeat') {
      const beat = json<HeartbeatRequest>();
      this.heartbeats.push(beat);
      return [200, { control: this.control(beat.running), server_time, tickets: this.redisUrl }];
    }
    if (path === 'claims') return [200, { results: this.claim(json<ClaimsRequest>()) }];
    if (path === 'reports') {
      const { items, free, next } = json<ReportsRequest>();
      if (free !== undefined) this.toldFree.push(free.slots);
      if (items.some((item) => this.refuseRequestsWith(item))) return [400, problem('not understood')];
      this.reportSizes.push(items.length);
      const start = [...this.ahead.splice(0), ...this.nextJobs(next?.slots ?? 0)];
      return [200, { results: items.map((item) => this.apply(item)), ...(start.length > 0 ? { start } : {}) }];
    }
    if (path === 'deregister') {
      this.deregistered++;
      return [200, {}];
    }
    const seen = this.executions.get(id);
    if (seen === undefined || seen.fenced || Number(query.get('epoch')) !== seen.claimed.epoch)
      return [409, problem('stale')];
    if (what === 'logs') {
      const result = this.chunk(
        seen,
        {
          stream: query.get('stream') as Stream,
          offset: Number(query.get('offset')),
          length: Number(query.get('length')),
          sequence: Number(query.get('sequence')),
        },
        body,
      );
      return [result.status, result];
    }
    if (what === 'artifacts') {
      const path = query.get('path') ?? '';
      const status = this.refuseArtifact(path, seen);
      if (status !== undefined) return [status, problem('not now')];
      seen.artifacts.set(path, body);
      return [200, { size: body.length }];
    }
    return [404, problem('no such route')];
  }

  private claim({ tickets }: ClaimsRequest): ClaimResult[] {
    this.claimSizes.push(tickets.length);
    return tickets.map(({ ticket_id, job_id }) => {
      const job = this.specs.get(job_id);
      const before = this.byJob.get(job_id);
      if (job === undefined) return { ticket_id, outcome: 'refused', reason: 'no such job' };
      // Its own claim again, as the API answers it.
      if (before !== undefined && before.kinds.length === 0)
        return { ticket_id, outcome: 'claimed', execution: before.claimed };
      if (before !== undefined) return { ticket_id, outcome: 'refused', reason: 'held' };
      return { ticket_id, outcome: 'claimed', execution: this.open(job_id, job).claimed };
    });
  }

  private nextJobs(slots: number): ClaimedExecution[] {
    const start: ClaimedExecution[] = [];
    while (start.length < slots && this.line.length > 0) {
      const id = this.line.shift() as string;
      const job = this.specs.get(id);
      if (job !== undefined && !this.byJob.has(id)) start.push(this.open(id, job, true).claimed);
    }
    return start;
  }

  private open(
    job_id: string,
    job: { spec: JobSpec; queue: string; gpus?: number[]; owner?: string },
    pushed = false,
  ): Seen {
    const seen = new Seen({
      execution_id: uuidv7(),
      job_id,
      epoch: 1,
      attempt: 1,
      queue: job.queue,
      name: null,
      ...(job.owner === undefined ? {} : { owner: job.owner }),
      spec: job.spec,
      token: `token-of-${job_id}`,
      ...(job.gpus === undefined ? {} : { gpus: job.gpus }),
      ...(pushed ? { pushed: true } : {}),
    });
    this.executions.set(seen.claimed.execution_id, seen);
    this.byJob.set(job_id, seen);
    return seen;
  }

  private apply(item: ReportItem): Result {
    const seen = this.executions.get(item.execution_id);
    const unkind = this.intercept(item);
    if (unkind !== undefined) return unkind;
    if (seen === undefined || seen.fenced || item.epoch !== seen.claimed.epoch) return { status: 409 };
    seen.kinds.push(item.kind);
    switch (item.kind) {
      case 'started':
        seen.started ??= item;
        return { status: 200 };
      case 'declined':
        seen.declined = true;
        return { status: 200 };
      case 'chunk':
        return this.chunk(seen, item, Buffer.from(item.data, 'base64'));
      case 'samples':
        seen.samples.push(...item.samples);
        return { status: 200 };
      case 'ended':
        seen.ended ??= item;
        return { status: 200 };
      case 'phase':
        return { status: 200 };
    }
  }

  private chunk(
    seen: Seen,
    { stream, offset, length, sequence }: { stream: Stream; offset: number; length: number; sequence: number },
    member: Buffer,
  ): Result {
    const log = seen[stream];
    if (offset + length <= log.length) return { status: 200, stored: log.length };
    if (seen.ended !== undefined) return { status: 409 };
    if (offset !== log.length) return { status: 416, stored: log.length };
    const raw = gunzipSync(member);
    if (raw.length !== length) return { status: 422, message: 'length' };
    log.append(raw);
    seen.sequences.push(sequence);
    return { status: 200, stored: log.length };
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
