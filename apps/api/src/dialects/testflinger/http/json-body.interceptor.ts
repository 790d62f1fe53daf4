import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import express from 'express';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import { rawBody } from '../../../http/body-parsers.js';
import { LabError } from './lab-error.js';

/** A body must be smaller. */
export const BODY_LIMIT = 16 * 1024 * 1024;

/** Every path of this dialect: read here, so that its errors have this dialect's shape, and by streams where files come. */
rawBody(/^\/v1\/?$/);
rawBody(/^\/v1\/(job|result|agents|queues|oauth2|client-permissions|restricted-queues|secrets)(\/|$)/);

const parse = express.json({ limit: BODY_LIMIT - 1, strict: false });

/** Reads a JSON body. None, or one that does not say it is JSON, counts as `{}`. */
@Injectable()
export class JsonBodyInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    await readJson(request, context.switchToHttp().getResponse<Response>());
    return next.handle();
  }
}

async function readJson(request: Request, response: Response): Promise<void> {
  if (Number(request.headers['content-length'] ?? 0) >= BODY_LIMIT) throw new LabError(413, 'Payload too large');
  await new Promise<void>((resolve, reject) => parse(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve())));
  request.body ??= {};
}
