import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { becomes, may, opensToAll, type Ability, type Principal } from '@drover/access';
import { type Config, CONFIG } from '@drover/config';
import { DroverError } from '@drover/domain';
import { loginOf, type Login } from './login.js';
import { DEMAND, type Demand } from './marks.js';

/** A part of the API with a login of its own: whom it lets in by itself; null: it has no such login. */
export type OwnLogin = (request: Request, config: Config) => Principal | null;
const OWN_LOGINS: { path: RegExp; takes: OwnLogin }[] = [];

const FOR_ADMINS: Demand = { of: ['admin'] };

/** Adds credentials that a dialect checks by itself, for the paths it serves. */
export function ownLogin(path: RegExp, takes: OwnLogin): void {
  OWN_LOGINS.push({ path, takes });
}

/**
 * Holds every route to its mark where people log in (DROVER_AUTH=oauth2). Without that it lets everything pass. A route
 * without a mark is for admins.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.config.auth === 'none') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const login = loginOf(request);
    const demand =
      this.reflector.getAllAndOverride<Demand>(DEMAND, [context.getHandler(), context.getClass()]) ?? FOR_ADMINS;
    if (demand.of === 'open') return true;
    if (demand.openable && this.config.access.open.includes(demand.openable)) {
      // Whoever logs in all the same is held to its own rights.
      if (!login.principal.permissions) opensToAll();
      return true;
    }
    if (demand.of === 'dialect') {
      // Whoever comes with a login of ours is held to it; all others are the dialect's to judge.
      if (demand.ours && login.principal.permissions) this.demand(login, demand.ours);
      return true;
    }
    const own = OWN_LOGINS.filter(({ path }) => path.test(request.path))
      .map(({ takes }) => takes(request, this.config))
      .find((principal) => principal !== null);
    if (own) {
      becomes(own);
      return true;
    }
    if (this.isOfJob(request, login)) return true;
    this.demand(login, demand.of);
    return true;
  }

  private demand({ principal, fault }: Login, abilities: readonly Ability[]): void {
    if (fault) throw fault;
    if (!principal.permissions) {
      throw new DroverError(
        'unauthenticated',
        'A login is needed: get a token at POST /v1/oauth2/token with a client id and its key, and send it as Authorization: Bearer <token>.',
      );
    }
    if (abilities.some((ability) => may(principal, ability))) return;
    const { client_id, role } = principal.permissions;
    throw new DroverError(
      'forbidden',
      `Client ${client_id} has the role ${role}, which may not do this; an admin can give it another.`,
      { role },
    );
  }

  /**
   * With the token in its environment a job reads its own metrics and artifacts and pushes counters: nothing else, and
   * for as long as its execution is open.
   */
  private isOfJob(request: Request, { job_id }: Login): boolean {
    if (job_id === null) return false;
    const own = `/api/v1/jobs/${job_id}/`;
    const part = request.path.startsWith(own) ? request.path.slice(own.length) : '';
    return (
      (request.method === 'GET' && /^(metrics|artifacts)(\/|$)/.test(part)) ||
      /^\/(push|accumulate|set)(\/|$)/.test(request.path)
    );
  }
}
