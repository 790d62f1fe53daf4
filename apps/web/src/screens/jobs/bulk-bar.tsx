import { useJobCount, type Meant } from '../../api/bulk.js';
import { canCancel, canRetry } from '../../api/job-pages.js';
import { useMay, useMayControl } from '../../api/session.js';
import type { BulkRequest, Job } from '../../api/types.js';
import { countOf, counted } from '../../lib/format.js';
import type { JobFilter } from '../../lib/job-filter.js';
import { Icon } from '../../ui/icons.js';

export type Act = BulkRequest['action'];

interface BulkBarProps {
  /** Every selected job. */
  ids: ReadonlySet<string>;
  /** The selected jobs that are known; pages far away are not held. */
  jobs: readonly Job[];
  filter: JobFilter;
  /** True: all that the filter fits are meant, and not the selected rows alone. */
  all: boolean;
  onAll: (all: boolean) => void;
  onAct: (act: Act, meant: Meant) => void;
  onClear: () => void;
}

/** The bar of what can be done to the selected jobs, or to all that match. What would be refused is not offered. */
export function BulkBar({ ids, jobs, filter, all, onAll, onAct, onClear }: BulkBarProps) {
  const may = useMay();
  const mayControl = useMayControl();
  const { data: total } = useJobCount(filter, may('submit'));
  const mine = jobs.filter(mayControl);
  const meant: Meant = all ? { filter } : { ids: [...ids] };
  const unknown = jobs.length < ids.size;
  const words = total && `${countOf(total.count)}${total.exact ? '' : ' or more'}`;
  const offers: [act: Act, label: string, icon: 'stop' | 'again' | null, fits: boolean][] = [
    ['cancel', 'Cancel', 'stop', all || unknown || mine.some(canCancel)],
    ['retry', 'Retry', 'again', all || unknown || mine.some(canRetry)],
    ['priority', 'Priority', null, all || unknown || mine.some(canCancel)],
    ['tag', 'Tag', null, all || unknown || mine.length > 0],
    ['untag', 'Remove a tag', null, all || unknown || mine.some(({ tags }) => tags.length > 0)],
  ];
  return (
    <div className="bulk notice notice--plain" role="region" aria-label="Selection">
      <strong>{all ? `All ${words ?? ''} that match` : `${counted(ids.size, 'job')} selected`}</strong>
      {!all && total && may('submit') && total.count > ids.size && (
        <button type="button" className="button button--bare" onClick={() => onAll(true)}>
          All {words} that match
        </button>
      )}
      {may('submit') &&
        offers.map(
          ([act, label, icon, fits]) =>
            fits && (
              <button
                key={act}
                type="button"
                className={act === 'cancel' ? 'button button--danger' : 'button'}
                onClick={() => onAct(act, meant)}
              >
                {icon && <Icon name={icon} size={14} />} {label}
              </button>
            ),
        )}
      <button type="button" className="button button--bare" onClick={onClear}>
        Clear
      </button>
    </div>
  );
}
