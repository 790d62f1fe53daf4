import { ApiError, DroverError, readApiError } from './errors.js';
import { withIdleLimit } from './once.js';
import { backoffMs, pause, retryAfterMs } from './pause.js';
import { readEvents, type ServerEvent } from './server-sent-events.js';

/** How long the API may be away in the middle of a stream: five minutes. */
const PATIENCE_MS = 300_000;
/** The API sends something at least each 15 s; a connection silent for longer is dead. */
const SILENT_MS = 45_000;

/** The way to an API: its address without a slash at the end, and a function that sends with the login. */
export interface Transport {
  readonly url: string;
  send(request: Request): Promise<Response>;
}

export interface FollowOptions {
  signal: AbortSignal;
  /** The id of the event after which it begins. Absent: at the beginning. */
  lastId?: string;
  /** Values of the query. Those under `first` are sent only while no event was seen. */
  query?: Record<string, string | number | boolean | undefined>;
  first?: Record<string, string | number | undefined>;
  /** How long the API may be away before it is given up, milliseconds. Default five minutes. */
  patienceMs?: number;
  /** The connection was lost and is tried again. */
  onLost?: () => void | Promise<void>;
}

/**
 * Follows a stream of events over lost connections and restarts of the API. An event counts as seen when the next one
 * is asked for, so none is lost or doubled. It ends when the API says that nothing will come any more (204); else the
 * reader leaves it.
 *
 * @throws ApiError for a refusal, DroverError when the API is away for too long, and the reason of the signal
 */
export async function* followEvents(
  transport: Transport,
  path: string,
  { signal, query, first, onLost, patienceMs = PATIENCE_MS, ...options }: FollowOptions,
): AsyncGenerator<ServerEvent, void, undefined> {
  let { lastId } = options;
  let reached = false;
  let awaySince: number | null = null;
  for (let tries = 0; ; tries += 1) {
    let saidMs: number | null = null;
    try {
      const url = urlOf(transport.url, path, { ...query, ...(lastId === undefined ? first : {}) });
      const headers = { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
      const request = new Request(url, { headers, signal });
      const answer = await transport.send(request);
      if (answer.status === 204) return;
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) throw await readApiError(answer);
      saidMs = retryAfterMs(answer);
      if (answer.ok && answer.body) {
        reached = true;
        awaySince = null;
        for await (const event of readEvents(withIdleLimit(answer.body, SILENT_MS), signal)) {
          if (event.event !== 'trouble') tries = 0;
          yield event;
          lastId = event.id ?? lastId;
        }
      } else await answer.body?.cancel();
    } catch (error) {
      signal.throwIfAborted();
      // Nobody is there at all: that is said at once. An API that was there comes back.
      if (error instanceof ApiError || !reached) throw error;
    }
    signal.throwIfAborted();
    awaySince ??= Date.now();
    if (Date.now() - awaySince > patienceMs)
      throw new DroverError(
        `The API at ${transport.url} has been away for ${Math.round(patienceMs / 60_000)} minutes.`,
        'What runs there goes on; follow it again when the API is back.',
      );
    await onLost?.();
    await pause(backoffMs(tries) + (saidMs ?? 0), signal);
  }
}

/** The address of a path of the API with a query; undefined values are left out. */
export function urlOf(base: string, path: string, query: FollowOptions['query'] = {}): URL {
  const url = new URL(base + path);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}
