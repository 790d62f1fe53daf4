import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Lab agents and command lines come back on the same connection every 10 s, balancers after up to a minute: they must
 * not meet one that is just being closed.
 */
const KEEP_ALIVE_MS = 65_000;
/** Node asks that the headers of a request get at least as long as the pause before it. */
const HEADERS_MS = KEEP_ALIVE_MS + 1_000;
/** A whole request. Node's own five minutes would cut an archive of a few gigabytes on a lab's line. */
const REQUEST_MS = 12 * 3_600_000;
/** A body of which nothing came for so long has broken off. */
const STALLED_MS = 120_000;

/**
 * How long, and up to how many bytes, the rest of a body is still taken after its answer: a client that is told 413
 * before it has sent all must be able to read that.
 */
const LINGER_MS = 10_000;
const LINGER_BYTES = 64 * 1024 * 1024;
const LINGER_LOOK_MS = 250;

/** How long connections and requests may take. After everything that listens to requests was added. */
export function setTimeouts(server: Server, stalledMs = STALLED_MS): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
    endIfStalled(request, response, stalledMs),
  );
}

/**
 * The time of a whole request is long, so the pauses within its body are held short. What waits for an answer is not
 * meant.
 */
function endIfStalled(request: IncomingMessage, response: ServerResponse, stalledMs: number): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return;
  request.setTimeout(stalledMs, () => request.destroy());
  response.once('finish', () => {
    if (!request.complete) endUnread(request);
  });
  request.once('end', () => {
    // After the answer the pause between two requests counts, and Node has set it.
    if (!response.writableFinished) request.setTimeout(0);
  });
}

/** Ends a connection on which a body goes on and on behind its answer. Node reads and drops it meanwhile. */
function endUnread(request: IncomingMessage): void {
  const { socket } = request;
  const until = performance.now() + LINGER_MS;
  const most = socket.bytesRead + LINGER_BYTES;
  const look = setInterval(() => {
    const over = socket.bytesRead > most || performance.now() > until;
    if (over && !request.complete) socket.destroy();
    if (over || request.complete || socket.destroyed) clearInterval(look);
  }, LINGER_LOOK_MS);
  look.unref();
}
