import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express } from 'express';
import { contentPolicy } from '@drover/http';
import { serveStatic } from './static-place.js';

/** Styles and pictures of this server, and nothing else: the pages have no script. */
const POLICY = contentPolicy({ 'style-src': "'self'", 'img-src': "'self'" }, true);

/** Serves the documents of this version at /manual/: a machine without internet has them, too. Nobody has to log in. */
export function serveManual(app: NestExpressApplication): void {
  serveStatic(app.getHttpAdapter().getInstance() as unknown as Express, {
    path: '/manual',
    folder: 'site',
    mark: 'index.html',
    name: 'The manual',
    policy: POLICY,
    fileOf: (asked) => (asked === '' || asked.endsWith('/') ? `${asked}index.html` : asked),
  });
}
