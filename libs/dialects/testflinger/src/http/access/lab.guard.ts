import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ANONYMOUS_OWNER, becomes, labName, type Role } from '@drover/access';
import { settingsOf, type Config, CONFIG } from '@drover/config';
import { DEFAULT_PROJECT, DroverError } from '@drover/domain';
import { loginOf } from '@drover/http';
import { testflingerSettings } from '../../config.js';
import { LabError } from '../lab-error.js';
import { LAB_ROLES, type LabRoles } from './roles.decorator.js';

/**
 * Roles of this dialect's routes. A bad token is an error everywhere. Where nobody has to log in, only what the clients
 * and their permissions are is guarded.
 */
@Injectable()
export class LabGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const wanted = this.reflector.getAllAndOverride<LabRoles | undefined>(LAB_ROLES, [
      context.getHandler(),
      context.getClass(),
    ]);
    // A route nobody thought of is closed.
    if (!wanted) throw new LabError(403, 'This route has no roles.');
    if (wanted.open) return true;
    const { principal, fault, job_id } = loginOf(request);
    if (fault) throw fault;
    if (this.config.auth === 'none' && !wanted.always) return true;
    if (wanted.job && job_id !== null) return true;
    const role = this.roleOf(principal.permissions?.role);
    if (role === null)
      throw new DroverError('unauthenticated', 'Authentication required: get a token at /v1/oauth2/token');
    if (!wanted.roles.includes(role))
      throw new LabError(403, `Specified action requires role: ${wanted.roles.map(labName).join(', ')}`);
    return true;
  }

  private roleOf(role: Role | undefined): Role | null {
    if (role !== undefined) return role;
    if (this.config.auth === 'none' || settingsOf(this.config, testflingerSettings).anonymous !== 'contributor')
      return null;
    const rights = { max_priority: {}, allowed_queues: [], max_reservation_time: {} };
    becomes({ permissions: { client_id: ANONYMOUS_OWNER, role: 'submitter', project: DEFAULT_PROJECT, ...rights } });
    return 'submitter';
  }
}
