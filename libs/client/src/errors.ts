import type { components } from './api.generated.js';

type Problem = components['schemas']['ProblemDto'];
type FieldFault = components['schemas']['FieldFaultDto'];

/** A body of a refusal longer than this says nothing more: characters. */
const LONGEST_DETAIL = 2_000;

/** Everything that this client throws, but for the reason of a signal that was aborted. */
export class DroverError extends Error {
  constructor(
    message: string,
    /** How it can be mended, as a sentence. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The API has refused a request. */
export class ApiError extends DroverError {
  /** The path of the first field that is at fault, e.g. `retry.max`; null: the refusal is about no field. */
  readonly field: string | null;

  constructor(
    /** The status of HTTP. */
    readonly status: number,
    /** One word for programs, e.g. `invalid`, `not_found`, `rate_limited`. */
    readonly code: string,
    /** The cause and its remedy, as the API says them. */
    readonly detail: string,
    /** Every field that is at fault, with the value that would be right. */
    readonly faults: readonly FieldFault[],
    /** The id under which the API has logged the request; null: the answer is not Drover's. */
    readonly requestId: string | null,
  ) {
    const [first] = faults;
    super(
      first ? `The API refused it:${faults.map(({ field, message }) => `\n  ${field}: ${message}`).join('')}` : detail,
      first ? `${first.field}: ${first.message}` : detail,
    );
    this.field = first?.field ?? null;
  }
}

/** Nobody answers at the address of the API. */
export class UnreachableError extends DroverError {
  constructor(origin: string, reason: string, cause?: unknown) {
    const remedy = 'set DROVER_API_URL, or start it with `drover up`.';
    super(`The API at ${origin} does not answer (${reason}); ${remedy}`, remedy, { cause });
  }
}

/** The time to wait for a job is over. The job goes on. */
export class WaitTimeoutError extends DroverError {
  constructor(
    readonly jobId: string,
    timeoutMs: number,
  ) {
    super(`Job ${jobId} has not ended within ${timeoutMs} ms; it goes on.`, 'Wait longer, or cancel the job.');
  }
}

/** The refusal that an answer is, of which the body was read as JSON or text. */
function apiErrorOf({ status, headers }: Response, body: unknown): ApiError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>;
  const { code = `http_${status}`, detail = `The API answered ${status}.`, errors } = problem;
  const said = typeof detail === 'string' ? detail.slice(0, LONGEST_DETAIL) : JSON.stringify(detail);
  return new ApiError(status, code, said, Array.isArray(errors) ? errors : [], headers.get('x-request-id'));
}

/** The same, of an answer whose body was not read. */
export async function readApiError(answer: Response): Promise<ApiError> {
  const text = await answer.text().catch(() => '');
  try {
    return apiErrorOf(answer, JSON.parse(text));
  } catch {
    return apiErrorOf(answer, null);
  }
}

/** The data of an answer. @throws ApiError for a refusal */
export function dataOf<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.error === undefined && answer.response.ok) return answer.data as T;
  throw apiErrorOf(answer.response, answer.error);
}

/** The reason why a request got no answer, in few words: the code of the system where there is one. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message?: string };
  return cause?.code ?? (cause?.message || message || String(error));
}
