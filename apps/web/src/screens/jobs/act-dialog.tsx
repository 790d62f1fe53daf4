import { useState } from 'react';
import { sentenceOf } from '../../api/fault.js';
import { canCancel, canRetry } from '../../api/job-pages.js';
import { cancelJob, retryJob } from '../../api/jobs.js';
import { useMayControl } from '../../api/session.js';
import type { Job } from '../../api/types.js';
import { counted } from '../../lib/format.js';
import { Dialog } from '../../ui/dialog.js';
import { StateMark } from '../../ui/state.js';
import { say } from '../../ui/toast.js';
import type { Act } from './bulk-bar.js';
import { nameOf } from './columns.js';

/** Requests at once. */
const AT_ONCE = 6;
const EXAMPLES = 3;

const WORDS = {
  cancel: { verb: 'Cancel', done: 'cancelled', fits: canCancel, none: 'has ended already' },
  retry: { verb: 'Retry', done: 'queued again', fits: canRetry, none: 'has not ended yet' },
} as const;

interface ActDialogProps {
  act: Act;
  jobs: readonly Job[];
  onClose: () => void;
  /** The jobs as they are after it. */
  onDone: (jobs: readonly Job[]) => void;
}

/** Shows how many jobs it is about, with examples, does it with progress, and says what was skipped and why. */
export default function ActDialog({ act, jobs, onClose, onDone }: ActDialogProps) {
  const { verb, done, fits, none } = WORDS[act];
  const mayControl = useMayControl();
  const those = jobs.filter((job) => fits(job) && mayControl(job));
  const [progress, setProgress] = useState<number | null>(null);
  const [skipped, setSkipped] = useState<ReadonlyMap<string, number> | null>(null);

  const run = async (): Promise<void> => {
    const waiting = [...those];
    const reasons = new Map<string, number>();
    const changed: Job[] = [];
    setProgress(0);
    const work = async (): Promise<void> => {
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        try {
          changed.push(act === 'cancel' ? await cancelJob(job.id) : await retryJob(job.id));
        } catch (error) {
          // One sentence for all jobs of the same reason.
          const reason = sentenceOf(error).replaceAll(job.id, '…');
          reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        }
        setProgress(those.length - waiting.length);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    onDone(changed);
    if (changed.length > 0) say(`${counted(changed.length, 'job')} ${done}.`);
    if (reasons.size === 0) onClose();
    else setSkipped(reasons);
  };

  const left = jobs.length - those.length;
  return (
    <Dialog
      title={`${verb} ${counted(those.length, 'job')}?`}
      onClose={onClose}
      foot={
        skipped ? (
          <button type="button" className="button button--main" onClick={onClose}>
            Close
          </button>
        ) : (
          <>
            <button type="button" className="button" onClick={onClose}>
              {act === 'cancel' ? 'Leave them' : 'Not now'}
            </button>
            <button
              type="button"
              className="button button--main"
              disabled={progress !== null || those.length === 0}
              onClick={() => void run()}
            >
              {progress === null ? `${verb} ${counted(those.length, 'job')}` : `${progress} of ${those.length}`}
            </button>
          </>
        )
      }
    >
      {skipped ? (
        <ul className="act__list">
          {[...skipped].map(([reason, count]) => (
            <li key={reason}>
              {counted(count, 'job')} skipped: {reason}
            </li>
          ))}
        </ul>
      ) : (
        <>
          <ul className="act__list">
            {those.slice(0, EXAMPLES).map((job) => (
              <li key={job.id} className="act__job">
                <StateMark state={job.state} /> <span className="cut">{nameOf(job)}</span>
                <span className="muted cut">{job.queue}</span>
              </li>
            ))}
            {those.length > EXAMPLES && (
              <li className="muted">and {counted(those.length - EXAMPLES, 'more', 'more')}</li>
            )}
          </ul>
          {left > 0 && (
            <p className="muted small">
              {counted(left, 'selected job')} {none}, or is not yours to change: left as{' '}
              {left === 1 ? 'it is' : 'they are'}.
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}
