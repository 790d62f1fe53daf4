import { useConnection } from '../api/connection.js';
import { useNow } from '../lib/time.js';

/** Says that the API is away, why, and when it is looked for again. It goes by itself. */
export function AwayBanner() {
  const { here, reason, nextLook } = useConnection();
  const now = useNow();
  if (here) return null;
  const wait = nextLook === null ? null : Math.max(1, Math.ceil((nextLook - now) / 1000));
  return (
    <div className="away notice notice--wait" role="alert">
      <strong>The API is away</strong>
      <span>{reason}</span>
      <span>{wait === null ? 'Trying again.' : `Trying again in ${wait} s.`}</span>
    </div>
  );
}
