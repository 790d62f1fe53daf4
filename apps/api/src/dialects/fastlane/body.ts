import type { Request } from 'express';
import { readBody } from '../../http/read-body.js';
import { FastlaneProblem } from './problem.js';

const MAX_BYTES = 8 * 1024 * 1024;

/** The JSON value of a request's body, whatever its content type says; undefined when there is none. */
export async function jsonOf(request: Request): Promise<unknown> {
  let body: Buffer;
  try {
    body = await readBody(request, MAX_BYTES);
  } catch (error) {
    throw new FastlaneProblem(413, `The body is larger than ${MAX_BYTES} bytes (${(error as Error).message}).`, null);
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
