import { Global, Module, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, type Config } from '@drover/config';
import { addressesOfDialects } from '@drover/dialects';
import { Door, Exposition, EarlyHandlers, EarlyRoutes, OpenStreams } from '@drover/http';
import { LOGGER, type Logger } from '@drover/telemetry';

/** Provides the parts that stand before the routes, and those that all routes share. */
@Global()
@Module({
  providers: [
    OpenStreams,
    EarlyRoutes,
    EarlyHandlers,
    Exposition,
    {
      provide: Door,
      inject: [CONFIG, LOGGER],
      useFactory: (config: Config, log: Logger) => new Door(config, log, addressesOfDialects(config)),
    },
  ],
  exports: [OpenStreams, EarlyRoutes, Exposition, Door],
})
export class HttpModule implements OnModuleDestroy {
  constructor(private readonly streams: OpenStreams) {}

  /** Streams end first, before the server closes: their clients come back to another replica with Last-Event-ID. */
  onModuleDestroy(): void {
    this.streams.endAll();
  }
}
