import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { socketPath } from '@drover/executor';
import { MAX_SOURCES, type MetricsSource, type WireSeries } from '@drover/protocol';
import { SystemCollector } from '@drover/system';
import type { Logger } from '@drover/telemetry';
import type { Session } from '../session.js';
import type { Ledger } from './ledger.js';
import { Ledgers } from './ledgers.js';
import { PushServer } from './push-server.js';
import { SocketServer } from './socket-server.js';

/** Longest wait for the last counters of a job before its end is reported without them; they are sent later then. */
const FLUSH_MS = 1_000;
/** Lists of series that are remembered as told; told again they do no harm. */
const MOST_TOLD = 10_000;
/** Longest silence about a node on which nothing happens. */
const IDLE_MS = 5_000;

export interface NodeMetricsOptions {
  session: Session;
  logger: Logger;
  /** The worker's spool. */
  root: string;
  periodS: number;
  jobSeries: number;
  /** A second socket, for programs outside jobs. */
  socketPath: string | null;
  /** Jobs of Drover that run here. */
  runs(job: string): boolean;
  /** Some job runs here. */
  busy(): boolean;
}

/** The system metrics of this node, and what its programs push: collected here, told to the API once a period. */
export class NodeMetrics {
  private readonly ledgers: Ledgers;
  private readonly push: PushServer;
  private readonly sockets: SocketServer[];
  private readonly ownSocket: string;
  private readonly collector = new SystemCollector();
  private readonly bootId = SystemCollector.bootId();
  private readonly incarnation = randomUUID();
  /** Lists of series the API is known to have. */
  private readonly told = new Set<string>();
  private seq = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private stopped = false;
  private toldAt = -Infinity;
  private readonly kept: { port: number; key: string };

  constructor(private readonly options: NodeMetricsOptions) {
    this.ledgers = new Ledgers(options.jobSeries);
    this.kept = this.load();
    this.push = new PushServer(this.ledgers, Buffer.from(this.kept.key, 'base64url'), (job) => options.runs(job));
    this.ownSocket = socketPath(options.root, 'metrics');
    this.sockets = [new SocketServer(this.ownSocket, this.ledgers, options.logger, false)];
    if (options.socketPath !== null)
      this.sockets.push(new SocketServer(options.socketPath, this.ledgers, options.logger, true));
  }

  /** A node without metrics still runs jobs: what cannot be opened is told and left. */
  async open(): Promise<void> {
    try {
      const port = await this.push.listen(this.kept.port);
      if (port !== this.kept.port)
        writeFileSync(join(this.options.root, 'metrics.json'), JSON.stringify({ ...this.kept, port }), { mode: 0o600 });
    } catch (error) {
      this.options.logger.warn({ err: error }, 'jobs cannot push metrics over HTTP');
    }
    for (const socket of this.sockets)
      await socket
        .listen()
        .catch((error: unknown) =>
          this.options.logger.warn({ err: error }, 'programs cannot push metrics over the socket'),
        );
  }

  /** Variables of a job. */
  envOf(job: string): Record<string, string> {
    return { DROVER_METRICS_URL: this.push.urlOf(job), PROXY_PATH: this.ownSocket, PROXY_JOB_ID: job };
  }

  start(): void {
    const again = (): void => {
      if (!this.stopped) this.timer = setTimeout(() => void this.tick().finally(again), this.options.periodS * 1000);
    };
    void this.tick().finally(again);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await Promise.all([this.push.close(), ...this.sockets.map((socket) => socket.close())]);
    // Values since the last period are told before this worker leaves.
    if (this.options.session.reachable) await this.withinFlush(() => this.send(this.dirty(), null));
  }

  /** Before the end of a job is told: what it counted goes first. Never rejects, and waits for a second at most. */
  async flush(job: string): Promise<void> {
    const ledger = this.ledgers.get(job);
    if (ledger?.dirty) await this.withinFlush(() => this.send([ledger], null));
  }

