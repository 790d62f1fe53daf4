import { Global, Module } from '@nestjs/common';
import { Exposition } from './exposition.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';

/** /livez, /readyz, /metrics. Global: a dialect adds to /metrics through Exposition. */
@Global()
@Module({ controllers: [HealthController, MetricsController], providers: [Exposition], exports: [Exposition] })
export class OpsModule {}
