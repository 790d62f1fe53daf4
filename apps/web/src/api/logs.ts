import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, take } from './client.js';
import { follow } from './follow.js';
import type { LogIndex, LogLine, LogLines, Stream } from './types.js';

/** One view of one log: of an execution, both streams or one of them. */
export interface LogView {
  job: string;
  execution: string;
  /** Null: both, in the order in which they were stored. */
  stream: Stream | null;
}

export type LinesFrom = { from: number } | { at: string };

const viewQuery = ({ execution, stream }: LogView): { execution: string; stream?: Stream } => ({
  execution,
  ...(stream === null ? {} : { stream }),
});

/** Lines from a number on (below 0 from the end), or from a time on (ISO 8601). */
export const readLines = (view: LogView, from: LinesFrom, count: number, signal?: AbortSignal): Promise<LogLines> =>
  take(
    api.GET('/api/v1/jobs/{id}/logs/lines', {
      params: { path: { id: view.job }, query: { ...viewQuery(view), ...from, count } },
      ...(signal === undefined ? {} : { signal }),
    }),
  );

/** Totals, digests and gaps of a log. Its `state` is a part of the key: an end changes all of them. */
export const useLogIndex = (view: LogView, state: LogLines['state']): UseQueryResult<LogIndex> =>
  useQuery({
    queryKey: ['jobs', view.job, 'log-index', view.execution, view.stream, state],
    queryFn: () =>
      take(
        api.GET('/api/v1/jobs/{id}/logs/index', {
          params: { path: { id: view.job }, query: { ...viewQuery(view), points: 1 } },
        }),
      ),
    enabled: state !== 'waiting',
    placeholderData: keepPreviousData,
    refetchInterval: state === 'live' ? INDEX_MS : false,
  });

/** The address of the bytes of a view. */
export const downloadOf = (view: LogView): string =>
  `/api/v1/jobs/${view.job}/logs?${new URLSearchParams(viewQuery(view))}`;

/** Between two looks at the totals of a log that grows. */
const INDEX_MS = 5_000;
/** The server searches for 60 s at most. */
const SEARCH_MS = 90_000;
/** Bytes at the end of a line that was written over and over. */
const END_BYTES = 4_096;
/** Lines of an answer whose ends are asked for. */
const MOST_ENDS = 8;

/**
 * Lines as they stand at their end: a line that a program writes over and over is longer than its answer holds, and
 * shows what was written last.
 */
export async function withEnds(view: LogView, answer: LogLines, signal?: AbortSignal): Promise<LogLines> {
  const long = answer.lines.filter(({ cut, text }) => cut && text.includes('\r')).slice(-MOST_ENDS);
  if (long.length === 0) return answer;
  const ends = new Map(
    await Promise.all(long.map(async (line) => [line.number, await endOf(view, line, signal)] as const)),
  );
  const lines = answer.lines.map((line) => {
    const text = ends.get(line.number);
    return text === undefined || text === null ? line : { ...line, text, cut: false };
  });
  return { ...answer, lines };
}

/** The text that was written last over a line; null where that is longer than what is read. */
async function endOf(view: LogView, line: LogLine, signal?: AbortSignal): Promise<string | null> {
  const end = line.stream_offset + line.bytes;
  const answer = await fetch(downloadOf({ ...view, stream: line.stream }), {
    headers: { range: `bytes=${Math.max(line.stream_offset, end - END_BYTES)}-${end - 1}` },
    cache: 'no-store',
    ...(signal === undefined ? {} : { signal }),
  });
  if (answer.status !== 206) return null;
  const text = (await answer.text()).replace(/[\r\n]+$/, '');
  const at = text.lastIndexOf('\r');
  return at < 0 ? null : text.slice(at + 1);
}

/** A text, a regular expression, or the words of errors. */
export interface LogPattern {
  text: string;
  kind: 'text' | 'regex' | 'errors';
  /** Upper and lower case differ. */
  exact: boolean;
}

/** A line that a search gave, or one around it. */
export interface FoundLine extends Pick<LogLine, 'number' | 'at' | 'stream' | 'offset' | 'text' | 'cut'> {
  /** Bytes of the line before `text`. */
  skipped: number;
  /** Where the hits are, as characters of `text`. Lines around a hit have none. */
  ranges?: [from: number, to: number][];
}

export interface SearchProgress {
  bytes: number;
  of_bytes: number;
  hits: number;
  /** The line to go on with. */
  next: number;
}

type SearchNews =
  | { event: 'hit' | 'context'; data: FoundLine }
  | { event: 'progress'; data: SearchProgress }
  /** The server cannot search at the moment; the stream is opened again. */
  | { event: 'trouble'; data: { message: string } }
  | { event: 'end'; data: SearchProgress & { reason: 'end' | 'limit' | 'time' } };

export interface SearchOptions {
  /** Lines around each hit. */
  around: number;
  limit: number;
  /** Goes on with new lines until the execution has ended. */
  live: boolean;
  /** The first line, from 1. */
  from: number;
  signal: AbortSignal;
  onNews: (news: SearchNews) => void;
}

/** The number of the first line that fits, from a line on; null: none does. */
export async function firstHit(view: LogView, pattern: LogPattern, from: number): Promise<number | null> {
  let number: number | null = null;
  let rest: number | null = null;
  let trouble = '';
  const signal = AbortSignal.timeout(SEARCH_MS);
  await searchLog(view, pattern, {
    around: 0,
    limit: 1,
    live: false,
    from,
    signal,
    onNews: ({ event, data }) => {
      if (event === 'hit') number = data.number;
      if (event === 'trouble') trouble = ` ${data.message}`;
      if (event === 'end' && data.reason === 'time') rest = data.next;
    },
  });
  if (number === null && rest !== null) return firstHit(view, pattern, rest);
  if (number === null && signal.aborted)
    throw new Error(`The API did not search the log within ${SEARCH_MS / 1000} s.${trouble}`);
  return number;
}

const KNOWN = new Set(['hit', 'context', 'progress', 'trouble', 'end']);

/** Searches a log on the server until its end, or until the signal ends it. Throws the `Fault` of a refusal. */
export async function searchLog(
  view: LogView,
  { text, kind, exact }: LogPattern,
  { around, limit, live, from, signal, onNews }: SearchOptions,
): Promise<void> {
  const query = new URLSearchParams({
    ...viewQuery(view),
    ...(kind === 'errors' ? { preset: 'errors' } : { [kind === 'regex' ? 'regex' : 'q']: text }),
    ...(kind === 'errors' || exact ? {} : { ignore_case: 'true' }),
    ...(around > 0 ? { before: String(around), after: String(around) } : {}),
    limit: String(limit),
    from: String(from),
    ...(live ? { follow: 'true' } : {}),
  });
  const ended = new AbortController();
  await follow(`/api/v1/jobs/${view.job}/logs/search?${query}`, {
    signal: AbortSignal.any([signal, ended.signal]),
    onEvent: ({ event, data }) => {
      if (event === undefined || !KNOWN.has(event)) return;
      onNews({ event, data: JSON.parse(data) } as SearchNews);
      // The server closes the stream: nobody comes back to it.
      if (event === 'end') ended.abort();
    },
  });
}
