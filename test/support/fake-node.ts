import { createHash, randomUUID } from 'node:crypto';
import type { JobDesc } from '@drover/domain';
import type { MetricsResponse, MetricsSource, RegisterResponse, WireSeries } from '@drover/protocol';

export interface Answer {
  status: number;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a test reads of a body it describes itself
  body: any;
  type: string;
}

/** One request; JSON bodies are parsed. */
export async function ask(url: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(20_000), ...init });
  const text = await answer.text();
  const type = answer.headers.get('content-type') ?? '';
  return {
    status: answer.status,
    text,
    type,
    body: type.includes('json') && text !== '' ? JSON.parse(text) : undefined,
  };
}

export const post = (
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<Answer> =>
  ask(url, path, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

export const jobDesc = (jobid: string, more: Partial<JobDesc> = {}): JobDesc => ({
  jobid,
  command: './app ',
  size: 1,
  nodelist: '',
  partition: '',
  cluster: '',
  run_dir: '',
  start_time: 1_700_000_000,
  end_time: 0,
  ...more,
});

type Values = Record<string, number | null>;

/**
 * A worker as far as it tells metrics: what it says is up to the test. Names that end in `_g`, `_percent`, `_cpu_total`
 * are gauges.
 */
export class FakeNode {
  private seq = 0;
  private tables: Record<string, WireSeries> = {};
  private incarnation = randomUUID();

  private constructor(
    private readonly url: string,
    readonly name: string,
    readonly agentId: string,
    private readonly token: string,
  ) {
    // Silent for ten seconds it would be lost, and its jobs with it. The timer keeps no process alive; a server that is
    // gone is no matter.
    setInterval(() => void this.beat().catch(() => undefined), 2_000).unref();
  }

  private beat(): Promise<Answer> {
    return post(
      this.url,
      '/agent/v1/heartbeat',
      { slots_free: 0, running: [] },
      { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
    );
  }

  static async register(url: string, name: string): Promise<FakeNode> {
    const facts = {
      hostname: name,
      version: '0',
      os: 'linux',
      cpus: 1,
      memory_mb: 1,
      gpus: [],
      labels: {},
      executors: ['process'],
    };
    const answer = await post(url, '/agent/v1/register', { name, queues: [], slots: 0, facts, boot_id: randomUUID() });
    if (answer.status !== 200) throw new Error(answer.text);
    const { agent_id, token } = answer.body as RegisterResponse;
    return new FakeNode(url, name, agent_id, token);
  }

  /** Its process starts anew: totals count from 0. */
  restart(): void {
    this.incarnation = randomUUID();
    this.seq = 0;
  }

  /** The system metrics of the node. */
  async system(values: Values, bootId = 'boot-1'): Promise<MetricsResponse> {
    return this.send({ kind: 'node', boot_id: bootId, live: false, ...this.series(values) });
  }

  /** Totals and levels of a job's programs. */
  async job(job: string, values: Values, options: { live?: boolean; desc?: JobDesc } = {}): Promise<MetricsResponse> {
    return this.send({
      kind: 'job',
      job,
      live: options.live ?? true,
      ...(options.desc ? { description: options.desc } : {}),
      ...this.series(values),
    });
  }

  private series(values: Values): { table: string; values: (number | null)[] } {
    const series: WireSeries = Object.keys(values).map((name) => [
      name,
      /(_g|_percent|_cpu_total)({|$)/.test(name) ? 'g' : 'c',
      `doc of ${name}`,
    ]);
    const table = createHash('md5').update(JSON.stringify(series)).digest('hex');
    this.tables = { [table]: series };
    return { table, values: Object.values(values) };
  }

  async send(source: MetricsSource, seq = ++this.seq): Promise<MetricsResponse> {
    const body = { incarnation: this.incarnation, seq, tables: this.tables, sources: [source] };
    const answer = await post(this.url, '/agent/v1/metrics', body, {
      'content-type': 'application/json',
      authorization: `Bearer ${this.token}`,
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body as MetricsResponse;
  }
}
