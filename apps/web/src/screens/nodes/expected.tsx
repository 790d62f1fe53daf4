import { useEnrolledNodes, useInvitations, useNodes, useRevokeInvitation, useRevokeNode } from '../../api/nodes.js';
import type { EnrolledNode, Invitation } from '../../api/types.js';
import { countOf, counted } from '../../lib/format.js';
import { FaultNotice } from '../../ui/notices.js';
import { Ago } from '../../ui/time.js';
import { say, sayFault } from '../../ui/toast.js';
import { Labels } from './labels.js';

/** So many rows are drawn; `drover nodes invitations` lists all. */
const MOST_ROWS = 50;

/** Machines that are to come: open invitations, and nodes whose worker has not started yet. */
export function Expected() {
  const { data: invitations, error } = useInvitations();
  const { data: enrolled } = useEnrolledNodes(true);
  const { data: nodes } = useNodes();
  const open = invitations?.filter(({ state }) => state === 'open') ?? [];
  const known = new Set(nodes?.map(({ name }) => name));
  const silent = nodes ? (enrolled?.filter(({ name }) => !known.has(name)) ?? []) : [];
  if (error && !invitations) return <FaultNotice error={error} />;
  if (open.length + silent.length === 0) return null;
  return (
    <section className="expected" aria-labelledby="expected">
      <h3 id="expected">Machines that are to come</h3>
      <ul>
        {silent.slice(0, MOST_ROWS).map((node) => (
          <SilentNode key={node.name} node={node} />
        ))}
        {open.slice(0, MOST_ROWS).map((invitation) => (
          <OpenInvitation key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      {open.length > MOST_ROWS && (
        <p className="muted small">
          And {countOf(open.length - MOST_ROWS)} more: <code>drover nodes invitations</code> lists them.
        </p>
      )}
    </section>
  );
}

function OpenInvitation({ invitation }: { invitation: Invitation }) {
  const revoke = useRevokeInvitation();
  const { queues, created_by: by, expires_at: expires } = invitation;
  return (
    <li className="expected__row">
      <span className="expected__terms">
        One for <Terms of={invitation} />{' '}
        <span className="muted small">
          by {by}, expires <Ago at={expires} />
        </span>
      </span>
      <button
        type="button"
        className="button button--danger"
        disabled={revoke.isPending}
        aria-label={`Revoke the invitation for ${queues.join(', ')}`}
        onClick={() =>
          revoke.mutate(invitation, { onSuccess: () => say('The invitation is revoked.'), onError: sayFault })
        }
      >
        Revoke
      </button>
    </li>
  );
}

function SilentNode({ node }: { node: EnrolledNode }) {
  const revoke = useRevokeNode();
  const { name } = node;
  return (
    <li className="expected__row">
      <span className="expected__terms">
        {name}, for <Terms of={node} />{' '}
        <span className="muted small">
          enrolled <Ago at={node.enrolled_at} />, its worker has not started
        </span>
      </span>
      <button
        type="button"
        className="button button--danger"
        disabled={revoke.isPending}
        aria-label={`Revoke ${name}`}
        onClick={() => revoke.mutate(node, { onSuccess: () => say(`${name} is revoked.`), onError: sayFault })}
      >
        Revoke
      </button>
    </li>
  );
}

function Terms({ of: { queues, labels, slots } }: { of: Pick<EnrolledNode, 'queues' | 'labels' | 'slots'> }) {
  return (
    <>
      {queues.join(', ')}
      {slots !== null && `, at most ${counted(slots, 'slot')}`} <Labels labels={labels} />
    </>
  );
}
