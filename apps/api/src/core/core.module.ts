import { Global, Module } from '@nestjs/common';
import { AgentsService } from '@drover/agents';
import { BLOBS } from '@drover/blobs';
import { BUS } from '@drover/bus';
import { CONFIG } from '@drover/config';
import {
  ClaimsService,
  ControlService,
  CronService,
  Dispatcher,
  ExplainService,
  QueryService,
  ReportsService,
  SubmitService,
  SweepService,
} from '@drover/jobs';
import { EventFollower, LogFollower, LogReader } from '@drover/live';
import { NotificationsService } from '@drover/notifications';
import { INTERNAL_JOBS, TICKETS } from '@drover/queue';
import { ArtifactIntake, QuotasService } from '@drover/quotas';
import { Store } from '@drover/store';
import { LOGGER } from '@drover/telemetry';
import { Door } from '../http/door/door.js';
import { FastLane } from '../http/fast-lane.js';
import { Core } from './core.js';

/**
 * The application services, made once by `Core.open` before Nest starts (they have no knowledge of Nest) and given to
 * every controller.
 */
@Global()
@Module({})
export class CoreModule {
  static of(core: Core) {
    const providers = [
      { provide: Core, useValue: core },
      { provide: CONFIG, useValue: core.config },
      { provide: LOGGER, useValue: core.log },
      { provide: Store, useValue: core.store },
      { provide: TICKETS, useValue: core.tickets },
      { provide: INTERNAL_JOBS, useValue: core.internal },
      { provide: BUS, useValue: core.bus },
      { provide: BLOBS, useValue: core.blobs },
      { provide: QuotasService, useValue: core.quotas },
      { provide: ArtifactIntake, useValue: core.artifactIntake },
      { provide: Dispatcher, useValue: core.dispatcher },
      { provide: SubmitService, useValue: core.submits },
      { provide: ClaimsService, useValue: core.claims },
      { provide: ReportsService, useValue: core.reports },
      { provide: ControlService, useValue: core.control },
      { provide: SweepService, useValue: core.sweep },
      { provide: CronService, useValue: core.cron },
      { provide: AgentsService, useValue: core.agents },
      { provide: QueryService, useValue: core.query },
      { provide: ExplainService, useValue: core.explains },
      { provide: NotificationsService, useValue: core.notifications },
      { provide: LogReader, useValue: core.logReader },
      { provide: LogFollower, useValue: core.logFollower },
      { provide: EventFollower, useValue: core.eventFollower },
      { provide: FastLane, useValue: new FastLane() },
      { provide: Door, useFactory: () => new Door(core.config, core.log) },
    ];
    return { module: CoreModule, providers, exports: providers };
  }
}
