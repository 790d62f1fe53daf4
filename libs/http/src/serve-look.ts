import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';
import { isKnown, StaticFiles } from './static-files.js';

/** The path below which the look of pages is. It is open to all: there is nothing in it but colours and sizes. */
const PLACE = '/look';

/** The style sheet of every page that the server makes and of the pages of dialects. */
export const LOOK = `${PLACE}/pages.css`;

/** Serves the style sheet that all pages share. */
export function serveLook(app: NestExpressApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as Express;
  const files = new StaticFiles(fileURLToPath(new URL('./look', import.meta.url)));
  server.use(PLACE, (request: Request, response: Response, next: NextFunction) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const answer = isRead ? files.answer(request.path.slice(1), request.headers) : null;
    if (answer === null) return next();
    for (const [header, value] of Object.entries(answer.headers)) response.setHeader(header, value);
    response.setHeader('Cache-Control', 'no-cache');
    if (isKnown(request.headers, String(answer.headers['ETag']))) {
      response.status(304).end();
      return;
    }
    answer.body().then((bytes) => response.status(200).end(request.method === 'HEAD' ? undefined : bytes), next);
  });
}
