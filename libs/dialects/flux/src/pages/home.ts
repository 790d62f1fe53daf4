import type { NextFunction, Request, Response } from 'express';
import { sendPage, wantsPage } from '@drover/http';
import { home } from './pages.js';

/** `/` is a page to a browser; to every other client it stays what another dialect made of it (a health check). */
export function homeForBrowsers(request: Request, response: Response, next: NextFunction): void {
  const browser = request.path === '/' && wantsPage(request);
  if (!browser) return next();
  response.setHeader('Vary', 'Accept');
  sendPage(response, home());
}
