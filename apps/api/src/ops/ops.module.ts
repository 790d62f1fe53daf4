import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** /livez, /readyz, /metrics */
@Module({ controllers: [HealthController] })
export class OpsModule {}
