import type { Server } from 'node:http';

/** Lab agents and command lines come back on the same connection every 10 s, balancers after up to a minute: they must not meet one that is just being closed. */
const KEEP_ALIVE_MS = 65_000;
/** Node asks that the headers of a request get at least as long as the pause before it. */
const HEADERS_MS = KEEP_ALIVE_MS + 1_000;
/** A whole request. Node's own five minutes would cut an archive of a few gigabytes on a lab's line; an upload that stands still is ended by its receiver. */
const REQUEST_MS = 12 * 3_600_000;

/** How long connections and requests may take. */
export function setTimeouts(server: Server): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
}