  private async withinFlush(work: () => Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_MS);
    });
    await Promise.race([this.queue(work), late]);
    clearTimeout(timer);
  }

  /** Where no job runs and no program counts, a node tells its metrics every few seconds only. */
  private canWait(): boolean {
    return !this.options.busy() && this.dirty().length === 0 && performance.now() - this.toldAt < IDLE_MS;
  }

  private dirty(): Ledger[] {
    return [...this.ledgers.all()].filter((ledger) => ledger.dirty).slice(0, MAX_SOURCES - 1);
  }

  private async tick(): Promise<void> {
    if (!this.options.session.reachable || this.canWait()) return;
    this.toldAt = performance.now();
    const reading = await this.collector.read();
    const series: WireSeries = reading.defs.map((def) => [def.name, def.type === 'counter' ? 'c' : 'g', def.doc]);
    await this.queue(() => this.send(this.dirty(), { series, values: reading.values }));
  }

  /** Sends one request at a time: what is told later must arrive later. */
  private queue(work: () => Promise<void>): Promise<void> {
    this.sending = this.sending
      .then(work)
      .catch((error: unknown) =>
        this.options.logger.debug({ error: String(error) }, 'metrics could not be told; the next period tries again'),
      );
    return this.sending;
  }

  private async send(ledgers: Ledger[], system: { series: WireSeries; values: number[] } | null): Promise<void> {
    const tables: Record<string, WireSeries> = {};
    const sources: MetricsSource[] = [];
    if (system)
      sources.push({
        kind: 'node',
        boot_id: this.bootId,
        live: false,
        table: this.table(system.series, tables),
        values: system.values,
      });
    for (const ledger of ledgers) {
      const own = this.options.runs(ledger.job);
      sources.push({
        kind: 'job',
        job: ledger.job,
        live: !own && ledger.job !== '' && ledger.clients > 0,
        table: this.table(ledger.series, tables),
        values: [...ledger.values],
        ...(own || ledger.description === null ? {} : { description: ledger.description }),
      });
      ledger.dirty = false;
    }
    if (sources.length === 0) return;
    try {
      this.seq += 1;
      const { unknown_tables: unknown } = await this.options.session.call((client) =>
        client.metrics({ incarnation: this.incarnation, seq: this.seq, tables, sources }),
      );
      if (this.told.size > MOST_TOLD) this.told.clear();
      for (const name of Object.keys(tables)) this.told.add(name);
      for (const name of unknown) this.told.delete(name);
      if (unknown.length > 0) for (const ledger of ledgers) ledger.dirty = true;
      else this.forgetIdle(ledgers);
    } catch (error) {
      for (const ledger of ledgers) ledger.dirty = true;
      throw error;
    }
  }

  /** The name of a list of series, which is sent along while the API may not know it. Jobs of one program share it. */
  private table(series: WireSeries, tables: Record<string, WireSeries>): string {
    const name = createHash('sha256').update(JSON.stringify(series)).digest('base64url').slice(0, 24);
    if (!this.told.has(name)) tables[name] = [...series];
    return name;
  }

  /** Jobs nobody is connected for any more, and that do not run here: the API has all of them. */
  private forgetIdle(ledgers: Ledger[]): void {
    for (const ledger of ledgers)
      if (ledger.job !== '' && !ledger.dirty && ledger.clients === 0 && !this.options.runs(ledger.job))
        this.ledgers.forget(ledger);
  }

  /** Port and key outlive the daemon, as jobs do. */
  private load(): { port: number; key: string } {
    const path = join(this.options.root, 'metrics.json');
    try {
      const found = JSON.parse(readFileSync(path, 'utf8')) as { port?: unknown; key?: unknown };
      if (typeof found.port === 'number' && typeof found.key === 'string' && found.key.length >= 32)
        return { port: found.port, key: found.key };
    } catch {
      // The first start, or a file that was cut off: a new key.
    }
    const made = { port: 0, key: randomBytes(32).toString('base64url') };
    writeFileSync(path, JSON.stringify(made), { mode: 0o600 });
    return made;
  }
}
