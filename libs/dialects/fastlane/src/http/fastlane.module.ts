import type { Server } from 'node:http';
import { Inject, Injectable, Module, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Principal } from '@drover/access';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { DEFAULT_PROJECT } from '@drover/domain';
import { ownLogin, Logins, Door, OpenStreams } from '@drover/http';
import {
  ClaimsService,
  ControlService,
  CronService,
  ExplainService,
  JobEnds,
  PeriodicWork,
  QueryService,
  SubmitService,
} from '@drover/jobs';
import { LogFollower, LogReader } from '@drover/live';
import { NotificationsService } from '@drover/notifications';
import { Store } from '@drover/store';
import { LOGGER, type Logger } from '@drover/telemetry';
import { fastlaneSettings } from '../config.js';
import { HostsService } from '../core/hosts.service.js';
import { LeftExecutions } from '../core/left-executions.js';
import type { TaskSettings } from '../core/plan.js';
import { TaskQueries } from '../core/task-queries.js';
import { TasksService } from '../core/tasks.service.js';
import { front } from './before-routes.js';
import { Enqueuer } from './enqueuer.js';
import { FastlaneExecutionsController } from './executions.controller.js';
import { SETTINGS, type FastlaneSettings } from './fastlane-settings.js';
import { FastlaneJobsController } from './jobs.controller.js';
import { FastlaneLogsController } from './logs.controller.js';
import { fastlaneNotices } from './notices.js';
import { isOurs } from './paths.js';
import { FastlaneServiceController } from './service.controller.js';
import { Stopped } from './stopped.js';
import { FastlaneStreamController } from './stream.controller.js';
import { FastlaneStream } from './stream.js';
import { FastlaneTasksController } from './tasks.controller.js';
import { FastlaneWebSockets } from './websocket.js';

const hasLogin = ({ basicUser, basicPassword }: FastlaneSettings): boolean =>
  basicUser !== null && basicPassword !== null;

/**
 * Whoever knows this API's own user and password: one client that submits, reads its project and controls what came
 * through this API.
 */
const userOf = ({ basicUser }: FastlaneSettings): Principal => ({
  permissions: {
    client_id: basicUser ?? '',
    role: 'submitter',
    project: DEFAULT_PROJECT,
    max_priority: {},
    allowed_queues: [],
    max_reservation_time: {},
  },
});

// Where this API has a login of its own, `front` has checked it before any guard is asked.
ownLogin(/^\/(tasks|search|status|routes|docker-executor)(\/|$)/, (_request, config) => {
  const settings = settingsOf(config, fastlaneSettings);
  return hasLogin(settings) ? userOf(settings) : null;
});

const CATCH_UP_MS = 1_000;
const FORGET_MS = 60_000;

const taskSettings = (settings: FastlaneSettings, notifications: NotificationsService): TaskSettings => ({
  ...settings,
  mail: notifications.canMail,
});

function tasksOf(
  store: Store,
  submits: SubmitService,
  control: ControlService,
  notifications: NotificationsService,
  settings: FastlaneSettings,
  log: Logger,
): TasksService {
  return new TasksService({
    store,
    submits,
    control,
    settings: taskSettings(settings, notifications),
    log,
    onDeliveries: () => notifications.poke(),
  });
}

function hostsOf(
  store: Store,
  query: QueryService,
  notifications: NotificationsService,
  settings: FastlaneSettings,
): HostsService {
  return new HostsService(store.agents, query, {
    ...taskSettings(settings, notifications),
    breakerFails: settings.breakerFails,
    breakerResetS: settings.breakerResetS,
  });
}

