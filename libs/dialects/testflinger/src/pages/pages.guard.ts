import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { becomes, can, type Client, ClientsService } from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { loginOf } from '@drover/http';
import { basicOf } from '../http/basic.js';
import { LabError } from '../http/lab-error.js';

/**
 * Pages for people who may read. A browser has no token: it sends the client id and its key, which are checked anew at
 * each page.
 */
@Injectable()
export class PagesGuard implements CanActivate {
  constructor(
    private readonly clients: ClientsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.config.auth === 'none') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const role = loginOf(request).principal.permissions?.role ?? (await this.byKey(request))?.role;
    if (role === undefined) {
      context
        .switchToHttp()
        .getResponse<Response>()
        .setHeader('WWW-Authenticate', 'Basic realm="Drover", charset="UTF-8"');
      throw new LabError(401, 'A login is needed: a client id and its key.');
    }
    if (!can(role, 'read')) throw new LabError(403, 'This client may not look at jobs.');
    return true;
  }

  private async byKey(request: Request) {
    const [id, key] = basicOf(request.headers.authorization) ?? [];
    const client: Client | null =
      id === undefined || key === undefined ? null : await this.clients.login(id, key, request.ip ?? '');
    if (client) becomes({ permissions: client });
    return client;
  }
}
