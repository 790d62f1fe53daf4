import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DroverError, isDroverError } from '@drover/domain';
import { toProblem, type Asked, retryHeaders } from '@drover/http';
import { type Logger, LOGGER } from '@drover/telemetry';
import { hpcRefusal, Refusal, type HpcErrorCode } from './refusal.js';

const CODE_OF_STATUS: Record<number, HpcErrorCode> = { 404: 'not_found', 409: 'conflict' };

/** Every error of /v1 as both services word it: `error` and `message`, `detail` where a Flux client looks for it. */
@Catch()
export class V1ErrorsFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = refusalOf(error, request, this.log);
    for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
    response.status(refusal.status).json(refusal.body);
  }
}

/** Puts an error into the words of /v1. */
export function refusalOf(error: unknown, request: Asked, log: Logger): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof DroverError) {
    if (error.code === 'not_found')
      return new Refusal(404, { error: 'not_found', message: error.message, detail: error.message });
    if (error.code === 'terminal') return hpcRefusal('conflict', 'Job is in terminal state and cannot be updated');
    if (error.code === 'conflict') return hpcRefusal('conflict', error.message);
    if (error.code === 'invalid')
      return hpcRefusal('validation_error', error.message, { details: { faults: error.details.faults ?? [] } });
  }
  const problem = toProblem(error, request, log);
  const headers = retryHeaders(problem.status, error);
  if (problem.status >= 500 && !isDroverError(error, 'quota')) {
    return new Refusal(
      problem.status,
      { error: 'internal_error', message: problem.detail, detail: problem.detail },
      headers,
    );
  }
  const code = CODE_OF_STATUS[problem.status] ?? 'invalid_request';
  // A body that the JSON parser refuses is an unreadable request in both services.
  const status = problem.status === 400 && problem.code === 'malformed' ? 400 : problem.status;
  const message = problem.code === 'malformed' ? 'Invalid JSON body' : problem.detail;
  return new Refusal(status, { error: code, message, detail: message }, headers);
}
