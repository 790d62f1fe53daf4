import type { Request, Response } from 'express';
import { sendEnvelope } from './envelope.js';

/** Segments of a path; doubled inner slashes count as one. */
export const segmentsOf = (request: Request): string[] => request.path.split('/').filter((part) => part !== '');

/** Answers 405 to anything but GET and HEAD; false: it is answered. */
export function readOnly(request: Request, response: Response): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  response.setHeader('Allow', 'GET, HEAD');
  sendEnvelope(response, `${request.method} is not possible here`, false, 405);
  return false;
}
