import { IsNull } from 'typeorm';
import { NodeInvitationEntity } from './entities/node-invitation.entity.js';
import { NodeKeyEntity } from './entities/node-key.entity.js';
import * as SQL from './node.sql.js';
import type { Sql } from './sql.js';

/** An invitation without its token. */
export type StoredInvitation = Omit<NodeInvitationEntity, 'token_hash'>;
/** The key of a node, without itself. */
export type StoredNodeKey = Omit<NodeKeyEntity, 'key_hash'>;

/** Lists hold at most so many rows. */
const MOST = 1_000;

/** Invitations of new nodes. */
export const invitationStore = {
  async insert(
    sql: Sql,
    row: Pick<
      NodeInvitationEntity,
      'id' | 'token_hash' | 'queues' | 'labels' | 'slots' | 'ticket_login' | 'created_by' | 'expires_at'
    >,
  ): Promise<StoredInvitation> {
    return sql.entities(NodeInvitationEntity, async (invitations) => {
      await invitations.insert(row);
      return invitations.findOneByOrFail({ id: row.id });
    });
  },

  /** Newest first. */
  async list(sql: Sql): Promise<StoredInvitation[]> {
    return sql.entities(NodeInvitationEntity, (invitations) =>
      invitations.find({ order: { created_at: 'DESC' }, take: MOST }),
    );
  },

  /** With the hash of its token. */
  async get(sql: Sql, id: string): Promise<NodeInvitationEntity | null> {
    return sql.entities(NodeInvitationEntity, (invitations) =>
      invitations.findOne({
        where: { id },
        select: {
          id: true,
          token_hash: true,
          queues: true,
          labels: true,
          slots: true,
          ticket_login: true,
          created_by: true,
          created_at: true,
          expires_at: true,
          revoked_at: true,
          used_at: true,
          used_by: true,
          used_from: true,
        },
      }),
    );
  },

  /** Null: it cannot be used, or not any more. Of two at once one gets it. */
  async use(sql: Sql, id: string, node: string, address: string | null): Promise<StoredInvitation | null> {
    return (await sql.rows<StoredInvitation>(SQL.USE_INVITATION, [id, node, address]))[0] ?? null;
  },

  /** False: it was used or revoked before, or there is none. */
  async revoke(sql: Sql, id: string): Promise<boolean> {
    return (await sql.rows(SQL.REVOKE_INVITATION, [id])).length > 0;
  },

  async open(sql: Sql): Promise<number> {
    return (await sql.rows<{ n: number }>(SQL.OPEN_INVITATIONS))[0]?.n ?? 0;
  },

  /** Forgets invitations that ended so long ago, with revoked keys of that age. */
  async forget(sql: Sql, days: number): Promise<void> {
    await sql.run(SQL.FORGET_INVITATIONS, [days]);
    await sql.run(SQL.FORGET_KEYS, [days]);
  },
};

/** Keys of enrolled nodes. */
export const nodeKeyStore = {
  async insert(sql: Sql, row: Omit<NodeKeyEntity, 'created_at' | 'revoked_at'>): Promise<void> {
    await sql.entities(NodeKeyEntity, (keys) => keys.insert(row));
  },

  /** A key that counts, with its hash; null: revoked, or there is none. */
  async get(sql: Sql, id: string): Promise<NodeKeyEntity | null> {
    return sql.entities(NodeKeyEntity, (keys) =>
      keys.findOne({
        where: { id, revoked_at: IsNull() },
        select: {
          id: true,
          key_hash: true,
          name: true,
          queues: true,
          labels: true,
          slots: true,
          ticket_login: true,
          invitation_id: true,
          created_at: true,
          revoked_at: true,
        },
      }),
    );
  },

  /** Whether a key counts. It goes on counting until the transaction is over. */
  async hold(sql: Sql, id: string): Promise<boolean> {
    return (await sql.rows(SQL.HOLD_KEY, [id])).length > 0;
  },

  /** The key of the node of this name; null: it has none that counts. */
  async byName(sql: Sql, name: string): Promise<StoredNodeKey | null> {
    return sql.entities(NodeKeyEntity, (keys) => keys.findOneBy({ name, revoked_at: IsNull() }));
  },

  /** Keys that count, by name. */
  async list(sql: Sql): Promise<StoredNodeKey[]> {
    return sql.entities(NodeKeyEntity, (keys) =>
      keys.find({ where: { revoked_at: IsNull() }, order: { name: 'ASC' }, take: MOST }),
    );
  },

  /** Null: the node has no key that counts. `agent_id`: the agent whose registration this ended; null: none was. */
  async revoke(sql: Sql, name: string): Promise<{ id: string; agent_id: string | null } | null> {
    return (await sql.rows<{ id: string; agent_id: string | null }>(SQL.REVOKE_KEY, [name]))[0] ?? null;
  },
};
