import { Catch, HttpException, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DroverError } from '@drover/domain';
import { toProblem, sayWhenToRetry } from '@drover/http';
import { type Logger, LOGGER } from '@drover/telemetry';
import { sendEnvelope } from './envelope.js';

/** Every refusal is 400 and an envelope; only what is not the client's fault has another status. */
@Catch()
export class MetricProxyErrorsFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, detail } = toProblem(error, request, this.log);
    const said = error instanceof DroverError || error instanceof HttpException ? error.message : detail;
    sayWhenToRetry(response, status, error);
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    sendEnvelope(response, said, false, [401, 403, 405, 429].includes(status) || status >= 500 ? status : 400);
  }
}
