import type { StoredInvitation, StoredNodeKey } from '@drover/store';
import type { EnrolledNodeDto, InvitationDto, InvitationState } from './node.dto.js';

function stateOf({ used_at, revoked_at, expires_at }: StoredInvitation): InvitationState {
  if (used_at !== null) return 'used';
  if (revoked_at !== null) return 'revoked';
  return expires_at.getTime() <= Date.now() ? 'expired' : 'open';
}

export function fromInvitation(row: StoredInvitation): InvitationDto {
  const { id, queues, labels, slots, ticket_login, created_by, created_at, expires_at, used_at, used_by, used_from } =
    row;
  return {
    id,
    state: stateOf(row),
    queues,
    labels,
    slots,
    ticket_login,
    created_by,
    created_at: created_at.toISOString(),
    expires_at: expires_at.toISOString(),
    used_at: used_at?.toISOString() ?? null,
    used_by,
    used_from,
  };
}

export const fromNode = (row: StoredNodeKey): EnrolledNodeDto => ({
  name: row.name,
  queues: row.queues,
  labels: row.labels,
  slots: row.slots,
  ticket_login: row.ticket_login,
  invitation: row.invitation_id,
  enrolled_at: row.created_at.toISOString(),
});
