import type { JobDetail } from '../../api/types.js';
import { Dialog } from '../../ui/dialog.js';

interface CancelDialogProps {
  job: JobDetail;
  onClose: () => void;
  onCancel: () => void;
}

/** Asks before a job is cancelled, and says how it ends. */
export default function CancelDialog({ job, onClose, onCancel }: CancelDialogProps) {
  return (
    <Dialog
      title="Cancel this job?"
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="button" className="button button--main" onClick={onCancel}>
            Cancel the job
          </button>
        </>
      }
    >
      <p>
        {job.state === 'queued' || job.state === 'scheduled'
          ? 'It waits, and ends at once.'
          : 'Its processes are told to end, and are killed after their grace.'}
      </p>
    </Dialog>
  );
}
