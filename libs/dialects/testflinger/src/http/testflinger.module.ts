import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AgentsService } from '@drover/agents';
import { BLOBS, type BlobStore } from '@drover/blobs';
import { CONFIG, settingsOf, type Config } from '@drover/config';
import {
  ClaimsService,
  ControlService,
  Dispatcher,
  QueryService,
  ReportsService,
  SubmitService,
  SweepService,
} from '@drover/jobs';
import { LogReader } from '@drover/live';
import { createGuardedFetch, type GuardedFetch } from '@drover/outbound';
import { ArtifactIntake } from '@drover/quotas';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { testflingerSettings } from '../config.js';
import { LabAgents } from '../core/agents.js';
import { Archives } from '../core/archives.js';
import { LabJobs } from '../core/jobs.js';
import { LabLogs } from '../core/logs.js';
import { LabQueues } from '../core/queues.js';
import { LabResults } from '../core/results.js';
import { LabUpkeep } from '../core/upkeep.js';
import { WorkerOutput } from '../core/worker-output.js';
import { JobViews } from '../pages/job-views.js';
import { PagesController } from '../pages/pages.controller.js';
import { PagesGuard } from '../pages/pages.guard.js';
import { Admission } from './access/admission.js';
import { LabGuard } from './access/lab.guard.js';
import { Background } from './background.js';
import { LabAgentsController } from './controllers/agents.controller.js';
import { ArchivesController } from './controllers/archives.controller.js';
import { AttachmentsController } from './controllers/attachments.controller.js';
import { ClientsController } from './controllers/clients.controller.js';
import { LabEventsController, WEBHOOKS } from './controllers/events.controller.js';
import { JobController } from './controllers/job.controller.js';
import { LogController } from './controllers/log.controller.js';
import { MethodNotAllowedController } from './controllers/method-not-allowed.controller.js';
import { Oauth2Controller } from './controllers/oauth2.controller.js';
import { QueuesController } from './controllers/queues.controller.js';
import { ResultController } from './controllers/result.controller.js';
import { RootController } from './controllers/root.controller.js';
import { SecretsController } from './controllers/secrets.controller.js';
import { MetricsPort } from './metrics-port.js';
import { SecretsAtHandOut } from './secrets-at-hand-out.js';

function labJobsOf(
  store: Store,
  agents: LabAgents,
  queues: LabQueues,
  archives: Archives,
  submits: SubmitService,
  claims: ClaimsService,
  control: ControlService,
  reports: ReportsService,
  query: QueryService,
  dispatcher: Dispatcher,
  config: Config,
): LabJobs {
  const services = { submits, claims, control, reports, query, dispatcher };
  return new LabJobs(store, services, agents, queues, archives, settingsOf(config, testflingerSettings).jobsListed);
}

function labResultsOf(
  store: Store,
  agents: LabAgents,
  claims: ClaimsService,
  control: ControlService,
  query: QueryService,
  reports: ReportsService,
): LabResults {
  return new LabResults(store, { claims, control, query, reports }, agents);
}

/** The API of device labs, under /v1. libs/dialects/testflinger/README.md */
@Module({
  // The last one answers for every verb that no other took.
  controllers: [
    RootController,
    JobController,
    AttachmentsController,
    LabEventsController,
    ResultController,
    LogController,
    ArchivesController,
    LabAgentsController,
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
      inject: [Store, BLOBS, ArtifactIntake, LOGGER],
      useFactory: (store: Store, blobs: BlobStore, intake: ArtifactIntake, log: Logger) =>
        new Archives(store, blobs, intake, log),
    },
    {
      provide: LabAgents,
      inject: [Store, AgentsService],
      useFactory: (store: Store, agents: AgentsService) => new LabAgents(store, agents),
    },
    { provide: LabQueues, inject: [Store], useFactory: (store: Store) => new LabQueues(store) },
    {
      provide: LabJobs,
      inject: [
        Store,
        LabAgents,
        LabQueues,
        Archives,
        SubmitService,
        ClaimsService,
        ControlService,
        ReportsService,
        QueryService,
        Dispatcher,
        CONFIG,
      ],
      useFactory: labJobsOf,
    },
    {
      provide: LabLogs,
      inject: [Store, ReportsService, QueryService],
      useFactory: (store: Store, reports: ReportsService, query: QueryService) => new LabLogs(store, reports, query),
    },
    {
      provide: LabResults,
      inject: [Store, LabAgents, ClaimsService, ControlService, QueryService, ReportsService],
      useFactory: labResultsOf,
    },
    {
      provide: WorkerOutput,
      inject: [Store, LogReader, QueryService, ControlService],
      useFactory: (store: Store, reader: LogReader, query: QueryService, control: ControlService) =>
        new WorkerOutput(store, reader, query, control),
    },
    {
      provide: LabUpkeep,
      inject: [Store, ControlService, SweepService],
      useFactory: (store: Store, control: ControlService, sweep: SweepService) => new LabUpkeep(store, control, sweep),
    },
    {
      provide: WEBHOOKS,
      inject: [CONFIG],
      useFactory: ({ outbound }: Config) =>
        createGuardedFetch({ allow: outbound.webhookNetworks, connectTimeoutMs: 2_500 }),
    },
  ],
})
export class TestflingerModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly background: Background,
    @Inject(WEBHOOKS) private readonly webhooks: GuardedFetch,
  ) {}

  onModuleInit(): void {
    this.background.begin();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.webhooks.close();
  }
}
