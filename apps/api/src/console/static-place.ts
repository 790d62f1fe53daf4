import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Express, NextFunction, Request, Response } from 'express';
import { isKnown, problem, StaticFiles } from '@drover/http';

/** A folder of built files, and the path below which it is served. */
export interface StaticPlace {
  /** Without a slash at its end, such as `/ui`. */
  path: string;
  /** The folder below `dist`; an API that runs from its sources finds it there, too. */
  folder: string;
  /** A file without which the folder counts as not built. */
  mark: string;
  /** The name of the place in a refusal, such as `The console`. */
  name: string;
  /** The Content-Security-Policy of its pages. */
  policy: string;
  /** The file that answers a path. Default: the path itself. */
  fileOf?: (asked: string, request: Request, files: StaticFiles) => string;
  /** How long a browser keeps a file. Default: it asks each time whether the file has changed. */
  cacheOf?: (name: string) => string;
}

const foldersOf = (folder: string): string[] =>
  [`../../../../dist/${folder}`, `../../../../${folder}`].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/** Serves the files of a place to GET and HEAD. Other methods get 405, missing files 404. */
export function serveStatic(server: Express, place: StaticPlace): void {
  const found = foldersOf(place.folder).find((folder) => existsSync(`${folder}/${place.mark}`));
  const files = new StaticFiles(found ?? '');
  server.use(place.path, (request: Request, response: Response, next: NextFunction) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(request, response);
    // Express has taken the place off the path. Relative addresses need the slash at its end.
    if (request.originalUrl.split('?', 1)[0] === place.path) return response.redirect(302, `${place.path}/`);
    send(place, files, request, response).catch(next);
  });
}

async function send(place: StaticPlace, files: StaticFiles, request: Request, response: Response): Promise<void> {
  const asked = request.path.slice(1);
  const name = place.fileOf?.(asked, request, files) ?? asked;
  const answer = files.answer(name, request.headers);
  if (answer === null) return missing(place, name, response);
  for (const [header, value] of Object.entries(answer.headers)) response.setHeader(header, value);
  response.setHeader('Cache-Control', place.cacheOf?.(name) ?? 'no-cache');
  if (name.endsWith('.html')) response.setHeader('Content-Security-Policy', place.policy);
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

function missing(place: StaticPlace, name: string, response: Response): void {
  const detail =
    name === 'index.html'
      ? `${place.name} is not built: run \`npm run build\`, and start the API again.`
      : `${place.name} has no file ${name.slice(0, 200)}.`;
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
