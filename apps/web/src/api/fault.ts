import type { Problem } from '@drover/client';

/** A refusal of the API in its own words, or the news that it does not answer. */
export class Fault extends Error {
  constructor(
    message: string,
    /** 0: there was no answer. */
    readonly status: number,
    readonly code: string,
    readonly fields: readonly { field: string; message: string }[] = [],
  ) {
    super(message);
  }

  /** The API, or what it needs, is away: the same request may work in a moment. */
  get isAway(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** The problem of an answer as a fault; an answer that is none of the API's is told by its status. */
export function faultOf(status: number, body: unknown): Fault {
  const { detail, code, errors } = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  return new Fault(
    typeof detail === 'string' ? detail : `The server answered ${status} without a reason.`,
    status,
    typeof code === 'string' ? code : 'unknown',
    Array.isArray(errors) ? (errors as { field: string; message: string }[]) : [],
  );
}

/** Any thrown thing as a sentence. */
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
