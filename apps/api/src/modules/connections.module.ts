import { Global, Module } from '@nestjs/common';
import { Keyring } from '@drover/access';
import { BLOBS } from '@drover/blobs';
import { BUS } from '@drover/bus';
import { CONFIG } from '@drover/config';
import { INTERNAL_JOBS, QUEUE_OPTIONS, TICKETS } from '@drover/queue';
import { Store } from '@drover/store';
import { LOGGER } from '@drover/telemetry';
import type { Connections } from './connections.js';
import { Served } from './served.js';
import { ShutdownTime } from './shutdown-time.js';

/** Settings, log and connections, opened before Nest began. */
@Global()
@Module({})
export class ConnectionsModule {
  static of(connections: Connections) {
    const providers = [
      { provide: CONFIG, useValue: connections.config },
      { provide: LOGGER, useValue: connections.log },
      { provide: Store, useValue: connections.store },
      { provide: QUEUE_OPTIONS, useValue: connections.ticketOptions },
      { provide: TICKETS, useValue: connections.tickets },
      { provide: INTERNAL_JOBS, useValue: connections.internal },
      { provide: BUS, useValue: connections.bus },
      { provide: BLOBS, useValue: connections.blobs },
      { provide: Keyring, useValue: connections.keys },
      { provide: Served, useValue: connections.served },
      { provide: ShutdownTime, useValue: connections.shutdownTime },
    ];
    return { module: ConnectionsModule, providers, exports: providers };
  }
}
