import { useId, useState } from 'react';
import { Dialog } from './dialog.js';

interface PauseDialogProps {
  name: string;
  onClose: () => void;
  onPause: (reason: string) => void;
}

/** Asks why a queue is paused: whoever waits in it reads the answer. */
export default function PauseDialog({ name, onClose, onPause }: PauseDialogProps) {
  const [reason, setReason] = useState('');
  const id = useId();
  return (
    <Dialog
      title={`Pause ${name}?`}
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="button" className="button button--main" onClick={() => onPause(reason.trim())}>
            Pause the queue
          </button>
        </>
      }
    >
      <p className="muted">Nothing of it starts until it is resumed; what runs goes on.</p>
      <label htmlFor={id}>Why, for those who wait</label>
      <input id={id} className="field" value={reason} onChange={({ target }) => setReason(target.value)} />
    </Dialog>
  );
}
