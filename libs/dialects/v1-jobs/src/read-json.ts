import type { Request } from 'express';
import { isBodyProblem, readJsonBody } from '@drover/http';
import { hpcRefusal } from './refusal.js';

/**
 * The JSON body, whatever its content type says (or does not say), on GET as well; undefined when there is none.
 *
 * @throws Refusal 400 `invalid_request` when it is no JSON
 */
export async function readJson(request: Request): Promise<unknown> {
  try {
    return await readJsonBody(request);
  } catch (error) {
    throw isBodyProblem(error) && error.code === 'malformed'
      ? hpcRefusal('invalid_request', 'Invalid JSON body')
      : error;
  }
}
