import type { Server } from 'node:http';
import { Inject, Module, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Principal } from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { HostsService, TaskQueries, TasksService, type TaskSettings } from '@drover/dialects/fastlane';
import { DEFAULT_PROJECT } from '@drover/domain';
import { ownLogin } from '../../access/access.guard.js';
import { Access } from '../../access/access.js';
import { readerOf } from '../../access/login.js';
import { Core } from '../../core/core.js';
import { Door } from '../../http/door/door.js';
import { Enqueuer } from './enqueuer.js';
import { FastlaneExecutionsController } from './executions.controller.js';
import { front } from './front.js';
import { FastlaneJobsController } from './jobs.controller.js';
import { FastlaneLogsController } from './logs.controller.js';
import { fastlaneNotices } from './notices.js';
import { isOurs } from './paths.js';
import { FastlaneServiceController } from './service.controller.js';
import { SETTINGS, type FastlaneSettings } from './settings.js';
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
ownLogin(/^\/(tasks|search|status|routes|docker-executor)(\/|$)/, (_request, { dialects: { fastlane } }) =>
  hasLogin(fastlane) ? userOf(fastlane) : null,
);

const CATCH_UP_MS = 1_000;

const taskSettings = (core: Core, settings: FastlaneSettings): TaskSettings => ({
  ...settings,
  mail: core.notifications.canMail,
});

/** Tasks over the core: they hear of ends, make the children of their crons, and put right what a crash left undone. */
function tasksOf(core: Core, settings: FastlaneSettings): TasksService {
  const tasks = new TasksService({
    store: core.store,
    submits: core.submits,
    control: core.control,
    settings: taskSettings(core, settings),
    log: core.log,
    onDeliveries: () => core.notifications.nudge(),
  });
  const ended = (jobs: Parameters<TasksService['ended']>[0]): void => {
    tasks
      .ended(jobs)
      .catch((error: unknown) =>
        core.log.warn({ error: String(error) }, 'ends of executions are handled at the next look'),
      );
  };
  core.reports.onEnded(ended);
  core.control.onEnded(ended);
  core.sweep.onEnded(ended);
  core.cron.own('fastlane', (parent, dueAt) => tasks.tick(parent, dueAt));
  core.onTick('tasks-catch-up', CATCH_UP_MS, () => tasks.catchUp());
  return tasks;
}

function hostsOf(core: Core, settings: FastlaneSettings): HostsService {
  const hosts = new HostsService(core.store.agents, core.query, {
    ...taskSettings(core, settings),
    breakerFails: settings.breakerFails,
    breakerResetS: settings.breakerResetS,
  });
  core.claims.veto(hosts.veto);
  core.explains.add(hosts.explain);
  return hosts;
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
    { provide: SETTINGS, useFactory: (config: Config): FastlaneSettings => config.dialects.fastlane, inject: [CONFIG] },
    { provide: TasksService, useFactory: tasksOf, inject: [Core, SETTINGS] },
    { provide: HostsService, useFactory: hostsOf, inject: [Core, SETTINGS] },
    {
      provide: TaskQueries,
      useFactory: (core: Core, settings: FastlaneSettings) =>
        new TaskQueries(core.store, core.logReader, settings.maxLogBytes),
      inject: [Core, SETTINGS],
    },
    {
      provide: Enqueuer,
      useFactory: (tasks: TasksService, settings: FastlaneSettings) => new Enqueuer(tasks, settings),
      inject: [TasksService, SETTINGS],
    },
    { provide: Stopped, useFactory: (queries: TaskQueries) => new Stopped(queries), inject: [TaskQueries] },
    {
      provide: FastlaneStream,
      useFactory: (core: Core, queries: TaskQueries) => new FastlaneStream(queries, core.logFollower),
      inject: [Core, TaskQueries],
    },
  ],
})
export class FastlaneModule implements OnApplicationBootstrap {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapter: HttpAdapterHost,
    @Inject(Core) private readonly core: Core,
    @Inject(Access) private readonly access: Access,
    @Inject(SETTINGS) private readonly settings: FastlaneSettings,
    @Inject(Door) door: Door,
    @Inject(TaskQueries) private readonly queries: TaskQueries,
    @Inject(FastlaneStream) private readonly streams: FastlaneStream,
  ) {
    core.notifications.writes('fastlane', fastlaneNotices(queries, settings, core.config.apiUrl));
    if (settings.enableCors)
      door.name(
        isOurs,
        settings.corsOrigins.filter((origin) => origin !== '*'),
      );
    // Before the body parsers and the router: it gives every path its one spelling.
    this.adapter.httpAdapter.use(front(settings, core.log));
    const ignored = Object.entries(settings).filter(([key, set]) => key.startsWith('ignored') && set === true);
    if (ignored.length > 0)
      core.log.info(
        { variables: ignored.map(([key]) => key.slice('ignored'.length)) },
        'variables of fastlane that have no effect here are set',
      );
  }

  onApplicationBootstrap(): void {
    const { queries, streams, settings } = this;
    const sockets = new FastlaneWebSockets({
      queries,
      streams,
      settings,
      log: this.core.log,
      open: this.core.streams,
      readerOf: async (authorization, socket) => {
        const open = this.core.config.auth === 'none';
        const principal = hasLogin(settings)
          ? userOf(settings)
          : await readerOf(authorization, socket, this.core, this.access);
        return principal && { principal, open };
      },
    });
    sockets.serve(this.adapter.httpAdapter.getHttpServer() as Server);
  }
}
