import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectEventually } from './expect-eventually.js';
import { freePort } from './ports.js';
import { Program } from './program.js';

/** Debian's node exporter on loopback, with a log of its own. */
export class NodeExporter {
  private constructor(
    readonly address: string,
    private readonly program: Program,
    private readonly folder: string,
  ) {}

  /** Starts it and waits until it answers. */
  static async start(): Promise<NodeExporter> {
    const address = `127.0.0.1:${await freePort()}`;
    const folder = mkdtempSync(join(tmpdir(), 'drover-exporter-'));
    const program = new Program({
      name: 'node-exporter',
      argv: ['prometheus-node-exporter', `--web.listen-address=${address}`],
      env: {},
      logPath: join(folder, 'log'),
    });
    const started = new NodeExporter(address, program, folder);
    program.start();
    try {
      await expectEventually(
        async () => (await fetch(`http://${address}/metrics`, { signal: AbortSignal.timeout(5_000) })).ok,
        { withinMs: 20_000, what: 'Readiness of the node exporter' },
      );
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.program.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
