import { useState } from 'react';
import type { NewInvitation } from '../../api/types.js';
import { Dialog } from '../../ui/dialog.js';
import { Expected } from './expected.js';
import { InviteForm } from './invite-form.js';
import { Invited } from './invited.js';

/** Adds a machine: makes an invitation, shows the line to run there, and then the node; lists those that are to come. */
export default function AddDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewInvitation | null>(null);
  return (
    <Dialog
      title="Add a machine"
      onClose={onClose}
      foot={
        <>
          {made && (
            <button type="button" className="button" onClick={() => setMade(null)}>
              Invite another one
            </button>
          )}
          <button type="button" className="button" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      {made ? <Invited made={made} /> : <InviteForm onMade={setMade} />}
      <Expected />
    </Dialog>
  );
}
