import { createParser } from 'eventsource-parser';
import type { Job } from '@drover/client';
import { ApiAway } from './reach.js';
import { Refused, withLogin, type Session } from './session.js';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 2_000;
/** How long the API may be away before we give up; the job goes on without us. */
const PATIENCE_MS = 300_000;
/** The API sends something at least each 15 s; a connection silent for longer is dead. */
const SILENT_MS = 45_000;

interface LogPiece {
  stream: 'stdout' | 'stderr';
  bytes: Buffer;
}

export interface FollowOptions {
  jobId: string;
  stream?: 'stdout' | 'stderr';
  tail?: number;
  signal: AbortSignal;
  /** Resolves when the bytes are taken. */
  onPiece(piece: LogPiece): Promise<void>;
  /** The connection was lost and is tried again. */
  onLost?(): void;
}

/**
 * Follows a job's output to its end, over restarts of the API: each event has an id to go on after, so no byte is lost
 * or doubled. Null: the job was deleted, or the signal.
 */
export async function followJob(session: Session, options: FollowOptions): Promise<Job | null> {
  let lastId: string | undefined;
  let wait = FIRST_WAIT_MS;
  let awaySince: number | null = null;
  let reached = false;
  const { signal } = options;
  while (!signal.aborted) {
    try {
      const end = await once(session, options, lastId, (id) => {
        lastId = id ?? lastId;
        wait = FIRST_WAIT_MS;
        awaySince = null;
        reached = true;
      });
      if (end) return end.job;
    } catch (error) {
      if (signal.aborted) return null;
      if (error instanceof Refused) throw error;
      // Nobody is there at all: say so at once. An API that was there comes back.
      if (error instanceof ApiAway && !reached) throw error;
    }
    if (signal.aborted) return null;
    awaySince ??= Date.now();
    if (Date.now() - awaySince > PATIENCE_MS)
      throw new Error(
        `The API has been away for ${PATIENCE_MS / 60_000} minutes. The job goes on: drover logs -f ${options.jobId}`,
      );
    options.onLost?.();
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  }
  return null;
}

interface Received {
  id: string | undefined;
  event: string | undefined;
  data: string;
}

async function once(
  session: Session,
  options: FollowOptions,
  lastId: string | undefined,
  seen: (id?: string) => void,
): Promise<{ job: Job | null } | null> {
  const url = new URL(`${session.url}/api/v1/jobs/${encodeURIComponent(options.jobId)}/logs`);
  url.searchParams.set('follow', 'true');
  if (options.stream) url.searchParams.set('stream', options.stream);
  if (options.tail !== undefined && lastId === undefined) url.searchParams.set('tail', String(options.tail));
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENT_MS);
  try {
    const request = new Request(url, {
      headers: { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
      signal: AbortSignal.any([options.signal, silence.signal]),
    });
    const answer = await withLogin(session.credentials, request);
    if (answer.status >= 400 && answer.status < 500) throw new Refused(answer.status, await detailOf(answer));
    // 204: the end was seen before the connection broke.
    if (answer.status === 204) return { job: await jobOf(session, options.jobId) };
    if (!answer.ok || !answer.body) throw new Error(`The API answered ${answer.status}.`);
    seen(lastId);
    const received: Received[] = [];
    const parser = createParser({ onEvent: ({ id, event, data }) => void received.push({ id, event, data }) });
    const decoder = new TextDecoder();
    for await (const part of answer.body) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENT_MS);
      parser.feed(decoder.decode(part as Uint8Array, { stream: true }));
      for (let item = received.shift(); item; item = received.shift()) {
        const data = JSON.parse(item.data) as {
          stream: 'stdout' | 'stderr';
          text?: string;
          base64?: string;
          job?: Job | null;
        };
        if (item.event === 'log')
          await options.onPiece({
            stream: data.stream,
            bytes: data.text === undefined ? Buffer.from(data.base64 ?? '', 'base64') : Buffer.from(data.text),
          });
        // Only after the bytes are out: what was not written is asked for again.
        seen(item.id);
        if (item.event === 'end') return { job: data.job ?? null };
      }
    }
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function jobOf(session: Session, id: string): Promise<Job | null> {
  const { data } = await session.api.GET('/api/v1/jobs/{id}', { params: { path: { id } } });
  return data ?? null;
}

async function detailOf(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
  return problem.detail ?? `The API answered ${answer.status}.`;
}
