import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { BLOBS, type BlobStore } from '@drover/blobs';
import { CONFIG, type Config } from '@drover/config';
import { PeriodicWork, RetentionService } from '@drover/jobs';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';

const RETENTION_MS = 60_000;

/** Deletes what has had its time. One replica does it each minute. */
@Module({
  providers: [
    {
      provide: RetentionService,
      inject: [Store, BLOBS, CONFIG, LOGGER],
      useFactory: (store: Store, blobs: BlobStore, { retention }: Config, log: Logger) =>
        new RetentionService(store, blobs, retention, log),
    },
  ],
})
export class RetentionModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly retention: RetentionService,
    private readonly work: PeriodicWork,
  ) {}

  onModuleInit(): void {
    this.work.every('retention', RETENTION_MS, async () => void (await this.retention.run()));
    this.work.whenStarted(() => Promise.resolve(() => this.retention.stop()));
  }

  onApplicationShutdown(): void {
    this.retention.stop();
  }
}
