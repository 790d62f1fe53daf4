import { useEffect, useState } from 'react';
import { searchLog, type FoundLine, type LogPattern, type LogView, type SearchProgress } from '../../api/logs.js';

/** Hits at most: what is behind them is found from there on. */
const MOST_HITS = 5_000;
/** Memory for the texts of hits and the lines around them, bytes. */
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
  progress: SearchProgress | null;
  end: SearchEnd;
  error: unknown;
}

/**
 * A search of the whole log on the server, with hits as they come; null without a pattern. While the log grows it goes
 * on for new lines. The answer is a new object with each change; its lists grow in place.
 */
export function useSearch(
  view: LogView,
  pattern: LogPattern | null,
  { around, live, from }: { around: number; live: boolean; from: number },
): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  const { text, kind, exact } = pattern ?? { text: null, kind: 'text' as const, exact: false };
  useEffect(() => {
    setFound(null);
    if (text === null) return;
    const stop = new AbortController();
    const all: Found = { lines: [], hits: new Map(), progress: null, end: null, error: null };
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
          if (news.event === 'progress') all.progress = news.data;
          else if (news.event === 'end') {
            all.progress = news.data;
            all.end = news.data.reason;
          } else {
            all.lines.push(news.data);
            if (news.event === 'hit') all.hits.set(news.data.number, news.data);
            bytes += LINE_BYTES + 2 * news.data.text.length;
            if (bytes > MOST_BYTES) {
              all.end = 'limit';
              stop.abort();
            }
          }
          later();
        },
      },
    ).catch((error: unknown) => {
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
