import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '@drover/config';
import { dialectsWithIds } from '@drover/dialects';
import { JobSeriesService } from '@drover/metrics';
import { Store } from '@drover/store';
import { BrokerGauges } from './broker-gauges.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OtelLink } from './otel-link.js';

const jobSeries = {
  provide: JobSeriesService,
  inject: [Store, CONFIG],
  useFactory: (store: Store, config: Config) =>
    new JobSeriesService(store, { ...config.jobSeries, clientIdsOf: dialectsWithIds('inSeries') }),
};

/** /livez, /readyz, /metrics. Global: a dialect shows the series of jobs as well. */
@Global()
@Module({
  controllers: [HealthController, MetricsController],
  providers: [jobSeries, BrokerGauges, OtelLink],
  exports: [JobSeriesService],
})
export class OpsModule {}
