import { followEvents } from '@drover/client';
import { Coloured, terminal } from '../terminal/terminal.js';
import { asRefused, type Session } from './session.js';

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
  do {
    progress.reason = null;
    try {
      await once(session, options, progress);
    } catch (error) {
      throw asRefused(error);
    }
    // So many hits at a time, and so much time: the next search goes on after them.
  } while (progress.reason !== null && progress.reason !== 'end' && !terminal.isGone('stdout'));
  return progress.hits;
}

async function once(session: Session, options: SearchOptions, progress: Progress): Promise<void> {
  const events = followEvents(session, `/api/v1/jobs/${encodeURIComponent(options.jobId)}/logs/search`, {
    signal: new AbortController().signal,
    query: queryOf(options),
    ...(progress.last === undefined ? {} : { lastId: progress.last }),
  });
  for await (const { id, event, data: json } of events) {
    const data = JSON.parse(json) as FoundLine & { reason?: string };
    if (event === 'hit' || event === 'context') await show(data, event, options, progress);
    if (event === 'damaged') await terminal.say('A piece of the log is damaged, and was not searched.');
    if (event === 'hit') progress.hits += 1;
    progress.last = id ?? progress.last;
    if (event === 'end') progress.reason = data.reason ?? 'end';
    if (event === 'end' || terminal.isGone('stdout')) return;
  }
}

const queryOf = (options: SearchOptions): Record<string, string | number | boolean | undefined> => ({
  [options.fixed ? 'q' : 'regex']: options.pattern,
  ignore_case: options.ignoreCase,
  before: options.before,
  after: options.after,
  follow: options.follow,
  limit: 10_000,
  stream: options.stream,
});

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
