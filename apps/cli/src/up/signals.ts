/** npm passes a signal on that the terminal has sent to the whole group already: two within this time are one wish. */
const SAME_WISH_MS = 700;

/**
 * Calls `first` at the first request to stop and `again` at each later one that is meant. SIGINT, SIGTERM and SIGHUP
 * are one and the same here.
 */
export function onStopSignals(first: (signal: string) => void, again: () => void): () => void {
  let at = 0;
  const handle = (signal: NodeJS.Signals): void => {
    const now = Date.now();
    const since = now - at;
    const fresh = at === 0;
    if (!fresh && since < SAME_WISH_MS) return;
    at = now;
    if (fresh) first(signal);
    else again();
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
