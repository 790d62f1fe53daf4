import { STATUS_CODES } from 'node:http';
import { DroverError, type ErrorCode, type FieldFault } from '@drover/domain';

/** RFC 9457. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  errors?: FieldFault[];
  [extension: string]: unknown;
}

const STATUS_OF: Record<ErrorCode, number> = {
  invalid: 422,
  not_found: 404,
  conflict: 409,
  terminal: 409,
  stale: 409,
  gap: 416,
  gone: 410,
  idempotency_mismatch: 422,
  unauthenticated: 401,
  forbidden: 403,
  too_large: 413,
  rate_limited: 429,
  quota: 507,
  unavailable: 503,
  timeout: 504,
};

export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}): Problem {
  return { type: `urn:drover:problem:${code}`, title: STATUS_CODES[status] ?? 'Error', status, detail, code, ...more };
}

export function problemOf(error: DroverError): Problem {
  // The cause is for the log: it names our inside.
  const { faults, cause: _cause, ...details } = error.details;
  return problem(STATUS_OF[error.code], error.code, error.message, {
    ...details,
    ...(faults ? { errors: faults } : {}),
  });
}

/** A body every dialect's client can read, for paths that belong to nobody. */
export function nobodysPath(method: string, path: string): Problem {
  const message = `There is nothing at ${method} ${path}.`;
  return { ...problem(404, 'not_found', 'Not Found'), error: 'not_found', message, operation: 'route' };
}
