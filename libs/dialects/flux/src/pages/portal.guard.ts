import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { authRefusal, beUser, takeLogin, V1Guard, V1Tokens } from '@drover/dialects/v1-jobs';
import { JobOfPath, type PortalRequest } from './job-of-path.js';

const CHALLENGE = { 'WWW-Authenticate': 'Basic realm="Drover"' };

/** HTML pages: HTTP Basic where a login is required. Paths of other APIs are not judged here: their own guards follow. */
@Injectable()
export class PortalGuard implements CanActivate {
  constructor(
    private readonly v1: V1Guard,
    private readonly tokens: V1Tokens,
    private readonly jobs: JobOfPath,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PortalRequest>();
    const { id } = request.params;
    if (typeof id === 'string') request.portalJob = await this.jobs.find(id);
    if (request.portalJob !== 'theirs') await this.logIn(request);
    return true;
  }

  /** @throws Refusal 401 */
  private async logIn(request: PortalRequest): Promise<void> {
    request.v1User = this.tokens.nobody;
    request.v1LoggedIn = false;
    if (!this.v1.required || takeLogin(request)) return;
    const user = await this.tokens.userOf(request.headers.authorization).catch(() => {
      throw authRefusal(401, 'Not authenticated', CHALLENGE);
    });
    beUser(request, user);
  }
}
