import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { NestLogger } from '@drover/telemetry';
import { Access } from './access/access.js';
import { identify } from './access/login.js';
import { ApiModule } from './api.module.js';
import type { Core } from './core/core.js';
import { allowedMethods } from './http/allowed-methods.js';
import { BodyInterceptor } from './http/bodies/body.interceptor.js';
import { Door } from './http/door/door.js';
import { changesByGet, routesOf } from './http/door/routes.js';
import { FastLane } from './http/fast-lane.js';
import { installSafeHeaders } from './http/page-policy.js';
import { ProblemFilter } from './http/problem.filter.js';
import { requestLog } from './http/request-log.js';
import { setTimeouts } from './http/server-timeouts.js';
import { RateLimiter } from './limits/rate-limiter.js';
import { demandRate, RateGuard } from './limits/rate.guard.js';
import { describeApi } from './openapi.js';

/** The HTTP application over a core; not listening yet. */
export async function createApp(core: Core): Promise<NestExpressApplication> {
  const access = new Access(core);
  const { requestsPerS, burst, connections } = core.config.limits;
  const rates = new RateLimiter(requestsPerS, burst);
  // Nest adds a first handler to the server it makes itself, and from then on Express has decided how it compares paths.
  const server = express();
  server.enable('case sensitive routing');
  const app = await NestFactory.create<NestExpressApplication>(
    ApiModule.of(core, access, new RateGuard(rates)),
    new ExpressAdapter(server),
    {
      logger: new NestLogger(core.log),
      bodyParser: false,
      abortOnError: false,
      forceCloseConnections: true,
    },
  );
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(requestLog(core.log));
  app.use(identify(core, access));
  app.useGlobalInterceptors(new BodyInterceptor());
  app.useGlobalFilters(
    new ProblemFilter(
      core.log,
      (path) => allowedMethods(app, path),
      (request) => demandRate(rates, request),
    ),
  );
  await describeApi(app);
  app.getHttpServer().maxConnections = connections;
  app
    .get(FastLane)
    .install(app.getHttpServer(), (request) => rates.take(`address ${request.socket.remoteAddress ?? ''}`) === 0);
  const door = app.get(Door);
  door.knows(changesByGet(routesOf(app)));
  door.install(app.getHttpServer());
  installSafeHeaders(app.getHttpServer());
  setTimeouts(app.getHttpServer());
  return app;
}
