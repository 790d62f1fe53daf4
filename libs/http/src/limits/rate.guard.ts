import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { loginOf } from '../access/login.js';
import { RateLimiter, tooSoon } from './rate-limiter.js';

/** Health must be seen while everything else is held back; workers have tokens and limits of their own. */
const FREE = /^\/(livez$|readyz$|agent\/v1\/)/;

/** Counts a request of a client, or of an address without a login. Throws `rate_limited` beyond the rate. */
export function demandRate(rates: RateLimiter, request: Request): void {
  if (FREE.test(request.path)) return;
  const { principal, job_id } = loginOf(request);
  const client = principal.permissions?.client_id ?? (job_id === null ? null : `job ${job_id}`);
  const wait = rates.take(client === null ? `address ${request.socket.remoteAddress ?? ''}` : `client ${client}`);
  if (wait > 0) throw tooSoon(wait, client === null ? 'This address' : `Client ${client}`);
}

/**
 * Holds each client, or each address without a login, to its rate. A guard, so that each dialect refuses in its own
 * words. It stands before all other guards: requests that they refuse count, too.
 */
@Injectable()
export class RateGuard implements CanActivate {
  constructor(private readonly rates: RateLimiter) {}

  canActivate(context: ExecutionContext): boolean {
    demandRate(this.rates, context.switchToHttp().getRequest<Request>());
    return true;
  }
}
