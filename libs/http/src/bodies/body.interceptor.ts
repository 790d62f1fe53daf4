import { Injectable, type CallHandler, type ExecutionContext } from '@nestjs/common';
import express from 'express';
import type { Request, Response } from 'express';
import type { Observable } from 'rxjs';
import type { BeforeHandler } from '../early/before-handler.js';
import { BodyProblem } from './body-problem.js';
import { DEFAULT_BODY_BYTES, ruleOfRequest } from './body-rules.js';
import { readJsonBody } from './read-json.js';
import { checkLength, hasBody } from './receive.js';

const form = express.urlencoded({ limit: DEFAULT_BODY_BYTES, extended: false, inflate: false });

/**
 * Reads bodies where nothing else does. An interceptor runs when all guards of a route have said yes, those of dialects
 * included: who may not use a route sends nothing that is read, and a path of nobody has no body at all.
 */
@Injectable()
export class BodyInterceptor implements BeforeHandler {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    return this.before(context)?.then(() => next.handle()) ?? next.handle();
  }

  before(context: ExecutionContext): Promise<void> | undefined {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    if (!hasBody(request)) return undefined;
    const { reader, bytes } = ruleOfRequest(request);
    if (reader === 'stream' || reader === 'handler') return undefined;
    checkLength(request, bytes);
    return read(reader, request, http.getResponse<Response>());
  }
}

async function read(reader: 'json' | 'agent' | 'form', request: Request, response: Response): Promise<void> {
  const type = request.headers['content-type'] ?? '';
  if (reader === 'form') {
    await new Promise<void>((resolve, reject) =>
      form(request, response, (error?: unknown) => (error ? reject(error as Error) : resolve())),
    );
  } else if (isJson(type)) {
    request.body = await readJsonBody(request, ['gzip']);
  } else if (reader === 'json') {
    const given = type ? `, not ${type.slice(0, 100)}` : '';
    throw new BodyProblem(
      415,
      'unsupported_media_type',
      `The body must be JSON in UTF-8: send Content-Type: application/json${given}.`,
    );
  }
}

function isJson(type: string): boolean {
  if (type === 'application/json') return true;
  const [media = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (media !== 'application/json' && !/^application\/[a-z0-9.-]+\+json$/.test(media)) return false;
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' || charset === 'us-ascii';
}