/** Tasks over jobs: they hear of ends, make the children of their crons, and put right what a crash left undone. */
@Injectable()
class TaskWork implements OnModuleInit {
  constructor(
    private readonly store: Store,
    private readonly tasks: TasksService,
    private readonly hosts: HostsService,
    private readonly ends: JobEnds,
    private readonly cron: CronService,
    private readonly claims: ClaimsService,
    private readonly explains: ExplainService,
    private readonly work: PeriodicWork,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    const { tasks, hosts } = this;
    const left = new LeftExecutions(this.store);
    this.ends.onEnded((jobs) => {
      tasks
        .ended(jobs)
        .catch((error: unknown) =>
          this.log.warn({ error: String(error) }, 'ends of executions are handled at the next look'),
        );
    });
    this.cron.own('fastlane', (parent, dueAt) => tasks.tick(parent, dueAt));
    this.work.every('tasks-catch-up', CATCH_UP_MS, () => tasks.catchUp(), tasks.unfinished);
    this.work.every('tasks-forget', FORGET_MS, async () => void (await left.forget()));
    this.claims.veto(hosts.veto, 'fastlane');
    this.explains.add(hosts.explain);
  }
}

@Module({
  controllers: [
    FastlaneTasksController,
    FastlaneJobsController,
    FastlaneExecutionsController,
    FastlaneLogsController,
    FastlaneStreamController,
    FastlaneServiceController,
  ],
  providers: [
    {
      provide: SETTINGS,
      useFactory: (config: Config): FastlaneSettings => settingsOf(config, fastlaneSettings),
      inject: [CONFIG],
    },
    TaskWork,
    {
      provide: TasksService,
      useFactory: tasksOf,
      inject: [Store, SubmitService, ControlService, NotificationsService, SETTINGS, LOGGER],
    },
    { provide: HostsService, useFactory: hostsOf, inject: [Store, QueryService, NotificationsService, SETTINGS] },
    {
      provide: TaskQueries,
      useFactory: (store: Store, reader: LogReader, settings: FastlaneSettings) =>
        new TaskQueries(store, reader, settings.maxLogBytes),
      inject: [Store, LogReader, SETTINGS],
    },
    {
      provide: Enqueuer,
      useFactory: (tasks: TasksService, settings: FastlaneSettings) => new Enqueuer(tasks, settings),
      inject: [TasksService, SETTINGS],
    },
    { provide: Stopped, useFactory: (queries: TaskQueries) => new Stopped(queries), inject: [TaskQueries] },
    {
      provide: FastlaneStream,
      useFactory: (queries: TaskQueries, follower: LogFollower) => new FastlaneStream(queries, follower),
      inject: [TaskQueries, LogFollower],
    },
  ],
})
export class FastlaneModule implements OnApplicationBootstrap {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly logins: Logins,
    private readonly queries: TaskQueries,
    private readonly streams: FastlaneStream,
    private readonly open: OpenStreams,
    door: Door,
    notifications: NotificationsService,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    notifications.writes('fastlane', fastlaneNotices(queries, settings, config.apiUrl));
    if (settings.enableCors)
      door.name(
        isOurs,
        settings.corsOrigins.filter((origin) => origin !== '*'),
      );
    // Before the body parsers and the router: it gives every path its one spelling.
    this.adapter.httpAdapter.use(front(settings, log));
    const ignored = Object.entries(settings).filter(([key, set]) => key.startsWith('ignored') && set === true);
    if (ignored.length > 0)
      log.info(
        { variables: ignored.map(([key]) => key.slice('ignored'.length)) },
        'variables of fastlane that have no effect here are set',
      );
  }

  onApplicationBootstrap(): void {
    const { queries, streams, settings, log } = this;
    const sockets = new FastlaneWebSockets({
      queries,
      streams,
      settings,
      log,
      open: this.open,
      readerOf: async (authorization, socket) => {
        const open = this.config.auth === 'none';
        const principal = hasLogin(settings) ? userOf(settings) : await this.logins.readerOf(authorization, socket);
        return principal && { principal, open };
      },
    });
    sockets.serve(this.adapter.httpAdapter.getHttpServer() as Server);
  }
}
