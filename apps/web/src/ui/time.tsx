import { agoOf, exactOf, spanOf, useNow } from '../lib/time.js';

/** A time as a distance from now; the exact one shows on hover. A dash where there is none. */
export function Ago({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null) return <span className="muted">–</span>;
  const time = Date.parse(at);
  return (
    <time dateTime={at} title={exactOf(time)}>
      {agoOf(time, now)}
    </time>
  );
}

/** The time from one moment to another, or to now while the other has not come. */
export function Lasting({ from, to }: { from: string | null; to: string | null }) {
  const now = useNow();
  if (from === null) return <span className="muted">–</span>;
  return <span>{spanOf((to === null ? now : Date.parse(to)) - Date.parse(from))}</span>;
}
