import { Module } from '@nestjs/common';
import { AgentsController } from './agents.controller.js';
import { ArtifactsController } from './artifacts.controller.js';
import { EventsController } from './events.controller.js';
import { JobDetailsController } from './job-details.controller.js';
import { JobsController } from './jobs.controller.js';
import { LimitsController } from './limits.controller.js';
import { LogsController } from './logs.controller.js';
import { QueuesController } from './queues.controller.js';

/** /api/v1 */
@Module({
  controllers: [JobsController, JobDetailsController, LogsController, ArtifactsController, EventsController, QueuesController, AgentsController, LimitsController],
})
export class NativeModule {}
