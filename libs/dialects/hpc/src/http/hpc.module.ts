import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { requestCallers } from '@drover/access';
import { CONFIG, type Config, settingsOf } from '@drover/config';
import { refuseOtherMethods, V1JobsModule } from '@drover/dialects/v1-jobs';
import { PeriodicWork } from '@drover/jobs';
import { JobSamplesService } from '@drover/metrics';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { hpcSettings } from '../config.js';
import { Trail } from './audit-headers.js';
import { EarlySamples } from './early-samples.js';
import { HpcCounters } from './hpc-counters.js';
import { HpcEventsController } from './hpc-events.controller.js';
import { HpcExposition } from './hpc-exposition.js';
import { HpcHealthController } from './hpc-health.controller.js';
import { HpcJobsController } from './hpc-jobs.controller.js';
import { HpcJobsService } from './hpc-jobs.service.js';
import { HpcMetricsController } from './hpc-metrics.controller.js';
import { SampleIntake } from './sample-intake.js';
import { SampleTargets } from './sample-targets.js';

/** Looks for partitions to make and to drop: hourly. */
const DAY_S = 86_400;
const MAINTENANCE_MS = 3_600_000;

const OtherMethods = refuseOtherMethods([
  'health',
  'events/job-started',
  'events/job-finished',
  'jobs',
  'jobs/:id',
  'jobs/:id/metrics',
  'jobs/:id/audit',
]);

/** The HPC job observability service: libs/dialects/hpc/README.md. */
@Module({
  imports: [V1JobsModule],
  controllers: [HpcHealthController, HpcEventsController, HpcMetricsController, HpcJobsController, OtherMethods],
  providers: [
    HpcCounters,
    HpcExposition,
    HpcJobsService,
    SampleIntake,
    EarlySamples,
    SampleTargets,
    Trail,
    {
      provide: JobSamplesService,
      inject: [Store],
      useFactory: (store: Store) => new JobSamplesService(store, requestCallers),
    },
  ],
})
export class HpcModule implements OnModuleInit {
  constructor(
    private readonly samples: JobSamplesService,
    private readonly work: PeriodicWork,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    const { samplesS } = this.config.retention;
    const retentionDays =
      samplesS === null ? settingsOf(this.config, hpcSettings).retentionDays : Math.ceil(samplesS / DAY_S);
    this.work.every('sample-partitions', MAINTENANCE_MS, async () => {
      const { made, dropped } = await this.samples.maintain(retentionDays);
      if (made.length + dropped.length > 0) this.log.info({ made, dropped }, 'partitions of the samples');
    });
  }
}
