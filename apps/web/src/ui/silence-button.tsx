import { lazy, Suspense, useState } from 'react';
import { useMay } from '../api/session.js';
import type { ActiveAlarm } from '../api/types.js';

const SilenceDialog = lazy(() => import('./silence-dialog.js'));

/** Opens the question for how long, and where, an alarm is to be silent; absent for those who may not ask it. */
export function SilenceButton({
  alarm,
}: {
  alarm: Pick<ActiveAlarm, 'name' | 'entry' | 'job_name' | 'silenced_until'>;
}) {
  const may = useMay();
  const [asks, setAsks] = useState(false);
  if (!may('operate')) return null;
  return (
    <>
      <button type="button" className="button" aria-label={`Silence ${alarm.name}`} onClick={() => setAsks(true)}>
        {alarm.silenced_until === null ? 'Silence' : 'Silence on'}
      </button>
      {asks && (
        <Suspense fallback={null}>
          <SilenceDialog alarm={alarm} onClose={() => setAsks(false)} />
        </Suspense>
      )}
    </>
  );
}
