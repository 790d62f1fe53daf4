/**
 * Whether somebody looks at this page. A browser opens six connections to a host, for all its tabs together: a page
 * that nobody sees keeps none open, or the sixth tab of somebody who opens failures side by side would never load.
 */

/** A page that is hidden for less long keeps its streams. */
const HIDDEN_MS = 5_000;

/** The page was left, and may be shown again by the way back. Null: nobody has asked yet. */
let isLeft: boolean | null = null;

function isShown(): boolean {
  if (isLeft === null) {
    isLeft = false;
    window.addEventListener('pagehide', () => (isLeft = true));
    window.addEventListener('pageshow', () => (isLeft = false));
  }
  return !isLeft && document.visibilityState === 'visible';
}

/** Calls `hidden` once, when the page is left or has been hidden for a while. Gives back what ends the watch. */
export function onceHidden(hidden: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    clearTimeout(timer);
    if (!isShown()) timer = setTimeout(hidden, HIDDEN_MS);
  };
  document.addEventListener('visibilitychange', look);
  window.addEventListener('pagehide', hidden);
  look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
    window.removeEventListener('pagehide', hidden);
  };
}

/** Waits until the page is shown; the signal ends it, too. */
export function shown(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isShown() && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('pageshow', look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    window.addEventListener('pageshow', look);
    signal.addEventListener('abort', look);
    look();
  });
}
