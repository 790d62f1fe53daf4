import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { readJsonBody } from '../../../http/bodies/read-json.js';
import { hasBody } from '../../../http/bodies/receive.js';

const ENCODINGS = ['gzip', 'deflate', 'br'];

/** Reads a JSON body. None, or one that does not say it is JSON, counts as `{}`. */
@Injectable()
export class JsonBodyInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<Request>();
    request.body = (isJson(request) ? await readJsonBody(request, ENCODINGS) : undefined) ?? {};
    return next.handle();
  }
}

const isJson = (request: Request): boolean =>
  hasBody(request) && /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
