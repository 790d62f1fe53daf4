import { useEffect, useRef, useState } from 'react';
import { searchLog, type FoundLine, type LogPattern, type LogView, type SearchProgress } from '../../api/logs.js';

/** Hits at most: what is behind them is found from there on. */
const MOST_HITS = 5_000;
/** Memory for the texts of hits and the lines around them, bytes. A search that goes on lets the oldest ones go. */
const MOST_BYTES = 16 * 1024 * 1024;
const LINE_BYTES = 200;
/** News that come within this time are drawn together. */
const TOGETHER_MS = 100;

/** end: all was searched. limit: so many hits are shown. time: the search took its time. Null: it goes on. */
type SearchEnd = 'end' | 'limit' | 'time' | null;

export interface Found {
  /** Hits and the lines around them, in the order of the log. */
  lines: FoundLine[];
  /** Hits by the number of their line, in the order of the log. */
  hits: Map<number, FoundLine>;
  /** Hits found before this search went on that there is no memory for. */
  letGo: number;
  progress: SearchProgress | null;
  end: SearchEnd;
  error: unknown;
  /** Why the server cannot search at the moment; null while it can. */
  trouble: string | null;
}

/** The hits that were found, and the memory that they take. */
interface Held {
  /** The search that found it, without the line to begin with. */
  of: string;
  found: Found;
  bytes: number;
}

const EMPTY = { letGo: 0, progress: null, end: null, error: null, trouble: null };
const sizeOf = ({ text }: FoundLine): number => LINE_BYTES + 2 * text.length;

/** Lets the oldest of the first `count` lines go until the rest takes three quarters of the memory. Gives how many. */
function letGo(held: Held, count: number): number {
  const { found } = held;
  let gone = 0;
  for (; gone < count && held.bytes > (MOST_BYTES * 3) / 4; gone += 1)
    held.bytes -= sizeOf(found.lines[gone] as FoundLine);
  for (const { number } of found.lines.splice(0, gone)) if (found.hits.delete(number)) found.letGo += 1;
  return gone;
}

/**
 * A search of the whole log on the server, with hits as they come; null without a pattern. While the log grows it goes
 * on for new lines. From a line behind its last hit (`from`) it goes on, and keeps the hits found before. The answer is
 * a new object with each change; its lists grow in place.
 */
export function useSearch(
  view: LogView,
  pattern: LogPattern | null,
  { around, live, from }: { around: number; live: boolean; from: number },
): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  const kept = useRef<Held | null>(null);
  const { text, kind, exact } = pattern ?? { text: null, kind: 'text' as const, exact: false };
  useEffect(() => {
    if (text === null) {
      kept.current = null;
      return setFound(null);
    }
    const stop = new AbortController();
    const of = JSON.stringify([view, text, kind, exact, around]);
    if (kept.current?.of !== of || from === 1)
      kept.current = { of, found: { lines: [], hits: new Map(), ...EMPTY }, bytes: 0 };
    const held = kept.current;
    const all = held.found;
    Object.assign(all, { ...EMPTY, letGo: all.letGo });
    /** Lines that were found before, and the memory of those that this search finds. */
    let earlier = all.lines.length;
    let bytes = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      setFound({ ...all });
    };
    const later = (): void => void (timer ??= setTimeout(tell, TOGETHER_MS));
    searchLog(
      view,
      { text, kind, exact },
      {
        around,
        live,
        from,
        limit: MOST_HITS,
        signal: stop.signal,
        onNews: (news) => {
          if (stop.signal.aborted) return;
          all.trouble = news.event === 'trouble' ? news.data.message : null;
          if (news.event === 'trouble') return later();
          if (news.event === 'progress') all.progress = news.data;
          else if (news.event === 'end') {
            all.progress = news.data;
            all.end = news.data.reason;
          } else {
            all.lines.push(news.data);
            if (news.event === 'hit') all.hits.set(news.data.number, news.data);
            const size = sizeOf(news.data);
            bytes += size;
            held.bytes += size;
            if (bytes > MOST_BYTES) {
              all.end = 'limit';
              stop.abort();
            }
            if (held.bytes > MOST_BYTES) earlier -= letGo(held, earlier);
          }
          later();
        },
      },
    ).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      all.error = error;
      later();
    });
    setFound({ ...all });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
    // `live` only says whether a search waits for more: one that runs is not begun anew when the job ends.
  }, [view.job, view.execution, view.stream, text, kind, exact, around, from]);
  return found;
}
