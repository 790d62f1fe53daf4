import 'reflect-metadata';
import type { Server as TlsServer } from 'node:tls';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import express from 'express';
import { bodyRulesOfDialects, modulesOfDialects } from '@drover/dialects';
import {
  allowedMethods,
  BodyInterceptor,
  changesByGet,
  demandRate,
  Door,
  EarlyRoutes,
  installSafeHeaders,
  Logins,
  ProblemFilter,
  RateLimiter,
  requestLog,
  routesOf,
  serveLook,
  setTimeouts,
  takeBodyRules,
} from '@drover/http';
import { NestLogger } from '@drover/telemetry';
import { ApiModule, type ApiOptions } from './api.module.js';
import { serveConsole } from './console/serve-console.js';
import { serveManual } from './console/serve-manual.js';
import type { Connections } from './modules/connections.js';
import { demandOwnNames } from './modules/other-logins.js';
import { describeApi } from './openapi/serve.js';

/** The HTTP application over its connections. It begins its work with `init`, and listens with `listen`. */
export async function createApp(connections: Connections, options: ApiOptions = {}): Promise<NestExpressApplication> {
  const { config, log } = connections;
  demandOwnNames(config);
  // Nest adds a first handler to the server it makes itself, and from then on Express has decided how it compares
  // paths.
  const server = express();
  server.enable('case sensitive routing');
  takeBodyRules(server, bodyRulesOfDialects(config.speaks));
  const pair = connections.served.current;
  const app = await NestFactory.create<NestExpressApplication>(
    ApiModule.of(connections, await modulesOfDialects(config.speaks), options),
    new ExpressAdapter(server),
    {
      logger: new NestLogger(log),
      bodyParser: false,
      abortOnError: false,
      forceCloseConnections: true,
      ...(pair ? { httpsOptions: pair.options() } : {}),
      // Two routes of one method and path end the start. docs/decisions/0011-routes-in-the-order-of-modules.md
      routeConflictPolicy: { duplicate: 'error' },
    },
  );
  const rates = app.get(RateLimiter);
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(requestLog(log));
  app.use(app.get(Logins).identify());
  app.useGlobalInterceptors(new BodyInterceptor());
  app.useGlobalFilters(
    new ProblemFilter(
      log,
      (path) => allowedMethods(app, path),
      (request) => demandRate(rates, request),
    ),
  );
  await describeApi(app);
  serveConsole(app);
  serveManual(app);
  serveLook(app);
  app.getHttpServer().maxConnections = config.limits.connections;
  app
    .get(EarlyRoutes)
    .install(app.getHttpServer(), (request) => rates.take(`address ${request.socket.remoteAddress ?? ''}`) === 0);
  const door = app.get(Door);
  door.knows(changesByGet(routesOf(app)));
  door.install(app.getHttpServer());
  installSafeHeaders(app.getHttpServer());
  setTimeouts(app.getHttpServer());
  pair?.follow(app.getHttpServer() as unknown as TlsServer);
  return app;
}
