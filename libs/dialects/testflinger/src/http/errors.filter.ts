import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DroverError, type ErrorCode, type FieldFault } from '@drover/domain';
import { toProblem, sayWhenToRetry } from '@drover/http';
import { type Logger, LOGGER } from '@drover/telemetry';
import { LabError, validationError, type Faults } from './lab-error.js';

const STATUS: Partial<Record<ErrorCode, number>> = {
  not_found: 404,
  conflict: 409,
  terminal: 400,
  unauthenticated: 401,
  forbidden: 403,
  too_large: 413,
  rate_limited: 429,
  quota: 507,
  unavailable: 503,
  timeout: 504,
};

/** This dialect's names for fields of the core. */
const FIELDS: Record<string, string> = { queue: 'job_queue', priority: 'job_priority', command: 'test_data' };

/** Every error as `{"message", "detail"}`, which is what the clients show. */
@Catch()
export class LabErrorsFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, message, options } = toLabError(error, request, this.log);
    sayWhenToRetry(response, status, error);
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    if (options.plain) response.status(status).type('text/plain').send(message);
    else response.status(status).json({ message: options.messages ?? message, detail: options.detail ?? {} });
  }
}

export function toLabError(error: unknown, request: Request, log: Logger): LabError {
  if (error instanceof LabError) return error;
  if (error instanceof DroverError) {
    if (error.code === 'invalid') return fromFaults(error.details.faults ?? [], error.message);
    // A bad signature is no reason to fetch a new token; an expired one is.
    const fault = error.details['token_fault'];
    if (fault === 'signature' || fault === 'malformed' || fault === 'missing_claim')
      return new LabError(403, error.message);
    return new LabError(STATUS[error.code] ?? 400, error.message);
  }
  if (error instanceof HttpException) return new LabError(error.getStatus(), error.message);
  const problem = toProblem(error, request, log);
  if (problem.status === 413) return new LabError(413, 'Payload too large');
  return new LabError(
    problem.status,
    problem.status === 400 ? 'Bad Request' : problem.detail,
    problem.status === 400 ? { detail: { reason: problem.detail } } : {},
  );
}

/** The faults that the core found, under this dialect's field names. */
function fromFaults(faults: FieldFault[], message: string): LabError {
  if (faults.some((fault) => fault.field === 'payload' && /larger/.test(fault.message)))
    return new LabError(413, 'Payload too large');
  const json: Record<string, Faults> = {};
  for (const fault of faults) {
    const field = fault.field.replace(/^payload\./, '').split('.')[0] ?? '';
    json[FIELDS[field] ?? field] = [fault.message];
  }
  return faults.length > 0 ? validationError(json) : new LabError(422, message);
}
