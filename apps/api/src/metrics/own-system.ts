import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '@drover/config';
import type { CountersService } from '@drover/metrics';
import { SystemCollector } from '@drover/system';
import type { Logger } from '@drover/telemetry';

/** A worker tells its node's metrics every second; after so long a silence the API reads them itself. */
const WORKER_SILENT_MS = 10_000;
const NODE_SERIES = 5_000;

/**
 * Reads the system metrics of the machine the API runs on, for the node entry of its own, unless a worker of that name
 * does.
 */
export class OwnSystem implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly collector = new SystemCollector();
  private readonly bootId = SystemCollector.bootId();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private lastOwn = 0;

  constructor(
    private readonly config: Config,
    private readonly counters: CountersService,
    private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.counters.system === 'off') return;
    const again = (): void => {
      if (this.stopped) return;
      this.timer = setTimeout(() => void this.scrape().finally(again), this.config.scrape.periodS * 1000);
      this.timer.unref();
    };
    void this.scrape().finally(again);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async scrape(): Promise<void> {
    try {
      const { node } = this.config.counters;
      await this.counters.refresh();
      const known = this.counters.source(`node:${node}`);
      const now = Date.now();
      // Told by somebody else (a worker, another replica on this machine): one reading a period is enough.
      const silentMs = Math.max(WORKER_SILENT_MS, this.config.scrape.periodS * 1000);
      if (known && known.updated_at.getTime() !== this.lastOwn && now - known.updated_at.getTime() < silentMs) return;
      await this.counters.ingest([
        {
          key: `node:${node}`,
          kind: 'node',
          feedsMain: true,
          node,
          job: null,
          live: false,
          heldBy: null,
          incarnation: this.bootId,
          seq: now,
          description: null,
          reading: await this.collector.read(now),
          budget: NODE_SERIES,
        },
      ]);
      await this.counters.refresh();
      this.lastOwn = this.counters.source(`node:${node}`)?.updated_at.getTime() ?? 0;
    } catch (error) {
      if (!this.stopped)
        this.log.warn(
          { error: String(error) },
          'the system metrics could not be read or stored; the next period tries again',
        );
    }
  }
}
