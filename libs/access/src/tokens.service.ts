import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { DEFAULT_PROJECT, DroverError } from '@drover/domain';
import { refreshTokenStore, type Store } from '@drover/store';
import type { Client, ClientsService } from './clients.service.js';
import { digestOf, makeRefreshToken } from './keys.js';
import { isReservedName, type Permissions, type Principal } from './principal.js';
import { labName, roleOf } from './roles.js';
import type { TokenKeys } from './token-keys.js';

/** Life of an access token, seconds. */
export const ACCESS_TOKEN_S = 600;
/** Life of a refresh token, seconds. */
const REFRESH_TOKEN_S = 6 * 86_400;
/** Clocks of hosts that make and check tokens may differ by so many seconds. */
const LEEWAY_S = 5;

/**
 * Why a token was not taken. `expired`, `not_yet_valid`, `revoked`: log in again. The others: it never was a token of
 * ours.
 */
type TokenFault = 'expired' | 'not_yet_valid' | 'revoked' | 'signature' | 'malformed' | 'missing_claim';

const tokenFault = (fault: TokenFault, message: string): DroverError =>
  new DroverError('unauthenticated', message, { token_fault: fault });

/** The content of a token whose signature was checked. */
export interface TokenProof {
  /** The permissions of the client when the token was made. */
  permissions: Permissions;
  /** Undefined: made elsewhere. */
  generation: number | undefined;
  /** Seconds. */
  issuedAt: number;
  /** The hash of the session that the login came with; absent for tokens. */
  session?: Buffer;
}

/**
 * Access tokens (JWT, HS256) and the refresh tokens behind them. A token says who asks; what that client may do is read
 * from the record, where it is known there. Of a client that is not, the token alone speaks: it was made elsewhere,
 * with the same key.
 */
export class TokensService {
  constructor(
    private readonly store: Store,
    private readonly clients: ClientsService,
    private readonly keys: TokenKeys,
  ) {}

  /** An access token, with what the client is allowed now for programs that look into it. */
  async access(client: Client): Promise<string> {
    const { client_id, role, project, max_priority, allowed_queues, max_reservation_time, email, token_generation } =
      client;
    const { kid, key } = this.keys.present;
    const claims = {
      client_id,
      role: labName(role),
      max_priority,
      allowed_queues,
      max_reservation_time,
      ...(project === DEFAULT_PROJECT ? {} : { project }),
      ...(email === undefined ? {} : { email }),
    };
    return new SignJWT({ permissions: claims, gen: token_generation })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid })
      .setSubject('access_token')
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_S}s`)
      .sign(key);
  }

  /** Good as long as the key `client` logged in with: a login that a new key overtakes gets a token that is none. */
  async refreshToken({ client_id, token_generation }: Client): Promise<string> {
    const token = makeRefreshToken();
    const expires_at = new Date(Date.now() + REFRESH_TOKEN_S * 1000);
    await refreshTokenStore.insert(this.store.sql, {
      hash: digestOf(token),
      client_id,
      generation: token_generation,
      expires_at,
    });
    return token;
  }

  /**
   * A new access token with the client's present permissions; null when the refresh token is unknown, revoked or
   * expired.
   */
  async refresh(refreshToken: string): Promise<string | null> {
    const clientId = await refreshTokenStore.use(this.store.sql, digestOf(refreshToken));
    const client = clientId === null ? null : await this.clients.get(clientId);
    return client ? this.access(client) : null;
  }

  /** False: unknown, or revoked before. */
  async revoke(refreshToken: string): Promise<boolean> {
    return refreshTokenStore.revoke(this.store.sql, digestOf(refreshToken));
  }

  /** The client that a token speaks for. Throws `unauthenticated` with `details.token_fault`. */
  async verify(token: string): Promise<Principal & { proof: TokenProof }> {
    const payload = await this.payloadOf(token).catch((error: unknown) => {
      throw faultOf(error);
    });
    if (typeof payload.iat !== 'number' || payload.iat > Date.now() / 1000 + LEEWAY_S)
      throw tokenFault('not_yet_valid', 'The token is not yet valid (iat)');
    const permissions = permissionsOf(payload['permissions']);
    const generation = typeof payload['gen'] === 'number' ? payload['gen'] : undefined;
    const proof = { permissions, generation, issuedAt: payload.iat };
    return { permissions: await this.present(proof), proof };
  }

  /**
   * The permissions that the client of an accepted token has now. Throws `unauthenticated` when the token has ended
   * since (not when it expired).
   */
  async present({ permissions, session, ...token }: TokenProof): Promise<Permissions> {
    if (session !== undefined && (await refreshTokenStore.find(this.store.sql, session)) === null)
      throw tokenFault('revoked', 'This session has ended. Log in again');
    if (isReservedName(permissions.client_id))
      throw tokenFault('malformed', `Unable to decode token: ${permissions.client_id} is the name of no client`);
    const standing = await this.clients.standing(permissions.client_id, token);
    if (standing === 'ended')
      throw tokenFault('revoked', 'This token ended: its client was revoked, or has a new key. Log in again');
    return standing === 'unknown' ? permissions : permissionsIn(standing);
  }

  /** The content of a token that one of the keys signed. */
  private async payloadOf(token: string): Promise<JWTPayload> {
    const options = { algorithms: ['HS256'], clockTolerance: LEEWAY_S, requiredClaims: ['exp', 'iat', 'sub'] };
    let failure: unknown;
    for (const { key } of this.keys.candidates(token)) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  /** Refresh tokens nobody has used for 90 days. */
  async forgetUnused(): Promise<void> {
    await refreshTokenStore.forgetUnused(this.store.sql, 90);
  }
}

function faultOf(error: unknown): DroverError {
  if (error instanceof errors.JWTExpired) return tokenFault('expired', 'Token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.reason === 'missing') return tokenFault('missing_claim', `Token missing required claim: ${error.claim}`);
    if (error.claim === 'nbf' && error.reason === 'check_failed')
      return tokenFault('not_yet_valid', 'The token is not yet valid (nbf)');
    return tokenFault('malformed', `Unable to decode token: ${error.message}`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed)
    return tokenFault('signature', 'Invalid Token signature');
  return tokenFault('malformed', 'Unable to decode token');
}

/** A client's permissions, without what else the record knows of it. */
export function permissionsIn({
  created_at: _c,
  updated_at: _u,
  revoked_at: _r,
  token_generation: _g,
  ...permissions
}: Client): Permissions {
  return permissions;
}

/** Tokens may be made elsewhere with the same key: nothing in them is taken for granted but the signature. */
function permissionsOf(value: unknown): Permissions {
  const claims = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const role = claims['role'] === undefined ? 'submitter' : roleOf(claims['role']);
  if (role === null)
    throw tokenFault('malformed', `Unable to decode token: ${JSON.stringify(claims['role'])} is no role`);
  return {
    client_id: typeof claims['client_id'] === 'string' ? claims['client_id'] : '',
    role,
    project: typeof claims['project'] === 'string' ? claims['project'] : DEFAULT_PROJECT,
    max_priority: numbersOf(claims['max_priority']),
    allowed_queues: Array.isArray(claims['allowed_queues'])
      ? claims['allowed_queues'].filter((queue): queue is string => typeof queue === 'string')
      : [],
    max_reservation_time: numbersOf(claims['max_reservation_time']),
    ...(typeof claims['email'] === 'string' ? { email: claims['email'] } : {}),
  };
}

function numbersOf(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
