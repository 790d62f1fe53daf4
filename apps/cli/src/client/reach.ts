import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { terminal } from '../terminal/terminal.js';

const RETRY_MS = 250;
/** After this long without a connection whoever waits is told: with the start of this program that is within 2 s. */
const NO_CONNECTION_MS = 1_000;
const CONNECT_MS = 600;
const BUSY_MS = 500;
/** How long an API that is there may take, or say that it is busy (503). */
const PATIENCE_MS = 30_000;

/** Nobody listens where the API should be. */
export class ApiAway extends Error {
  constructor(origin: string, reason: string, cause?: unknown) {
    super(`The API at ${origin} does not answer (${reason}); set DROVER_API_URL, or start it with \`drover up\`.`, {
      cause,
    });
  }
}

/**
 * Sends a request. Where nobody answers it is tried again for a second (a restart of the API) and then given up. An API
 * that is there but busy is waited for, and the person is told so. What was answered is never sent again.
 */
export async function reach(request: Request): Promise<Response> {
  const began = Date.now();
  const since = (): number => Date.now() - began;
  const { origin } = new URL(request.url);
  let told = false;
  for (;;) {
    try {
      const answer = await answered(request.clone());
      if (answer.status !== 503 || since() > PATIENCE_MS) return answer;
      const detail = await detailOf(answer);
      if (!told && since() > NO_CONNECTION_MS) {
        told = true;
        await terminal.say(`the API at ${origin} is not ready (${detail}); trying for ${PATIENCE_MS / 1_000} s`);
      }
    } catch (error) {
      if (error instanceof ApiAway || request.signal.aborted) throw error;
      // Only a GET, or a submit with its key, may be repeated when it is not known whether it arrived.
      const repeatable =
        request.method === 'GET' || request.headers.has('idempotency-key') || codeOf(error) === 'ECONNREFUSED';
      const hopeless = codeOf(error) === 'ENOTFOUND';
      if (!repeatable || hopeless || since() > NO_CONNECTION_MS) throw new ApiAway(origin, reasonOf(error), error);
    }
    await sleep(RETRY_MS);
  }
}

/** Tries once. An API that keeps silent is asked for a connection: without one there is nothing to wait for. */
async function answered(request: Request): Promise<Response> {
  const stop = new AbortController();
  const { origin, hostname, port, protocol } = new URL(request.url);
  let done = false;
  let tell: NodeJS.Timeout | undefined;
  const look = setTimeout(() => {
    void canConnect(hostname.replace(/^\[|\]$/g, ''), Number(port || (protocol === 'https:' ? 443 : 80))).then(
      (reason) => {
        if (done) return;
        if (reason !== null) stop.abort(new ApiAway(origin, reason));
        else
          tell = setTimeout(
            () =>
              void terminal.say(
                `the API at ${origin} has not answered yet; waiting for up to ${PATIENCE_MS / 1_000} s`,
              ),
            BUSY_MS,
          );
      },
    );
  }, NO_CONNECTION_MS);
  // Until the answer begins: what follows, such as a log, may take as long as it likes.
  const late = setTimeout(
    () => stop.abort(new ApiAway(origin, `no answer within ${PATIENCE_MS / 1_000} s`)),
    PATIENCE_MS,
  );
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, stop.signal]) });
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    done = true;
    clearTimeout(look);
    clearTimeout(tell);
    clearTimeout(late);
  }
}

/** Null when something listens, else why not. */
function canConnect(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (reason: string | null): void => {
      socket.destroy();
      resolve(reason);
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no connection'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

async function detailOf(answer: Response): Promise<string> {
  const text = await answer.text().catch(() => '');
  try {
    const { detail } = JSON.parse(text) as { detail?: string };
    return detail ?? `it answers ${answer.status}`;
  } catch {
    return `it answers ${answer.status}`;
  }
}

const codeOf = (error: unknown): string | undefined => (error as { cause?: { code?: string } }).cause?.code;
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string };
  return cause?.code ?? (cause?.message || message);
};
