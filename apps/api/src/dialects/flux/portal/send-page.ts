import type { Response } from 'express';

/** Only our own style, no scripts, no frames. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

export function sendPage(response: Response, text: string, status = 200): void {
  response.status(status).type('text/html; charset=utf-8').setHeader('Content-Security-Policy', POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Vary', 'Accept');
  response.end(text);
}
