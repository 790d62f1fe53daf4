import { connect } from 'node:net';
import { readApiError, sendAgain, UnreachableError } from '@drover/client';
import { tlsRemedy } from '@drover/trust';
import { EXIT, ExitError } from '../exit.js';
import { terminal } from '../terminal/terminal.js';

/** After this long without a connection whoever waits is told: with the start of this program that is within 2 s. */
const NO_CONNECTION_MS = 1_000;
const CONNECT_MS = 600;
const BUSY_MS = 500;
/** How long an API that is there may take, or say that it is busy (503). */
const PATIENCE_MS = 30_000;

/**
 * Sends a request. Where nobody answers it is tried again for a second (a restart of the API) and then given up. An API
 * that is there but busy is waited for, and the person is told so.
 *
 * @throws UnreachableError, and ExitError where certificates are in the way
 */
export function reach(request: Request): Promise<Response> {
  const { origin } = new URL(request.url);
  let told = false;
  return sendAgain(request, {
    awayMs: NO_CONNECTION_MS,
    busyMs: PATIENCE_MS,
    send: answered,
    isFinal: (error) => error instanceof UnreachableError || error instanceof ExitError,
    onBusy: async (answer, sinceMs) => {
      if (told || sinceMs <= NO_CONNECTION_MS) return;
      told = true;
      const { detail } = await readApiError(answer);
      await terminal.say(`the API at ${origin} is not ready (${detail}); trying for ${PATIENCE_MS / 1_000} s`);
    },
  });
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
        if (reason !== null) stop.abort(new UnreachableError(origin, reason));
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
    () => stop.abort(new UnreachableError(origin, `no answer within ${PATIENCE_MS / 1_000} s`)),
    PATIENCE_MS,
  );
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, stop.signal]) });
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    // Trying again does not mend a certificate.
    const remedy = tlsRemedy(error);
    if (remedy !== null) throw new ExitError(EXIT.failed, `The API at ${origin} cannot be asked: ${remedy}.`);
    throw error;
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
