import { problem, type Problem } from '../problem.js';

/** A refusal of a body; has the shape Express's error handling knows. */
export class BodyProblem extends Error {
  readonly expose = true;
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
  toProblem(): Problem {
    return problem(this.status, this.code, this.message);
  }
}

export function isBodyProblem(error: unknown): error is BodyProblem {
  return error instanceof BodyProblem;
}

/** No JSON at all. */
export const malformed = (message: string): BodyProblem => new BodyProblem(400, 'malformed', message);

/** More in a body than anybody should have to parse. */
export const tooComplex = (message: string): BodyProblem => new BodyProblem(400, 'too_complex', message);

export const tooLarge = (bytes: number): BodyProblem =>
  new BodyProblem(
    413,
    'too_large',
    `The body is larger than the ${bytes} bytes this route takes; see GET /api/v1/limits.`,
  );
