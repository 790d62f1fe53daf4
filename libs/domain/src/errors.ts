/** One fault of one field, as the door reports it. */
export interface FieldFault {
  /** Path in the body or query, e.g. `retry.max`. */
  field: string;
  /** One sentence: the fault of the value, and the value that would be right. */
  message: string;
  value?: unknown;
}

export type ErrorCode =
  | 'invalid'
  | 'not_found'
  | 'conflict'
  | 'terminal'
  | 'stale'
  | 'gap'
  | 'gone'
  | 'idempotency_mismatch'
  | 'unauthenticated'
  | 'forbidden'
  | 'too_large'
  /** Too many at once; `details.retry_after_s` says when to come again. */
  | 'rate_limited'
  /** More than the project may keep. */
  | 'quota'
  | 'unavailable'
  | 'timeout';

/** Every refusal of the core. Dialects map `code` to their own status and body; libs never know HTTP. */
export class DroverError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Record<string, unknown> & { faults?: FieldFault[] } = {},
  ) {
    super(message);
    this.name = 'DroverError';
  }
}

export const invalid = (faults: FieldFault[]): DroverError =>
  new DroverError('invalid', faults.map((f) => `${f.field}: ${f.message}`).join('; '), { faults });

export const jobNotFound = (id: string): DroverError =>
  new DroverError('not_found', `There is no job ${id}.`, { job_id: id });

export const jobTerminal = (id: string, state: string): DroverError =>
  new DroverError('terminal', `Job ${id} has already ended as ${state}.`, { job_id: id, state });

/** The sender's execution is no longer the one that counts; it ends its process tree. */
export const stale = (executionId: string, epoch: number): DroverError =>
  new DroverError('stale', `Execution ${executionId} (epoch ${epoch}) no longer holds its job; end its processes.`, {
    execution_id: executionId,
    epoch,
  });

export function isDroverError(error: unknown, code?: ErrorCode): error is DroverError {
  return error instanceof DroverError && (code === undefined || error.code === code);
}
