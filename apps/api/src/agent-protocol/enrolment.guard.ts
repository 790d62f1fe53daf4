import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { type Config, CONFIG } from '@drover/config';
import { DroverError } from '@drover/domain';

/** A worker registers with the enrolment token, where one is set. */
@Injectable()
export class EnrolmentGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  canActivate(context: ExecutionContext): boolean {
    const expected = this.config.enrolmentToken;
    if (!expected) {
      if (this.config.auth === 'none') return true;
      throw new DroverError(
        'unauthenticated',
        'No worker can register before DROVER_ENROLMENT_TOKEN is set on the API.',
      );
    }
    const given = Buffer.from(
      /^Bearer (.+)$/.exec(context.switchToHttp().getRequest<Request>().headers.authorization ?? '')?.[1] ?? '',
    );
    const wanted = Buffer.from(expected);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return true;
    throw new DroverError(
      'unauthenticated',
      'The enrolment token is missing or wrong; set DROVER_ENROLMENT_TOKEN on the worker as on the API.',
    );
  }
}
