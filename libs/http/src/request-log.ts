import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { httpRequests, type Logger } from '@drover/telemetry';

export type IdentifiedRequest = Request & { id: string };

const GIVEN = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/**
 * Gives each request an id (the one it brought in X-Request-Id, or a new one), sends it back, counts and times the
 * request, and logs it: at debug, those that failed by our fault at error.
 */
export function requestLog(log: Logger) {
  const debug = log.isLevelEnabled('debug');
  return (request: Request, response: Response, next: NextFunction): void => {
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && GIVEN.test(given) ? given : randomUUID();
    (request as IdentifiedRequest).id = id;
    response.setHeader('X-Request-Id', id);
    const start = performance.now();
    response.once('close', () => {
      const ms = performance.now() - start;
      const { statusCode: status } = response;
      const stream = String(response.getHeader('content-type') ?? '').startsWith('text/event-stream');
      const route = patternOf(request);
      if (!stream)
        httpRequests.observe(
          { method: methodOf(request.method), route, status: `${Math.floor(status / 100)}xx` },
          ms / 1_000,
        );
      if (status >= 500 && status !== 503)
        log.error(
          { request_id: id, method: request.method, path: request.path.slice(0, 500), route, status, ms },
          'request failed',
        );
      else if (debug)
        log.debug(
          {
            request_id: id,
            method: request.method,
            path: request.path.slice(0, 500),
            route,
            status,
            ms,
            ...(stream ? { stream } : {}),
          },
          'request',
        );
    });
    next();
  };
}

function patternOf(request: Request): string {
  const path = (request.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string'
    ? path
    : path instanceof RegExp
      ? path.source
      : Array.isArray(path)
        ? String(path[0])
        : 'none';
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const methodOf = (method: string): string => (METHODS.has(method) ? method : 'other');
