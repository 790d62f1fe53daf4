import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';
import { contentPolicy, wantsPage } from '@drover/http';
import { serveStatic } from './static-place.js';

/** The path below which the console is. */
const PLACE = '/ui';
const PAGE = 'index.html';
/** Names of these files hold a hash of what is in them: a browser keeps them for ever. */
const HASHED = /^assets\//;
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * Files of this server, and nothing else: no inline script, no foreign host, no frame. Scripts that make markup of text
 * are refused by the browser.
 */
const POLICY = contentPolicy(
  { 'script-src': "'self'", 'style-src': "'self'", 'img-src': "'self'", 'connect-src': "'self'" },
  true,
);

/**
 * Serves the console at /ui/, and leads browsers there that ask for `/`. All other clients of `/` get what they got: a
 * dialect's answer, or 404.
 */
export function serveConsole(app: NestExpressApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as Express;
  server.get('/', (request: Request, response: Response, next: NextFunction) => {
    if (!wantsPage(request)) return next();
    response.setHeader('Vary', 'Accept');
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(302, `${PLACE}/`);
  });
  serveStatic(server, {
    path: PLACE,
    folder: 'apps/web',
    mark: 'assets',
    name: 'The console',
    policy: POLICY,
    // A screen has an address of its own, and the page shows it. A file that is missing stays missing.
    fileOf: (asked, request, files) => {
      const isScreen = !HASHED.test(asked) && (!asked.includes('.') || wantsPage(request));
      return files.has(asked) || !isScreen ? asked : PAGE;
    },
    cacheOf: (name) => (HASHED.test(name) ? FOR_EVER : 'no-cache'),
  });
}
