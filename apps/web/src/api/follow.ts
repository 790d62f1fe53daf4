import { createParser } from 'eventsource-parser';
import { onceHidden, shown } from '../lib/shown.js';
import { connection } from './connection.js';
import { Fault, faultOf } from './fault.js';

interface StreamEvent {
  id: string | undefined;
  event: string | undefined;
  data: string;
}

export interface FollowOptions {
  /** Goes on after this event. */
  after?: string;
  signal: AbortSignal;
  onEvent: (event: StreamEvent) => void;
  /** The stream is open, for the first time or again. */
  onOpen?: () => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
/** The server says something every 15 s. */
const SILENCE_MS = 40_000;

/**
 * Follows a stream of server-sent events until it has said all (204), or the signal ends it. A connection that breaks
 * is opened again after the last event that came: none is seen twice, and none is missed. While nobody sees the page it
 * is closed; where no event had come by then, everything is read anew when somebody does. Throws the `Fault` of a
 * refusal.
 */
export async function follow(path: string, { after, signal, onEvent, onOpen }: FollowOptions): Promise<void> {
  let last = after;
  let wait = FIRST_WAIT_MS;
  let hasMissed = false;
  while (!signal.aborted) {
    await shown(signal);
    const gone = new AbortController();
    let isHidden = false;
    const forget = onceHidden(() => {
      isHidden = true;
      gone.abort();
    });
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (last !== undefined) headers['last-event-id'] = last;
      const answer = await fetch(path, { headers, signal: AbortSignal.any([signal, gone.signal]), cache: 'no-store' });
      if (answer.status === 204) return;
      if (!answer.ok || answer.body === null)
        throw faultOf(answer.status, await answer.json().catch((): unknown => null));
      onOpen?.();
      if (hasMissed) connection.missed();
      hasMissed = false;
      wait = FIRST_WAIT_MS;
      await read(answer.body, gone, (event) => {
        if (event.id !== undefined) last = event.id;
        onEvent(event);
      });
    } catch (error) {
      if (signal.aborted) return;
      if (isHidden) {
        hasMissed = last === undefined;
        continue;
      }
      if (error instanceof Fault && !error.isAway && error.status !== 429) throw error;
      connection.lost(error instanceof Fault ? error.message : 'The API does not answer.');
    } finally {
      forget();
    }
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

async function read(
  body: ReadableStream<Uint8Array>,
  gone: AbortController,
  onEvent: (event: StreamEvent) => void,
): Promise<void> {
  const parser = createParser({ onEvent: ({ id, event, data }) => onEvent({ id, event, data }) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let silence = setTimeout(() => gone.abort(), SILENCE_MS);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(() => gone.abort(), SILENCE_MS);
      parser.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Waits; the return of the API or the signal ends it at once. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      forget();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const forget = connection.onReturn(done);
    signal.addEventListener('abort', done);
  });
}
