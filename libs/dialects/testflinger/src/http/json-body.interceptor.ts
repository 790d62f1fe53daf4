import { type CallHandler, type ExecutionContext, type NestInterceptor, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { readJsonBody, hasBody } from '@drover/http';

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
