import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { connection } from '../../api/connection.js';
import { readLines, withEnds, type LinesFrom, type LogView } from '../../api/logs.js';
import { LinePages, PAGE_LINES } from './line-pages.js';

/** Waits between two looks at a log that grows. A look reads a few entries of the index. */
const FOLLOWED_MS = 500;
const BESIDE_MS = 1_000;
/** The wait after a look that failed; the return of the API ends it. */
const AGAIN_MS = 5_000;
/** Lines of a look where the end of the log shows: a screen of them. */
const SCREEN_LINES = 80;

interface Lines {
  pages: LinePages;
  /** Says whether the end of the log shows: it is read at once then, and counted otherwise. */
  setFollowed: (followed: boolean) => void;
}

/** The lines of a view, read from `start` on, and looked at again and again while they grow. */
export function useLines(view: LogView, start: LinesFrom): Lines {
  const [pages] = useState(
    () =>
      new LinePages((from, count, signal) =>
        readLines(view, { from }, count, signal).then((answer) => withEnds(view, answer, signal)),
      ),
  );
  const followed = useRef(true);
  useSyncExternalStore(pages.subscribe, pages.now);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async (from: LinesFrom, count: number): Promise<void> => {
      try {
        pages.put(await withEnds(view, await readLines(view, from, count, stop.signal), stop.signal));
      } catch (error) {
        if (stop.signal.aborted) return;
        pages.fail(error);
        timer = setTimeout(again, AGAIN_MS);
        return;
      }
      if (stop.signal.aborted || pages.state === 'complete' || pages.state === 'incomplete') return;
      timer = setTimeout(again, followed.current ? FOLLOWED_MS : BESIDE_MS);
    };
    const again = (): void => {
      const next = followed.current ? SCREEN_LINES : 1;
      void look(pages.total === 0 ? start : { from: -next }, pages.total === 0 ? PAGE_LINES : next);
    };
    void look(start, PAGE_LINES);
    const forget = connection.onReturn(() => {
      pages.again();
      if (pages.state === 'complete' || pages.state === 'incomplete') return;
      clearTimeout(timer);
      again();
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
      forget();
      pages.close();
    };
    // The component is made anew for another view; the first lines are read once.
  }, []);
  const setFollowed = (value: boolean): void => void (followed.current = value);
  return { pages, setFollowed };
}
