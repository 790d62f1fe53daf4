import { Global, Module } from '@nestjs/common';
import { JobSeriesService } from '@drover/metrics';
import { Core } from '../core/core.js';
import { Exposition } from '../http/exposition.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

const jobSeries = {
  provide: JobSeriesService,
  inject: [Core],
  useFactory: (core: Core) => new JobSeriesService(core.store, core.config.jobSeries),
};

/** /livez, /readyz, /metrics. Global: a dialect adds to /metrics through Exposition. */
@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [Exposition, jobSeries],
  exports: [Exposition, JobSeriesService],
})
export class OpsModule {}
