import type { Request, Response } from 'express';
import { inBuffers, writeOut } from '@drover/http';
import { isRef } from '../core/ref.js';
import { badJobId, badJobIdText, LabError } from './lab-error.js';

/** Throws the refusal of an id that cannot be one. */
export function checkRef(ref: string, plain: 'json' | 'text' = 'json'): void {
  if (!isRef(ref)) throw plain === 'text' ? badJobIdText() : badJobId();
}

/** Refuses HEAD on reads that change something: Express gives HEAD to the handlers of GET, and drops what they answer. */
export function onlyGet(request: Request): void {
  if (request.method !== 'GET') throw new LabError(405, 'Method Not Allowed');
}

export function text(response: Response, body: string | Buffer, status = 200): void {
  response.status(status).type('text/plain').send(body);
}

/** RFC 3339 in whole seconds, as clients parse it. */
export const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** All values of a query parameter that may repeat. */
export function valuesOf(query: Request['query'], name: string): string[] {
  const value = query[name];
  return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
}

export const first = (query: Request['query'], name: string): string | undefined => valuesOf(query, name)[0];

/** Writes pieces as they come, no faster than the client takes them. Stops when the client is gone. */
export const stream = (response: Response, pieces: AsyncIterable<string>): Promise<void> =>
  writeOut(response, inBuffers(pieces), () => undefined);

/** Whatever a text may hold, Postgres cannot take a NUL or half a character in a name. */
export const nameable = (text: string): boolean =>
  text !== '' && text.length <= 1_000 && !text.includes('\u0000') && text.isWellFormed();
