import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { ClaimedExecution, HeartbeatResponse, RegisterResponse } from '@drover/protocol';
import type { Broker } from './broker.js';

const NOTHING = { bytes: 0, sha256: createHash('sha256').digest('hex') };
/** Registrations at a time. */
const AT_ONCE = 20;

/**
 * A worker as the API sees it: it registers, holds its control channel open, beats, and reports the start and the end
 * of what it is told to run at once. It starts no process.
 */
class SimulatedWorker {
  private token = '';
  private running: ClaimedExecution[] = [];
  private readonly seen = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly pool: Agent,
    readonly name: string,
    private readonly stop: AbortSignal,
    private readonly onFault: (what: string) => void,
    private readonly onJob: () => void,
  ) {}

  async register(): Promise<void> {
    const facts = { hostname: this.name, cpus: 1, memory_mb: 1_024, gpus: [], labels: {}, executors: ['process'] };
    const { token } = await this.post<RegisterResponse>('register', {
      name: this.name,
      queues: [this.name],
      slots: 1,
      boot_id: randomUUID(),
      facts: { ...facts, version: 'bench' },
    });
    this.token = token;
    void this.listen();
  }

  async beat(): Promise<void> {
    const { control } = await this.post<HeartbeatResponse>('heartbeat', {
      slots_free: 1 - this.running.length,
      running: this.running.map(({ execution_id, epoch }) => ({ execution_id, epoch })),
      free: { slots: 1 - this.running.length },
    });
    // `lost` names what ended while the beat was under way: each execution reports its end at once.
    for (const execution of control.start ?? []) void this.run(execution);
  }

  private async listen(): Promise<void> {
    const { body } = await request(`${this.url}/agent/v1/control`, {
      dispatcher: this.pool,
      headers: { authorization: `Bearer ${this.token}` },
      signal: this.stop,
      bodyTimeout: 0,
    });
    let text = '';
    try {
      for await (const bytes of body) {
        text += (bytes as Buffer).toString('utf8');
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const event = /^event: (?:start|control)\ndata: (.*)$/s.exec(text.slice(0, end));
          text = text.slice(end + 2);
          const { start } = JSON.parse(event?.[1] ?? '{}') as { start?: ClaimedExecution[] };
          for (const execution of start ?? []) void this.run(execution);
        }
      }
      if (!this.stop.aborted) this.onFault(`the control channel of ${this.name} ended`);
    } catch (error) {
      if (!this.stop.aborted) this.onFault(String(error));
    }
  }

  private async run(execution: ClaimedExecution): Promise<void> {
    const { execution_id, epoch } = execution;
    if (this.seen.has(execution_id)) return;
    this.seen.add(execution_id);
    this.running.push(execution);
    const now = new Date().toISOString();
    const ended = { ok: true, cause: null, cause_detail: null, exit_code: 0, signal: null, first_byte_at: null };
    await this.post('reports', {
      items: [
        { kind: 'started', execution_id, epoch, pid: 1, spawned_at: now },
        { kind: 'ended', execution_id, epoch, ...ended, exited_at: now, stdout: NOTHING, stderr: NOTHING },
      ],
      free: { slots: 1 },
    });
    this.running = this.running.filter((one) => one !== execution);
    this.onJob();
  }

  private async post<T>(path: string, body: unknown): Promise<T> {
    const answer = await request(`${this.url}/agent/v1/${path}`, {
      method: 'POST',
      dispatcher: this.pool,
      headers: {
        'content-type': 'application/json',
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) this.onFault(`${path}: ${answer.statusCode} ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }
}

/** Workers that beat every two seconds, spread over them, until they are closed. */
export class SimulatedWorkers {
  /** The first 20 faults. */
  readonly faults: string[] = [];
  jobs = 0;
  private readonly stop = new AbortController();
  private readonly pool = new Agent({ connections: 10_000, pipelining: 1, keepAliveTimeout: 30_000 });
  private beating: Promise<unknown> = Promise.resolve();

  private constructor(private readonly workers: SimulatedWorker[]) {}

  static async start(broker: Broker, count: number): Promise<SimulatedWorkers> {
    const all = new SimulatedWorkers([]);
    for (let n = 0; n < count; n += 1)
      all.workers.push(
        new SimulatedWorker(
          broker.url,
          all.pool,
          `simulated-${n}`,
          all.stop.signal,
          (what) => all.fault(what),
          () => (all.jobs += 1),
        ),
      );
    const waiting = all.workers.values();
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const worker of waiting) await worker.register();
      }),
    );
    all.beating = Promise.all(all.workers.map((worker, n) => all.beat(worker, (n / count) * 2_000)));
    return all;
  }

  get names(): string[] {
    return this.workers.map(({ name }) => name);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.beating;
    await this.pool.destroy();
  }

  private async beat(worker: SimulatedWorker, afterMs: number): Promise<void> {
    await sleep(afterMs);
    for (let next = performance.now(); !this.stop.signal.aborted; next += 2_000) {
      await worker.beat().catch((error: unknown) => this.fault(String(error)));
      await sleep(Math.max(0, next + 2_000 - performance.now()));
    }
  }

  private fault(what: string): void {
    if (!this.stop.signal.aborted && this.faults.length < 20) this.faults.push(what);
  }
}
