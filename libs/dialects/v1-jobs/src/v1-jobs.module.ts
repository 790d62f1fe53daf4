import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { V1Tokens } from './tokens.js';
import { withoutTrailingSlash } from './trailing-slash.js';
import { V1JobsService } from './v1-jobs.service.js';
import { V1Guard, V1SuperuserGuard } from './v1.guard.js';

const SHARED = [V1Tokens, V1Guard, V1SuperuserGuard, V1JobsService];

/** Provides the parts that the Flux and the observability dialects share: /v1/jobs is one resource to both. */
@Module({ providers: SHARED, exports: SHARED })
export class V1JobsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(withoutTrailingSlash).forRoutes('v1/{*path}');
  }
}
