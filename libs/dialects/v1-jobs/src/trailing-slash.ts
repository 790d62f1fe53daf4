import type { NextFunction, Request, Response } from 'express';

const OURS =
  /^(\/v1\/(jobs|nodes|token|login|service|events|health)(\/.*)?|\/jobs(\/submit)?|\/page\/about|\/logout)\/$/;

/** 307 to the path without its slash, as Flux's server does: method and body stay. */
export function withoutTrailingSlash(request: Request, response: Response, next: NextFunction): void {
  const [path = '', query] = request.originalUrl.split('?', 2);
  if (!OURS.test(path)) {
    next();
    return;
  }
  response.redirect(307, path.replace(/\/+$/, '') + (query === undefined ? '' : `?${query}`));
}
