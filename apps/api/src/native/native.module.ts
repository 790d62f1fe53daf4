import { Module } from '@nestjs/common';
import { AlarmsService } from '@drover/alarms';
import { OverviewService, QueryService } from '@drover/jobs';
import type { Doorbells } from '@drover/live';
import { NotificationsService } from '@drover/notifications';
import { AgentProtocolModule } from '../agent-protocol/agent-protocol.module.js';
import { JOB_BELLS } from '../modules/live.module.js';
import { AgentsController } from './agents.controller.js';
import { ArtifactsController } from './artifacts.controller.js';
import { AuditController } from './audit.controller.js';
import { BulkActionsController } from './bulk-actions.controller.js';
import { DeliveriesController } from './deliveries.controller.js';
import { EventsController } from './events.controller.js';
import { FamiliesController } from './families.controller.js';
import { FilterValuesController } from './filter-values.controller.js';
import { JobDetailsController } from './job-details.controller.js';
import { JobsController } from './jobs.controller.js';
import { LimitsController } from './limits.controller.js';
import { LogLinesController } from './log-lines.controller.js';
import { LogSearchController } from './log-search.controller.js';
import { LogsController } from './logs.controller.js';
import { NodesController } from './nodes/nodes.controller.js';
import { OverviewFeed } from './overview/overview-feed.js';
import { OverviewController } from './overview/overview.controller.js';
import { ProjectsController } from './projects.controller.js';
import { QueuesController } from './queues.controller.js';
import { SessionController } from './session.controller.js';
import { TimelineController } from './timeline.controller.js';
import { nativeWebhooks } from './webhooks.js';

/** /api/v1 */
@Module({
  imports: [AgentProtocolModule],
  controllers: [
    OverviewController,
    TimelineController,
    // Its paths look like those of a job.
    BulkActionsController,
    FamiliesController,
    FilterValuesController,
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
    NodesController,
    LimitsController,
    AuditController,
    ProjectsController,
    SessionController,
  ],
  providers: [
    {
      provide: OverviewFeed,
      inject: [OverviewService, AlarmsService, JOB_BELLS],
      useFactory: (overviews: OverviewService, alarms: AlarmsService, bells: Doorbells) =>
        new OverviewFeed(overviews, alarms, bells),
    },
  ],
})
export class NativeModule {
  constructor(notifications: NotificationsService, query: QueryService) {
    notifications.writes('native', nativeWebhooks(query));
  }
}
