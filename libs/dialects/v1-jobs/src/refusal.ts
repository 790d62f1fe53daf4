/** An answer of /v1 that is exactly this status and body. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: Record<string, unknown>,
    readonly headers: Record<string, string> = {},
  ) {
    super(typeof body['message'] === 'string' ? body['message'] : `status ${status}`);
  }
}

/** The error codes of the observability service. */
export type HpcErrorCode = 'invalid_request' | 'validation_error' | 'not_found' | 'conflict' | 'internal_error';

const STATUS: Record<HpcErrorCode, number> = {
  invalid_request: 400,
  validation_error: 400,
  not_found: 404,
  conflict: 409,
  internal_error: 500,
};

export function hpcRefusal(error: HpcErrorCode, message: string, more: Record<string, unknown> = {}): Refusal {
  return new Refusal(STATUS[error], { error, message, ...more });
}

/** A missing or bad login: the words of Flux, and the members every error has here. */
export function authRefusal(status: number, detail: string, headers: Record<string, string> = {}): Refusal {
  return new Refusal(
    status,
    { detail, error: status === 404 ? 'not_found' : 'invalid_request', message: detail },
    headers,
  );
}

/** FastAPI's form of a value of the wrong type. */
export function unprocessable(faults: { loc: string[]; msg: string; type: string }[]): Refusal {
  const message = faults.map((fault) => `${fault.loc.join('.')}: ${fault.msg}`).join('; ');
  return new Refusal(422, { detail: faults, error: 'invalid_request', message });
}
