import type { Request } from 'express';
import { isBodyProblem, readJsonBody } from '@drover/http';
import { FastlaneProblem } from './problem.js';

/** The JSON value of a request's body, whatever its content type says; undefined when there is none. */
export async function jsonOf(request: Request): Promise<unknown> {
  try {
    return await readJsonBody(request);
  } catch (error) {
    if (!isBodyProblem(error)) throw error;
    if (error.code === 'malformed') return undefined;
    throw new FastlaneProblem(error.status, error.message, null);
  }
}
