import { Module } from '@nestjs/common';
import { V1Tokens } from './tokens.js';
import { V1Guard, V1SuperuserGuard } from './v1.guard.js';
import { V1JobsService } from './v1-jobs.service.js';

/** What the Flux and the observability dialects share: /v1/jobs is one resource to both. */
@Module({ providers: [V1Tokens, V1Guard, V1SuperuserGuard, V1JobsService], exports: [V1Tokens, V1Guard, V1SuperuserGuard, V1JobsService] })
export class V1JobsModule {}
