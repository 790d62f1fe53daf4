import { reasonOf, UnreachableError } from './errors.js';
import { backoffMs, pause, retryAfterMs } from './pause.js';

/** Requests that say how something is to be: sent twice they do no more than once. */
const STATES = /\/(cancel|pin|unpin|pause|resume|drain|undrain)$/;
/** Failures that happen before a request is sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);
/** The code of a host that no name server knows: a slip of the pen rather than an outage (that is EAI_AGAIN). */
const UNKNOWN_HOST = 'ENOTFOUND';

/** How long a request is tried again, milliseconds. */
interface Patience {
  /** Where nobody answers. */
  readonly awayMs: number;
  /** Where the API is there and says that it cannot now (429, 503). */
  readonly busyMs: number;
}

export interface SendOptions extends Patience {
  /** Sends a request once. */
  send(request: Request): Promise<Response>;
  /** Whether a failure of `send` is final. Default: none is. */
  isFinal?(error: unknown): boolean;
  /** Called before it waits for an API that is busy. */
  onBusy?(answer: Response, sinceMs: number): Promise<void>;
}

/** Whether a request may be sent again although the API may have carried it out already. */
const isRepeatable = ({ method, headers, url }: Request): boolean =>
  method === 'GET' || method === 'HEAD' || headers.has('idempotency-key') || STATES.test(new URL(url).pathname);

/**
 * Sends a request, and again where that is safe: after no answer only what may be carried out twice, or what was never
 * sent (but not to a host that no name server knows); after 429, which says that nothing was done, everything; after
 * 503 what may be carried out twice. It waits as long as `Retry-After` says.
 *
 * @throws UnreachableError when nobody answers, and the reason of the request's signal
 */
export async function sendAgain(request: Request, options: SendOptions): Promise<Response> {
  const began = Date.now();
  for (let tries = 0; ; tries += 1) {
    let waitMs = backoffMs(tries);
    try {
      const answer = await options.send(request.clone());
      if (answer.status !== 429 && !(answer.status === 503 && isRepeatable(request))) return answer;
      const saidMs = retryAfterMs(answer);
      // A 429 without a time is a limit that waiting does not lift.
      if (answer.status === 429 && saidMs === null) return answer;
      waitMs += saidMs ?? 0;
      const sinceMs = Date.now() - began;
      if (sinceMs + waitMs > options.busyMs) return answer;
      await options.onBusy?.(answer, sinceMs);
      await answer.body?.cancel().catch(() => undefined);
    } catch (error) {
      request.signal.throwIfAborted();
      if (options.isFinal?.(error)) throw error;
      const code = (error as { cause?: { code?: string } }).cause?.code ?? '';
      const maySend = code !== UNKNOWN_HOST && (isRepeatable(request) || NEVER_SENT.has(code));
      if (!maySend || Date.now() - began + waitMs > options.awayMs)
        throw new UnreachableError(new URL(request.url).origin, reasonOf(error), error);
    }
    await pause(waitMs, request.signal);
  }
}
