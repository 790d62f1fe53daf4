import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { auditOf, DEFAULT_PROJECT, DroverError, type Actor, type NodeBounds } from '@drover/domain';
import {
  agentStore,
  auditStore,
  invitationStore,
  nodeKeyStore,
  sqlState,
  type Store,
  type StoredInvitation,
  type StoredNodeKey,
} from '@drover/store';
import { currentCaller } from './context.js';
import { ANONYMOUS_OWNER } from './principal.js';

/** The rights that an invitation gives the node that uses it. */
export interface InvitationTerms {
  queues: string[];
  labels: Record<string, string>;
  slots: number | null;
  ticket_login: boolean;
}

/** Invitations that may be open at once. */
const MOST_OPEN = 1_000;
/** How long invitations that have ended and keys that were revoked are still shown. Days. */
const KEPT_DAYS = 30;

const TOKEN = /^(invite|node)\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.([\w-]{43})$/;
type Kind = 'invite' | 'node';

/** A text that nobody guesses, with the id of its row: that is looked up, and its hash is compared in constant time. */
function makeToken(kind: Kind): { id: string; token: string; hash: Buffer } {
  const id = uuidv7();
  const token = `${kind}.${id}.${randomBytes(32).toString('base64url')}`;
  return { id, token, hash: hashOf(token) };
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const idIn = (kind: Kind, token: string): string | null => {
  const match = TOKEN.exec(token);
  return match?.[1] === kind ? (match[2] ?? null) : null;
};
const isSame = (hash: Buffer | undefined, token: string): boolean =>
  timingSafeEqual(hash ?? Buffer.alloc(32), hashOf(token)) && hash !== undefined;

/** Whether a credential is meant as the key of an enrolled node. */
export const looksLikeNodeKey = (text: string): boolean => text.startsWith('node.');

/** New nodes: who may come, for which queues, and the keys of those that came. */
export class NodesService {
  constructor(
    private readonly store: Store,
    /** Called when the registration of an agent was ended: every process is to let go of it. */
    private readonly onRevoked: (agentId: string) => void = () => undefined,
  ) {}

  /** An invitation for one node, with its token, which is shown this once. Throws `conflict` when too many are open. */
  async invite(terms: InvitationTerms, expiresS: number): Promise<{ invitation: StoredInvitation; token: string }> {
    const { id, token, hash } = makeToken('invite');
    const caller = currentCaller();
    const invitation = await this.store.tx(async (sql) => {
      const open = await invitationStore.open(sql);
      if (open >= MOST_OPEN)
        throw new DroverError(
          'conflict',
          `${open} invitations are open, and more are not made: revoke some (\`drover nodes invitations\`), or wait until they expire.`,
        );
      const made = await invitationStore.insert(sql, {
        id,
        token_hash: hash,
        ...terms,
        created_by: caller?.name ?? ANONYMOUS_OWNER,
        expires_at: new Date(Date.now() + expiresS * 1_000),
      });
      const after = { ...terms, expires_at: made.expires_at.toISOString() };
      await auditStore.insert(sql, [auditOf(caller, { action: 'node.invite', kind: 'key', object_id: id, after })]);
      return made;
    });
    return { invitation, token };
  }

  /** Invitations, the newest first; those that ended are shown for 30 days. */
  async invitations(): Promise<StoredInvitation[]> {
    return invitationStore.list(this.store.sql);
  }

  /** Nobody can use it any more. Throws `not_found`, and `conflict` when a node has used it. */
  async revokeInvitation(id: string): Promise<void> {
    await this.store.tx(async (sql) => {
      if (!(await invitationStore.revoke(sql, id))) {
        const found = await invitationStore.get(sql, id);
        if (found === null) throw new DroverError('not_found', `There is no invitation ${id}.`);
        if (found.used_by !== null)
          throw new DroverError(
            'conflict',
            `The node ${found.used_by} has used this invitation; to end what it may do, revoke the node: \`drover nodes revoke ${found.used_by}\`.`,
            { node: found.used_by },
          );
        return;
      }
      await auditStore.insert(sql, [auditOf(currentCaller(), { action: 'node.uninvite', kind: 'key', object_id: id })]);
    });
  }

  /**
   * Uses an invitation: gives the node its key, which is shown this once. Of two at once one gets in. Throws
   * `unauthenticated` for a token that is none, `conflict` for one that cannot be used any more and for a name that is
   * taken. `check` may throw; then the invitation stays as it was.
   */
  async enrol(
    token: string,
    name: string,
    address: string | null,
    check: (terms: InvitationTerms) => void = () => {},
  ): Promise<{ key: string; terms: InvitationTerms }> {
    const found = await this.invitationOf(token);
    const enrolled = this.store.tx(async (sql) => {
      const used = await invitationStore.use(sql, found.id, name, address);
      if (used === null) throw whyUnusable((await invitationStore.get(sql, found.id)) ?? found);
      await this.demandFree(sql, name);
      const made = makeToken('node');
      const { queues, labels, slots, ticket_login } = used;
      const terms = { queues, labels, slots, ticket_login };
      check(terms);
      await nodeKeyStore.insert(sql, { id: made.id, key_hash: made.hash, name, invitation_id: found.id, ...terms });
      const actor: Actor = { name: used.created_by, role: 'invitation', address, home: DEFAULT_PROJECT };
      const after = { ...terms, invitation: found.id };
      await auditStore.insert(sql, [auditOf(actor, { action: 'node.enrol', kind: 'agent', object_id: name, after })]);
      return { key: made.token, terms };
    });
    return enrolled.catch((error: unknown) => {
      // Another node took the name at the same moment, with an invitation of its own.
      throw sqlState(error) === UNIQUE_VIOLATION ? nameTaken(name) : error;
    });
  }

  /** Says what an invitation gives a node of this name, and refuses as `enrol` does; the invitation stays open. */
  async offer(token: string, name: string): Promise<InvitationTerms> {
    const found = await this.invitationOf(token);
    const { used_at, revoked_at, expires_at, queues, labels, slots, ticket_login } = found;
    if (used_at !== null || revoked_at !== null || expires_at.getTime() <= Date.now()) throw whyUnusable(found);
    await this.demandFree(this.store.sql, name);
    return { queues, labels, slots, ticket_login };
  }

  /** Keys of nodes that count, by name. */
  async list(): Promise<StoredNodeKey[]> {
    return nodeKeyStore.list(this.store.sql);
  }

  /**
   * Ends the key of a node and its registration: from the commit on the record takes nothing of it, on any replica.
   * Throws `not_found`.
   */
  async revoke(name: string): Promise<void> {
    const gone = await this.store.tx(async (sql) => {
      const revoked = await nodeKeyStore.revoke(sql, name);
      if (revoked === null) return null;
      const before = { key: revoked.id };
      await auditStore.insert(sql, [
        auditOf(currentCaller(), { action: 'node.revoke', kind: 'agent', object_id: name, before }),
      ]);
      return revoked;
    });
    if (gone === null) throw new DroverError('not_found', `There is no enrolled node ${name}.`);
    if (gone.agent_id !== null) this.onRevoked(gone.agent_id);
  }

  /** The bounds of the node whose key this is. Throws `unauthenticated`. */
  async verify(key: string): Promise<NodeBounds> {
    const id = idIn('node', key);
    const found = id === null ? null : await nodeKeyStore.get(this.store.agents.sql, id);
    if (found === null || !isSame(found.key_hash, key))
      throw new DroverError(
        'unauthenticated',
        'The key of this node is unknown or was revoked: enrol the node again (`drover nodes invite` says how).',
      );
    const { name, queues, labels, slots, ticket_login } = found;
    return { key_id: found.id, name, queues, labels, slots, ticket_login };
  }

  /** Throws `conflict` where a node has a key for this name: only that key may register it. */
  async demandNoKey(name: string): Promise<void> {
    if ((await nodeKeyStore.byName(this.store.agents.sql, name)) !== null)
      throw new DroverError(
        'conflict',
        `The name ${name} belongs to an enrolled node, which registers with its own key: give this worker another DROVER_NODE_NAME, or revoke that node (\`drover nodes revoke ${name}\`).`,
        { name },
      );
  }

  async forgetOld(): Promise<void> {
    await invitationStore.forget(this.store.sql, KEPT_DAYS);
  }

  private async invitationOf(token: string): Promise<StoredInvitation> {
    const id = idIn('invite', token);
    const found = id === null ? null : await invitationStore.get(this.store.sql, id);
    if (!isSame(found?.token_hash, token) || found === null)
      throw new DroverError(
        'unauthenticated',
        'token: is no invitation of this broker, or a wrong one; an operator makes one with `drover nodes invite`.',
      );
    return found;
  }

  private async demandFree(sql: Parameters<typeof nodeKeyStore.byName>[0], name: string): Promise<void> {
    if ((await nodeKeyStore.byName(sql, name)) !== null) throw nameTaken(name);
    const agent = await agentStore.byName(sql, name);
    if (agent !== null && (agent.kind !== 'worker' || agent.state !== 'offline'))
      throw new DroverError('conflict', `name: an agent ${name} is there already; ${OTHER_NAME}.`, { name });
  }
}

/** Postgres's word for a key that is there already. */
const UNIQUE_VIOLATION = '23505';
const OTHER_NAME = 'choose another one with --name';

const nameTaken = (name: string): DroverError =>
  new DroverError(
    'conflict',
    `name: a node ${name} is enrolled already; ${OTHER_NAME}, or an operator revokes that node (\`drover nodes revoke ${name}\`).`,
    { name },
  );

/** The reason why an invitation cannot be used, for who has its token. */
function whyUnusable({ used_at, used_by, revoked_at, expires_at }: StoredInvitation): DroverError {
  const remedy = 'ask an operator for a new one (`drover nodes invite`)';
  const at = (time: Date): string => time.toISOString();
  if (used_at !== null)
    return new DroverError(
      'conflict',
      `token: this invitation was used at ${at(used_at)} by the node ${used_by}. If that was not you, tell an operator to revoke that node; else ${remedy}.`,
      { used_by },
    );
  if (revoked_at !== null)
    return new DroverError('conflict', `token: this invitation was revoked at ${at(revoked_at)}; ${remedy}.`);
  return new DroverError('conflict', `token: this invitation expired at ${at(expires_at)}; ${remedy}.`);
}
