import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { V1Guard, V1Tokens, Refusal, type V1Request } from '../../../dialects-shared/v1-jobs/index.js';

/** HTML pages: HTTP Basic where a login is required. */
@Injectable()
export class PortalGuard implements CanActivate {
  constructor(
    @Inject(V1Guard) private readonly v1: V1Guard,
    @Inject(V1Tokens) private readonly tokens: V1Tokens,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<V1Request>();
    request.v1User = this.tokens.nobody;
    request.v1LoggedIn = false;
    if (!this.v1.required) return true;
    const user = this.tokens.basic(request.headers.authorization);
    if (!user?.active) throw new Refusal(401, { detail: 'Not authenticated', error: 'invalid_request', message: 'Not authenticated' }, { 'WWW-Authenticate': 'Basic realm="Drover"' });
    request.v1User = user;
    request.v1LoggedIn = true;
    return true;
  }
}
