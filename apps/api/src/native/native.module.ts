import { Module } from '@nestjs/common';
import { QueryService } from '@drover/jobs';
import { NotificationsService } from '@drover/notifications';
import { AgentsController } from './agents.controller.js';
import { ArtifactsController } from './artifacts.controller.js';
import { AuditController } from './audit.controller.js';
import { BulkActionsController } from './bulk-actions.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EventsController } from './events.controller.js';
import { JobDetailsController } from './job-details.controller.js';
import { JobsController } from './jobs.controller.js';
import { LimitsController } from './limits.controller.js';
import { LogLinesController } from './log-lines.controller.js';
import { LogSearchController } from './log-search.controller.js';
import { LogsController } from './logs.controller.js';
import { ProjectsController } from './projects.controller.js';
import { QueuesController } from './queues.controller.js';
import { SessionController } from './session.controller.js';
import { nativeWebhooks } from './webhooks.js';

/** /api/v1 */
@Module({
  controllers: [
    // Its paths look like those of a job.
    BulkActionsController,
    JobsController,
    JobDetailsController,
    DeliveriesController,
    LogsController,
    LogLinesController,
    LogSearchController,
    ArtifactsController,
    EventsController,
    QueuesController,
    AgentsController,
    LimitsController,
    AuditController,
    ProjectsController,
    SessionController,
  ],
})
export class NativeModule {
  constructor(notifications: NotificationsService, query: QueryService) {
    notifications.writes('native', nativeWebhooks(query));
  }
}
