import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { isDroverError } from '@drover/domain';
import { toProblem, sayWhenToRetry } from '@drover/http';
import { type Logger, LOGGER } from '@drover/telemetry';
import { knownPath } from './paths.js';
import { FastlaneProblem } from './problem.js';

/** Every error as this API writes it: `{"error","operation"}`, or the bare text for faults of a body. */
@Catch()
export class FastlaneErrorsFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const problem = toFastlane(error, request, this.log);
    sayWhenToRetry(response, problem.status, error);
    response.status(problem.status);
    if (problem.operation === null) response.type('text/plain').send(problem.text);
    else response.json({ error: problem.text, operation: problem.operation });
  }
}

function toFastlane(error: unknown, request: Request, log: Logger): FastlaneProblem {
  if (error instanceof FastlaneProblem) return error;
  // The core's own limits, met by a body that passed ours.
  if (isDroverError(error, 'invalid')) return new FastlaneProblem(400, error.message, null);
  const { status, detail } = toProblem(error, request, log);
  return new FastlaneProblem(status, detail, knownPath(request.path)?.operation ?? 'route');
}
