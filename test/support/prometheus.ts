import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectEventually } from './expect-eventually.js';
import { freePort } from './ports.js';
import { Program } from './program.js';

export interface ActiveTarget {
  labels: Record<string, string>;
  discoveredLabels: Record<string, string>;
  scrapeUrl: string;
  health: 'up' | 'down' | 'unknown';
  lastError: string;
}

interface QueryResult {
  metric: Record<string, string>;
  value: [number, string];
}

/** A real Prometheus with a configuration and data of its own, on loopback. */
export class Prometheus {
  private constructor(
    readonly url: string,
    private readonly program: Program,
    private readonly folder: string,
  ) {}

  /** Starts it with this configuration (YAML or JSON) and waits until it is ready. */
  static async start(config: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'drover-prometheus-'));
    writeFileSync(join(folder, 'prometheus.yml'), config);
    const port = await freePort();
    const program = new Program({
      name: 'prometheus',
      argv: [
        'prometheus',
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      env: {},
      logPath: join(folder, 'log'),
    });
    const started = new Prometheus(`http://127.0.0.1:${port}`, program, folder);
    program.start();
    try {
      await expectEventually(
        async () => {
          if (!program.running) throw new Error('it has ended');
          return (await fetch(`${started.url}/-/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
        },
        { withinMs: 30_000, what: 'Readiness of Prometheus' },
      );
      return started;
    } catch (error) {
      const log = program.lastLines();
      await started.stop();
      throw new Error(`${(error as Error).message}\n${log}`, { cause: error });
    }
  }

  /** The targets that it scrapes now. */
  async targets(): Promise<ActiveTarget[]> {
    return (await this.get<{ activeTargets: ActiveTarget[] }>('targets?state=active')).activeTargets;
  }

  /** The series that an expression gives now. A refusal throws with the words of Prometheus. */
  async query(expression: string): Promise<QueryResult[]> {
    const { resultType, result } = await this.get<{ resultType: string; result: QueryResult[] }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    return resultType === 'scalar' ? [{ metric: {}, value: result as unknown as QueryResult['value'] }] : result;
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, { signal: AbortSignal.timeout(10_000) });
    const { status, data, error } = (await answer.json()) as { status: string; data: T; error?: string };
    if (status !== 'success') throw new Error(`${path}: ${error ?? answer.status}`);
    return data;
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
