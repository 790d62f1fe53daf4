import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { html } from '@drover/http';
import { type Logger, LOGGER } from '@drover/telemetry';
import { toLabError } from '../http/errors.filter.js';
import { send } from './frame.js';

/** Errors as pages. */
@Catch()
export class PageErrorsFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status, message } = toLabError(error, host.switchToHttp().getRequest<Request>(), this.log);
    if (status === 503) response.setHeader('Retry-After', '1');
    send(response, String(status), html`<p>${message}</p>`, status);
  }
}
