import { refreshTokenStore, type Store } from '@drover/store';
import type { Client, ClientsService } from './clients.service.js';
import { digestOf, makeRefreshToken } from './keys.js';
import type { Principal } from './principal.js';
import { permissionsIn, type TokenProof } from './tokens.service.js';

/** Life of a session, seconds: a working day. Using it does not make it longer. */
const SESSION_S = 43_200;

/** A login of a browser, as its cookie proves it. */
export interface Session {
  principal: Principal;
  proof: TokenProof;
  expires_at: Date;
}

/**
 * Sessions of browsers. The cookie holds a random text, the record its hash, beside those of refresh tokens. The text
 * is hashed with a word of its own before it: a cookie is no refresh token, and a refresh token is no cookie.
 */
export class SessionsService {
  constructor(
    private readonly store: Store,
    private readonly clients: ClientsService,
    /** Is told of the client whose session has ended: streams of that session end. */
    private readonly ring: (clientId: string) => void = () => undefined,
  ) {}

  /** Opens a session of a client that has logged in; `token` is for its cookie, and is shown this once. */
  async open({ client_id, token_generation }: Client): Promise<{ token: string; expires_at: Date }> {
    const token = makeRefreshToken();
    const expires_at = new Date(Date.now() + SESSION_S * 1000);
    await refreshTokenStore.insert(this.store.sql, {
      hash: hashOf(token),
      client_id,
      generation: token_generation,
      expires_at,
    });
    return { token, expires_at };
  }

  /**
   * The login of a cookie, with what its client is allowed now; null: unknown, ended or expired, or its client is
   * revoked.
   */
  async verify(token: string): Promise<Session | null> {
    const session = hashOf(token);
    const found = await refreshTokenStore.find(this.store.sql, session);
    if (found === null) return null;
    const { client_id, generation, expires_at } = found;
    const issuedAt = found.issued_at.getTime() / 1000;
    const client = await this.clients.standing(client_id, { generation, issuedAt });
    if (client === 'ended' || client === 'unknown') return null;
    const permissions = permissionsIn(client);
    return { principal: { permissions }, proof: { permissions, generation, issuedAt, session }, expires_at };
  }

  /** Ends a session, on every replica, with the streams that it opened. One that is unknown has ended already. */
  async end(token: string): Promise<void> {
    const hash = hashOf(token);
    const found = await refreshTokenStore.find(this.store.sql, hash);
    if (found === null || !(await refreshTokenStore.revoke(this.store.sql, hash))) return;
    this.ring(found.client_id);
  }
}

const hashOf = (token: string): Buffer => digestOf(`session ${token}`);
