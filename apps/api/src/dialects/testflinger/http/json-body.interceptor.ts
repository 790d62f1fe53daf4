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

/** Deeper ones break whoever walks through them. */
const MAX_DEPTH = 200;

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
  if (isDeeper(request.body, MAX_DEPTH)) throw new LabError(400, 'Bad Request', { detail: { reason: `The body is nested more than ${MAX_DEPTH} levels deep.` } });
}

/** Level by level, without a call for each. */
function isDeeper(value: unknown, depth: number): boolean {
  let level = [value];
  for (let at = 0; at <= depth; at += 1) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : [])).filter((one) => typeof one === 'object' && one !== null);
    if (level.length === 0) return false;
  }
  return true;
}
