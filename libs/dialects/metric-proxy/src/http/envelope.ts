import type { Response } from 'express';

/** The answer of every action and every error. */
interface Envelope {
  operation: string;
  success: boolean;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export function sendJson(response: Response, text: string | Buffer, status = 200): void {
  sendText(response, text, JSON_TYPE, status);
}

export function sendText(response: Response, text: string | Buffer, type: string, status = 200): void {
  const body = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': body.length, 'Cache-Control': 'no-store' });
  // Node leaves the body of an answer to HEAD out by itself.
  response.end(body);
}

/** 200 with `true`, 400 with `false`. */
export function sendEnvelope(
  response: Response,
  operation: string,
  success: boolean,
  status = success ? 200 : 400,
): void {
  sendJson(response, JSON.stringify({ operation: operation.toWellFormed(), success } satisfies Envelope), status);
}
