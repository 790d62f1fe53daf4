import { useEffect, useRef, useState } from 'react';
import { searchLog, type LogPattern, type LogView } from '../../api/logs.js';
import { Hits, type Found } from './hits.js';

/** Hits at most: what is behind them is found from there on. */
const MOST_HITS = 5_000;
/** News that come within this time are drawn together. */
const TOGETHER_MS = 100;

interface Search {
  /** Null: there is no pattern. A new object with each change; its lists grow in place. */
  found: Found | null;
  /** Goes on behind the last hit, and keeps the hits found before. */
  goOn: () => void;
}

/**
 * A search of the whole log on the server, with hits as they come. While the log grows it goes on for new lines. Where
 * more lines around each hit are wanted it begins anew, and comes as far as it was.
 */
export function useSearch(
  view: LogView,
  pattern: LogPattern | null,
  { around, live }: { around: number; live: boolean },
): Search {
  const [found, setFound] = useState<Found | null>(null);
  const kept = useRef<Hits | null>(null);
  /** How often somebody asked to go on. */
  const [turn, setTurn] = useState(0);
  const { text, kind, exact } = pattern ?? { text: null, kind: 'text' as const, exact: false };
  const of = JSON.stringify([view.job, view.execution, view.stream, text, kind, exact]);
  // Fewer lines around each hit are among those that were found: nothing is searched for them.
  const [widest, setWidest] = useState({ of, around });
  if (widest.of !== of || widest.around < around) setWidest({ of, around });
  useEffect(() => {
    if (text === null) {
      kept.current = null;
      return setFound(null);
    }
    const before = kept.current?.of === of ? kept.current : null;
    const hits =
      before === null
        ? new Hits(of, widest.around)
        : before.found.around < widest.around
          ? before.widened(widest.around)
          : before;
    kept.current = hits;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      setFound({ ...hits.found });
    };
    const later = (): void => void (timer ??= setTimeout(tell, TOGETHER_MS));
    const search = (): void =>
      void searchLog(
        view,
        { text, kind, exact },
        {
          around: widest.around,
          live,
          from: hits.next,
          limit: MOST_HITS,
          signal: stop.signal,
          onNews: (news) => {
            if (stop.signal.aborted) return;
            hits.found.trouble = news.event === 'trouble' ? news.data.message : null;
            if (news.event === 'progress') hits.found.progress = news.data;
            else if (news.event === 'end') {
              if (hits.end(news.data, news.data.reason)) search();
            } else if (news.event !== 'trouble' && !hits.add(news.data, news.event === 'hit')) stop.abort();
            later();
          },
        },
      ).catch((error: unknown) => {
        if (stop.signal.aborted) return;
        hits.found.error = error;
        later();
      });
    hits.begin();
    search();
    tell();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
    // `live` only says whether a search waits for more: one that runs is not begun anew when the job ends.
  }, [of, widest, turn]);
  return { found, goOn: () => setTurn((before) => before + 1) };
}
