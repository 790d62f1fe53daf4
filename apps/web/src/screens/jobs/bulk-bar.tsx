import { canCancel, canRetry } from '../../api/job-pages.js';
import { useMayControl } from '../../api/session.js';
import type { Job } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { Icon } from '../../ui/icons.js';

export type Act = 'cancel' | 'retry';
/** The bar of what can be done to the selected jobs. What would be refused is not offered. */
export function BulkBar({
  jobs,
  onAct,
  onClear,
}: {
  jobs: readonly Job[];
  onAct: (act: Act) => void;
  onClear: () => void;
}) {
  const mayControl = useMayControl();
  const mine = jobs.filter(mayControl);
  return (
    <div className="bulk notice notice--plain" role="region" aria-label="Selection">
      <strong>{counted(jobs.length, 'job')} selected</strong>
      {mine.some(canCancel) && (
        <button type="button" className="button button--danger" onClick={() => onAct('cancel')}>
          <Icon name="stop" size={14} /> Cancel
        </button>
      )}
      {mine.some(canRetry) && (
        <button type="button" className="button" onClick={() => onAct('retry')}>
          <Icon name="again" size={14} /> Retry
        </button>
      )}
      <button type="button" className="button button--bare" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
