import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { bodyLimitOf } from '../native/body-limits.js';
import { jsonBody } from './json-body.js';

/** Largest JSON body of the other APIs. */
export const JSON_LIMIT = '32mb';
/** Paths whose bodies are streams: no parser touches them. */
const RAW = [/^\/agent\/v1\/executions\/[^/]+\/(logs|artifacts)\/?$/];

/** Adds a path whose handler reads the request itself (uploads). */
export function rawBody(pattern: RegExp): void {
  RAW.push(pattern);
}

/** JSON and forms, but for the raw paths. Dialects that take JSON under any content type parse in their own middleware. */
export function installBodyParsers(app: NestExpressApplication): void {
  const json = express.json({ limit: JSON_LIMIT });
  const native = jsonBody(bodyLimitOf);
  const form = express.urlencoded({ limit: '1mb', extended: false });
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (RAW.some((pattern) => pattern.test(request.path))) {
      next();
      return;
    }
    if (request.path.startsWith('/api/v1')) {
      native(request, response, next);
      return;
    }
    json(request, response, (error?: unknown) => {
      if (error) next(error);
      else form(request, response, next);
    });
  });
}
