import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { loginOf } from '../access/login.js';
import { tooSoon, type RateLimiter } from './rate-limiter.js';

/** Health must be seen while everything else is held back; workers have tokens and limits of their own. */
const FREE = /^\/(livez$|readyz$|agent\/v1\/)/;

/** Holds each client, or each address without a login, to its rate. A guard, so that each dialect refuses in its own words. */
@Injectable()
export class RateGuard implements CanActivate {
  constructor(private readonly rates: RateLimiter) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (FREE.test(request.path)) return true;
    const { principal, job_id } = loginOf(request);
    const client = principal.permissions?.client_id ?? (job_id === null ? null : `job ${job_id}`);
    const wait = this.rates.take(client === null ? `address ${request.socket.remoteAddress ?? ''}` : `client ${client}`);
    if (wait > 0) throw tooSoon(wait, client === null ? 'This address' : `Client ${client}`);
    return true;
  }
}
