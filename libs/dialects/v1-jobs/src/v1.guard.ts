import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { becomes, type Role } from '@drover/access';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { DEFAULT_PROJECT } from '@drover/domain';
import { loginOf } from '@drover/http';
import { v1LoginSettings } from './config.js';
import { authRefusal } from './refusal.js';
import { V1Tokens, type V1User } from './tokens.js';

export type V1Request = Request & {
  v1User: V1User;
  /** False: nobody logged in, and nobody has to. */ v1LoggedIn: boolean;
};

/** A login where one is required; elsewhere one that is given is still used. */
@Injectable()
export class V1Guard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tokens: V1Tokens,
  ) {}

  get required(): boolean {
    return settingsOf(this.config, v1LoginSettings).requireAuth || this.config.auth !== 'none';
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<V1Request>();
    const { authorization } = request.headers;
    request.v1LoggedIn = false;
    if (takeLogin(request)) return true;
    if (this.required) {
      beUser(request, await this.tokens.userOf(authorization));
      return true;
    }
    request.v1User = this.tokens.nobody;
    if (authorization === undefined) return true;
    try {
      request.v1User = await this.tokens.userOf(authorization);
      request.v1LoggedIn = true;
    } catch {
      // Open to all: a header that says nothing to us is no reason to refuse.
    }
    return true;
  }
}

/** The superuser's token, even where everything else is open. */
@Injectable()
export class V1SuperuserGuard implements CanActivate {
  constructor(private readonly tokens: V1Tokens) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<V1Request>();
    if (!takeLogin(request)) beUser(request, await this.tokens.userOf(request.headers.authorization));
    if (!request.v1User.superuser) throw authRefusal(400, "The user doesn't have enough privileges");
    return true;
  }
}

/** From here on the request is this user's: its rights count for every object that is looked at or changed. */
export function beUser(request: V1Request, user: V1User): void {
  request.v1User = user;
  request.v1LoggedIn = true;
  const role: Role = user.superuser ? 'admin' : 'submitter';
  becomes({
    permissions: {
      client_id: user.name,
      role,
      project: DEFAULT_PROJECT,
      max_priority: {},
      allowed_queues: [],
      max_reservation_time: {},
    },
  });
}

/** A token of /v1/oauth2 is as good as one of this API's own. */
export function takeLogin(request: V1Request): boolean {
  const { permissions } = loginOf(request).principal;
  if (!permissions) return false;
  request.v1User = {
    id: permissions.client_id,
    name: permissions.client_id,
    superuser: permissions.role === 'admin',
    active: true,
  };
  request.v1LoggedIn = true;
  return true;
}
