import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Express, NextFunction, Request, Response } from 'express';
import { contentPolicy, isKnown, problem, StaticFiles, wantsPage } from '@drover/http';

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

/** The built console lies beside the built API; an API that runs from its sources finds it in `dist`. */
const FOLDERS = ['../../../../dist/apps/web', '../../../web'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/**
 * Serves the console at /ui/, and leads browsers there that ask for `/`. All other clients of `/` get what they got: a
 * dialect's answer, or 404.
 */
export function serveConsole(app: NestExpressApplication): void {
  const server = app.getHttpAdapter().getInstance() as unknown as Express;
  const files = new StaticFiles(FOLDERS.find((folder) => existsSync(`${folder}/assets`)) ?? '');
  server.get('/', (request: Request, response: Response, next: NextFunction) => {
    if (!wantsPage(request)) return next();
    response.setHeader('Vary', 'Accept');
    response.setHeader('Cache-Control', 'no-store');
    response.redirect(302, `${PLACE}/`);
  });
  server.use(PLACE, (request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(request, response);
    // Express has taken the place off the path. Relative addresses need the slash at its end.
    if (request.originalUrl.split('?', 1)[0] === PLACE) return response.redirect(302, `${PLACE}/`);
    send(files, request, response).catch(next);
  });
}

async function send(files: StaticFiles, request: Request, response: Response): Promise<void> {
  const asked = request.path.slice(1);
  // A screen has an address of its own, and the page shows it. A file that is missing stays missing.
  const isScreen = !HASHED.test(asked) && (!asked.includes('.') || wantsPage(request));
  const name = files.has(asked) || !isScreen ? asked : PAGE;
  const answer = files.answer(name, request.headers);
  if (answer === null) return missing(name, response);
  for (const [header, value] of Object.entries(answer.headers)) response.setHeader(header, value);
  response.setHeader('Cache-Control', HASHED.test(name) ? FOR_EVER : 'no-cache');
  if (name.endsWith('.html')) response.setHeader('Content-Security-Policy', POLICY);
  if (isKnown(request.headers, String(answer.headers['ETag']))) {
    response.status(304).end();
    return;
  }
  const bytes = await answer.body();
  response.setHeader('Content-Length', bytes.length);
  response.status(200);
  if (request.method === 'HEAD') response.end();
  else response.end(bytes);
}

function missing(name: string, response: Response): void {
  const detail =
    name === PAGE
      ? 'The console is not built: run `npm run build`, and start the API again.'
      : `The console has no file ${name.slice(0, 200)}.`;
  response
    .status(404)
    .type('application/problem+json')
    .send(JSON.stringify(problem(404, 'not_found', detail)));
}

function refuse(request: Request, response: Response): void {
  response.setHeader('Allow', 'GET, HEAD');
  const detail = `${request.method} is not possible here; use GET or HEAD.`;
  response
    .status(405)
    .type('application/problem+json')
    .send(JSON.stringify(problem(405, 'method_not_allowed', detail)));
}
