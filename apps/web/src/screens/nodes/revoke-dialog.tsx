import { useRevokeNode } from '../../api/nodes.js';
import { Dialog } from '../../ui/dialog.js';
import { say, sayFault } from '../../ui/toast.js';

/** Asks before the key of a node ends, and says what comes of its jobs. */
export default function RevokeDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const revoke = useRevokeNode();
  const confirm = (): void =>
    revoke.mutate({ name }, { onSuccess: () => say(`${name} is revoked.`), onError: sayFault, onSettled: onClose });
  return (
    <Dialog
      title="Revoke this node?"
      onClose={onClose}
      foot={
        <>
          <button type="button" className="button" onClick={onClose}>
            Keep it
          </button>
          <button type="button" className="button button--main" disabled={revoke.isPending} onClick={confirm}>
            Revoke the node
          </button>
        </>
      }
    >
      <p className="node__asked">
        The key of {name} ends: nothing is taken from it any more, and its jobs start anew elsewhere when their lease is
        over. Drain it before that to let them finish.
      </p>
    </Dialog>
  );
}
