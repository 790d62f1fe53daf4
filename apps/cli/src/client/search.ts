import { createParser } from 'eventsource-parser';
import { Coloured, terminal } from '../terminal/terminal.js';
import { Refused, withLogin, type Session } from './session.js';

/** Waits before a lost connection is tried again, milliseconds; so many times without news. */
const RETRY_MS = 1_000;
const TRIES = 30;

export interface SearchOptions {
  jobId: string;
  /** A regular expression, or with `fixed` a text. */
  pattern: string;
  fixed: boolean;
  ignoreCase: boolean;
  before: number;
  after: number;
  follow: boolean;
  stream?: 'stdout' | 'stderr';
}

interface FoundLine {
  number: number;
  text: string;
  skipped: number;
  cut: boolean;
  ranges: [number, number][];
}

interface Progress {
  last: string | undefined;
  shown: number;
  hits: number;
  reason: string | null;
}

/**
 * Searches a job's log on the server, and writes lines as grep does: `120:` before the text of a hit, `121-` before a
 * line around it. It goes on over lost connections and over the server's limit of time. Gives the number of hits.
 */
export async function searchLog(session: Session, options: SearchOptions): Promise<number> {
  const progress: Progress = { last: undefined, shown: 0, hits: 0, reason: null };
  for (let tried = 0; ;) {
    const before = progress.last;
    await once(session, options, progress).catch((error: unknown) => {
      if (error instanceof Refused || tried >= TRIES) throw error;
    });
    if (terminal.isGone('stdout')) return progress.hits;
    if (progress.reason === 'end') return progress.hits;
    // So many hits at a time, and so much time: the next search goes on after them.
    if (progress.reason !== null) {
      progress.reason = null;
      continue;
    }
    tried = progress.last === before ? tried + 1 : 0;
    if (tried > TRIES) throw new Error('The search was broken off again and again; try later.');
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

async function once(session: Session, options: SearchOptions, progress: Progress): Promise<void> {
  const answer = await withLogin(session.credentials, requestOf(session, options, progress));
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429)
    throw new Refused(answer.status, await detailOf(answer));
  if (!answer.ok || !answer.body) throw new Error(await detailOf(answer));
  const events: { id: string | undefined; event: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: ({ id, event, data }) => void events.push({ id, event, data }) });
  const decoder = new TextDecoder();
  for await (const part of answer.body) {
    parser.feed(decoder.decode(part as Uint8Array, { stream: true }));
    for (let item = events.shift(); item; item = events.shift()) {
      const data = JSON.parse(item.data) as FoundLine & { reason?: string };
      if (item.event === 'hit' || item.event === 'context') await show(data, item.event, options, progress);
      if (item.event === 'damaged') await terminal.say('A piece of the log is damaged, and was not searched.');
      if (item.event === 'end') progress.reason = data.reason ?? 'end';
      if (item.event === 'hit') progress.hits += 1;
      progress.last = item.id ?? progress.last;
    }
    if (terminal.isGone('stdout')) return;
  }
}

function requestOf(session: Session, options: SearchOptions, { last }: Progress): Request {
  const url = new URL(`${session.url}/api/v1/jobs/${encodeURIComponent(options.jobId)}/logs/search`);
  const query = {
    [options.fixed ? 'q' : 'regex']: options.pattern,
    ignore_case: options.ignoreCase,
    before: options.before,
    after: options.after,
    follow: options.follow,
    limit: 10_000,
    ...(options.stream === undefined ? {} : { stream: options.stream }),
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return new Request(url, {
    headers: { accept: 'text/event-stream', ...(last === undefined ? {} : { 'last-event-id': last }) },
  });
}

async function show(
  line: FoundLine,
  kind: 'hit' | 'context',
  { before, after }: SearchOptions,
  progress: Progress,
): Promise<void> {
  if (before + after > 0 && progress.shown > 0 && line.number > progress.shown + 1) await terminal.line('--');
  progress.shown = line.number;
  const pieces: (string | Coloured)[] = [`${line.number}${kind === 'hit' ? ':' : '-'}${line.skipped > 0 ? '…' : ''}`];
  let at = 0;
  for (const [from, to] of line.ranges) {
    pieces.push(line.text.slice(at, from), new Coloured(line.text.slice(from, to), 'red'));
    at = to;
  }
  await terminal.line(...pieces, line.text.slice(at), line.cut ? '…' : '');
}

async function detailOf(answer: Response): Promise<string> {
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
  return problem.detail ?? `The API answered ${answer.status}.`;
}
