import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { refuseOtherMethods, V1JobsModule, withoutTrailingSlash } from '@drover/dialects/v1-jobs';
import { JobOfPath } from '../pages/job-of-path.js';
import { PortalController, PortalLogoutController } from '../pages/portal.controller.js';
import { PortalGuard } from '../pages/portal.guard.js';
import { FluxJobsService } from './flux-jobs.service.js';
import { FluxController } from './flux.controller.js';
import { NodeList } from './node-list.js';
import { OutputService } from './output.service.js';
import { ServiceStop } from './service-stop.js';
import { TokenController } from './token.controller.js';

const OtherMethods = refuseOtherMethods([
  'nodes',
  'token',
  'login/access-token',
  'service/stop',
  'jobs/:id/cancel',
  'jobs/:id/output',
  'jobs/:id/output/stream',
]);

/** Two known paths with methods that nobody serves. It stands behind HPC, to which both may be jobs. */
@Module({ controllers: [refuseOtherMethods(['jobs/search', 'jobs/submit'])] })
export class FluxOtherMethodsModule {}

/** The Flux RESTful API: libs/dialects/flux/README.md. */
@Module({
  imports: [V1JobsModule],
  controllers: [FluxController, TokenController, PortalLogoutController, PortalController, OtherMethods],
  providers: [FluxJobsService, JobOfPath, NodeList, OutputService, PortalGuard, ServiceStop],
})
export class FluxModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(withoutTrailingSlash).forRoutes('jobs', 'jobs/submit', 'page/about', 'logout');
  }
}
