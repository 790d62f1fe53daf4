import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  Archives,
  LabAgents,
  LabJobs,
  LabLogs,
  LabQueues,
  LabResults,
  WorkerOutput,
} from '@drover/dialects/testflinger';
import { createGuardedFetch, type GuardedFetch } from '@drover/outbound';
import { Core } from '../../core/core.js';
import { Admission } from './access/admission.js';
import { LabGuard } from './access/lab.guard.js';
import { Background } from './background.js';
import { AgentsController } from './controllers/agents.controller.js';
import { ArchivesController } from './controllers/archives.controller.js';
import { AttachmentsController } from './controllers/attachments.controller.js';
import { ClientsController } from './controllers/clients.controller.js';
import { EventsController, WEBHOOKS } from './controllers/events.controller.js';
import { JobController } from './controllers/job.controller.js';
import { LogController } from './controllers/log.controller.js';
import { MethodNotAllowedController } from './controllers/method-not-allowed.controller.js';
import { Oauth2Controller } from './controllers/oauth2.controller.js';
import { QueuesController } from './controllers/queues.controller.js';
import { ResultController } from './controllers/result.controller.js';
import { RootController } from './controllers/root.controller.js';
import { SecretsController } from './controllers/secrets.controller.js';
import { MetricsPort } from './metrics-port.js';
import { JobViews } from './pages/job-views.js';
import { PagesController } from './pages/pages.controller.js';
import { PagesGuard } from './pages/pages.guard.js';
import { SecretsAtHandOut } from './secrets-at-hand-out.js';

/** The API of device labs, under /v1. docs/dialects/testflinger.md */
@Module({
  // The last one answers for every verb that no other took.
  controllers: [
    RootController,
    JobController,
    AttachmentsController,
    EventsController,
    ResultController,
    LogController,
    ArchivesController,
    AgentsController,
    QueuesController,
    Oauth2Controller,
    ClientsController,
    SecretsController,
    PagesController,
    MethodNotAllowedController,
  ],
  providers: [
    LabGuard,
    Admission,
    MetricsPort,
    PagesGuard,
    JobViews,
    SecretsAtHandOut,
    Background,
    {
      provide: Archives,
      inject: [Core],
      useFactory: (core: Core) => new Archives(core.store, core.blobs, core.artifactIntake, core.log),
    },
    { provide: LabAgents, inject: [Core], useFactory: (core: Core) => new LabAgents(core.store, core.agents) },
    { provide: LabQueues, inject: [Core], useFactory: (core: Core) => new LabQueues(core.store) },
    {
      provide: LabJobs,
      inject: [Core, LabAgents, LabQueues, Archives],
      useFactory: (core: Core, agents: LabAgents, queues: LabQueues, archives: Archives) =>
        new LabJobs(core.store, core, agents, queues, archives),
    },
    { provide: LabLogs, inject: [Core], useFactory: (core: Core) => new LabLogs(core.store, core.reports, core.query) },
    {
      provide: LabResults,
      inject: [Core, LabAgents],
      useFactory: (core: Core, agents: LabAgents) => new LabResults(core.store, core, agents),
    },
    {
      provide: WorkerOutput,
      inject: [Core],
      useFactory: (core: Core) => new WorkerOutput(core.store, core.logReader, core.query, core.control),
    },
    {
      provide: WEBHOOKS,
      inject: [Core],
      useFactory: (core: Core) =>
        createGuardedFetch({ allow: core.config.outbound.webhookNetworks, connectTimeoutMs: 2_500 }),
    },
  ],
})
export class TestflingerModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(Background) private readonly background: Background,
    @Inject(WEBHOOKS) private readonly webhooks: GuardedFetch,
  ) {}

  onModuleInit(): void {
    this.background.begin();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.webhooks.close();
  }
}
