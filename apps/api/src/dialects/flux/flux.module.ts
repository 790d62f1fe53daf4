import { Module } from '@nestjs/common';
import { V1JobsModule } from '../../dialects-shared/v1-jobs/index.js';
import { FluxController } from './flux.controller.js';
import { FluxJobsService } from './flux-jobs.service.js';
import { NodeList } from './node-list.js';
import { OutputService } from './output.service.js';
import { ServiceStop } from './service-stop.js';
import { TokenController } from './token.controller.js';

/** The Flux RESTful API: docs/dialects/flux.md. */
@Module({
  imports: [V1JobsModule],
  controllers: [FluxController, TokenController],
  providers: [FluxJobsService, NodeList, OutputService, ServiceStop],
})
export class FluxModule {}
