import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { looksLikeNodeKey, NodesService } from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { DroverError, type NodeBounds } from '@drover/domain';

/** A registration, with the bounds of the node's own key; null: it has none. */
export type EnrollingRequest = Request & { bounds: NodeBounds | null };

/** A worker registers with the key of its node, or else with the enrolment token, where one is set. */
@Injectable()
export class EnrolmentGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly nodes: NodesService,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<EnrollingRequest>();
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    request.bounds = looksLikeNodeKey(given) ? await this.nodes.verify(given) : null;
    return request.bounds !== null || this.isEnrolmentToken(given);
  }

  private isEnrolmentToken(token: string): boolean {
    const expected = this.config.enrolmentToken;
    if (!expected) {
      if (this.config.auth === 'none') return true;
      throw new DroverError(
        'unauthenticated',
        'No worker can register without a key of its own: enrol it (`drover nodes invite` says how), or set DROVER_ENROLMENT_TOKEN on the API and on the worker.',
      );
    }
    const given = Buffer.from(token);
    const wanted = Buffer.from(expected);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return true;
    throw new DroverError(
      'unauthenticated',
      'The enrolment token is missing or wrong; set DROVER_ENROLMENT_TOKEN on the worker as on the API.',
    );
  }
}
