import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DroverError } from '@drover/domain';
import { AWAY, DatabaseAway, isAway, sqlState } from '@drover/store';
import type { Logger } from '@drover/telemetry';
import { isBodyProblem } from './bodies/body-problem.js';
import { sendNoPage, wantsPage } from './html.js';
import { nobodysPath, problem, problemOf, type Problem } from './problem.js';
import type { IdentifiedRequest } from './request-log.js';
import { sayWhenToRetry } from './retry-after.js';
import { sendText } from './send-text.js';

/** The last word on every error of the native API and the agent protocol; dialects have filters of their own. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Logger,
    /** Methods of a path, for 405. */
    private readonly allowed: (path: string) => string[] = () => [],
    /** Counts a request that no route took; throws beyond the rate. */
    private readonly count: (request: Request) => void = () => undefined,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    let error = thrown;
    let body = toProblem(error, request, this.log);
    if (body.status === 404 && body['operation'] === 'route') {
      try {
        this.count(request);
        body = this.wrongMethod(request, response) ?? body;
      } catch (beyond) {
        error = beyond;
        body = toProblem(error, request, this.log);
      }
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (body.status === 404 && body['operation'] === 'route' && wantsPage(request))
      return sendNoPage(response, request.path);
    sayWhenToRetry(response, body.status, error);
    if (body.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    // HEAD and 416 among others: what a handler had set for its own answer is not of this one.
    for (const name of ['Content-Encoding', 'Content-Disposition', 'ETag', 'Accept-Ranges'])
      response.removeHeader(name);
    // Node's own means: an early route's response has no others.
    response.statusCode = body.status;
    sendText(response, 'application/problem+json', JSON.stringify(body));
  }

  private wrongMethod(request: Request, response: Response): Problem | null {
    const methods = this.allowed(request.path);
    if (methods.length === 0) return null;
    response.setHeader('Allow', methods.join(', '));
    return problem(405, 'method_not_allowed', `${request.method} is not possible here; use ${methods.join(' or ')}.`);
  }
}

/** The facts of a request that a log names. */
export interface Asked {
  readonly method: string;
  readonly path: string;
}

/** Any thrown thing as a problem. Unknown ones are logged and say nothing of their inside. */
export function toProblem(error: unknown, request: Asked, log: Logger): Problem {
  if (error instanceof DatabaseAway)
    log.warn({ error: String(error.cause), path: request.path }, 'the database is away');
  if (error instanceof DroverError) return problemOf(error);
  if (isBodyProblem(error)) return error.toProblem();
  if (error instanceof HttpException) {
    const status = error.getStatus();
    if (status === 404 && /^Cannot [A-Z]+ /.test(error.message)) return nobodysPath(request.method, request.path);
    const response = error.getResponse();
    const more = typeof response === 'object' ? (response as Record<string, unknown>) : {};
    if (typeof more['detail'] === 'string' && typeof more['code'] === 'string') return more as Problem;
    return problem(status, codeOfStatus(status), error.message);
  }
  // body-parser and friends: errors with a status and `expose`.
  const http = error as { status?: number; expose?: boolean; type?: string; message?: string };
  if (typeof http.status === 'number' && http.status >= 400 && http.status < 500)
    return problem(http.status, codeOfStatus(http.status), remedyOf(http));
  // An error that libs/store has not named yet: one of another connection, or one that was kept and thrown later.
  if (isAway(error)) {
    log.warn({ error: String(error), path: request.path }, 'a dependency is away');
    return problem(503, 'unavailable', AWAY);
  }
  const code = sqlState(error);
  // 22xxx: a value Postgres cannot hold got past a door. The client's, not ours; still worth a line.
  if (code && code.startsWith('22')) {
    log.warn({ error: String(error), path: request.path }, 'a value was refused by the database');
    return problem(422, 'invalid', 'A value of the request cannot be stored (out of range, or not valid text).');
  }
  log.error(
    {
      err: error,
      request_id: (request as Asked & Partial<Pick<IdentifiedRequest, 'id'>>).id,
      method: request.method,
      path: request.path,
    },
    'unexpected error',
  );
  return problem(500, 'internal', 'Drover failed at this request; its log has the reason.');
}

function codeOfStatus(status: number): string {
  return (
    {
      400: 'malformed',
      401: 'unauthenticated',
      403: 'forbidden',
      404: 'not_found',
      405: 'method_not_allowed',
      413: 'too_large',
      415: 'unsupported_media_type',
      503: 'unavailable',
    }[status] ?? 'invalid'
  );
}

function remedyOf(error: { type?: string; message?: string }): string {
  switch (error.type) {
    case 'entity.too.large':
      return 'The body is larger than this route takes; see GET /api/v1/limits.';
    case 'entity.parse.failed':
      return `The body is no valid JSON: ${error.message ?? ''}.`;
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return `${error.message ?? 'Unsupported encoding'}; send UTF-8 JSON, plain or gzip.`;
    default:
      return error.message ?? 'The request cannot be read.';
  }
}
