import { errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { DroverError } from '@drover/domain';
import { refreshTokenStore, type Store } from '@drover/store';
import type { ClientsService } from './clients.service.js';
import { digestOf, makeRefreshToken } from './keys.js';
import type { Permissions, Principal } from './principal.js';
import { labName, roleOf } from './roles.js';

/** Life of an access token, seconds. */
export const ACCESS_TOKEN_S = 600;
/** Life of a refresh token, seconds. */
export const REFRESH_TOKEN_S = 6 * 86_400;
/** Clocks of hosts that make and check tokens may differ by so many seconds. */
const LEEWAY_S = 5;

/** Why a token was not taken. `expired`, `not_yet_valid`, `revoked`: log in again. The others: it never was a token of ours. */
export type TokenFault = 'expired' | 'not_yet_valid' | 'revoked' | 'signature' | 'malformed' | 'missing_claim';

const tokenFault = (fault: TokenFault, message: string): DroverError => new DroverError('unauthenticated', message, { token_fault: fault });

/** Access tokens (JWT, HS256, checked without a look at the record but for revocations) and the refresh tokens behind them. */
export class TokensService {
  constructor(
    private readonly store: Store,
    private readonly clients: ClientsService,
    private readonly key: Uint8Array,
  ) {}

  /** An access token with what the client is allowed now. */
  async access(permissions: Permissions): Promise<string> {
    const { client_id, role, max_priority, allowed_queues, max_reservation_time, email } = permissions;
    const claims = { client_id, role: labName(role), max_priority, allowed_queues, max_reservation_time, ...(email === undefined ? {} : { email }) };
    return new SignJWT({ permissions: claims })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject('access_token')
      .setIssuedAt()
      .setExpirationTime(`${ACCESS_TOKEN_S}s`)
      .sign(this.key);
  }

  async refreshToken(clientId: string): Promise<string> {
    const token = makeRefreshToken();
    await refreshTokenStore.insert(this.store.sql, { hash: digestOf(token), client_id: clientId, expires_at: new Date(Date.now() + REFRESH_TOKEN_S * 1000) });
    return token;
  }

  /** A new access token with the client's present permissions; null when the refresh token is unknown, revoked or expired. */
  async refresh(refreshToken: string): Promise<string | null> {
    const clientId = await refreshTokenStore.use(this.store.sql, digestOf(refreshToken));
    const client = clientId === null ? null : await this.clients.get(clientId);
    return client ? this.access(client) : null;
  }

  /** False: unknown, or revoked before. */
  async revoke(refreshToken: string): Promise<boolean> {
    return refreshTokenStore.revoke(this.store.sql, digestOf(refreshToken));
  }

  /** Who a token speaks for. Throws `unauthenticated` with `details.token_fault`. */
  async verify(token: string): Promise<Principal> {
    let payload: JWTPayload;
    try {
      payload = (await jwtVerify(token, this.key, { algorithms: ['HS256'], clockTolerance: LEEWAY_S, requiredClaims: ['exp', 'iat', 'sub'] })).payload;
    } catch (error) {
      throw faultOf(error);
    }
    if (typeof payload.iat !== 'number' || payload.iat > Date.now() / 1000 + LEEWAY_S) throw tokenFault('not_yet_valid', 'The token is not yet valid (iat)');
    const permissions = permissionsOf(payload['permissions']);
    if (await this.clients.isRevoked(permissions.client_id)) throw tokenFault('revoked', 'The client of this token was revoked');
    return { permissions };
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
    if (error.claim === 'nbf' && error.reason === 'check_failed') return tokenFault('not_yet_valid', 'The token is not yet valid (nbf)');
    return tokenFault('malformed', `Unable to decode token: ${error.message}`);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed) return tokenFault('signature', 'Invalid Token signature');
  return tokenFault('malformed', 'Unable to decode token');
}

/** Tokens may be made elsewhere with the same key: nothing in them is taken for granted but the signature. */
function permissionsOf(value: unknown): Permissions {
  const claims = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const role = claims['role'] === undefined ? 'submitter' : roleOf(claims['role']);
  if (role === null) throw tokenFault('malformed', `Unable to decode token: ${JSON.stringify(claims['role'])} is no role`);
  return {
    client_id: typeof claims['client_id'] === 'string' ? claims['client_id'] : '',
    role,
    max_priority: numbersOf(claims['max_priority']),
    allowed_queues: Array.isArray(claims['allowed_queues']) ? claims['allowed_queues'].filter((queue): queue is string => typeof queue === 'string') : [],
    max_reservation_time: numbersOf(claims['max_reservation_time']),
    ...(typeof claims['email'] === 'string' ? { email: claims['email'] } : {}),
  };
}

function numbersOf(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}
