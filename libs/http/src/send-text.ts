import type { ServerResponse } from 'node:http';

/** Sends a text in UTF-8, headers and body in one write. The headers are those that Express gives to a text. */
export function sendText(response: ServerResponse, type: string, text: string): void {
  response.setHeader('Content-Type', `${type}; charset=utf-8`);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
