import type { Response } from 'express';

/** Only our own style, no scripts, no frames. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'";

export function sendPage(response: Response, text: string): void {
  response.status(200).type('text/html; charset=utf-8').setHeader('Content-Security-Policy', POLICY);
  response.setHeader('Vary', 'Accept');
  response.end(text);
}
