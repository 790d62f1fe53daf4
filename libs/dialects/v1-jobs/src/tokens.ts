import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT } from 'jose';
import { Keyring } from '@drover/access';
import { CONFIG, type Config, settingsOf } from '@drover/config';
import { v1LoginSettings } from './config.js';
import { authRefusal, Refusal } from './refusal.js';

export interface V1User {
  /** The user's name, as an access token has it in `sub`. */
  id: string;
  name: string;
  superuser: boolean;
  active: boolean;
}

type Known = V1User & { password: string | null };

const BEARER = { 'WWW-Authenticate': 'Bearer' };
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
/** Never tell with a token which part of it was wrong. */
const denied = (): Refusal => new Refusal(400, { Message: 'Denied', error: 'invalid_request', message: 'Denied' });

/** The users of /v1 and their tokens: HS256 with the key shared by server and clients. */
@Injectable()
export class V1Tokens {
  private readonly users: Known[];
  private readonly random = randomBytes(16).toString('hex');

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly keyring: Keyring,
  ) {
    const { user, token, users } = settingsOf(config, v1LoginSettings);
    this.users = [
      { id: '1', name: user, password: token, superuser: true, active: true },
      ...users.map((plain, index) => ({
        id: String(index + 2),
        name: plain.name,
        password: plain.password,
        superuser: false,
        active: plain.active,
      })),
    ];
  }

  /** The user of a request without a login. */
  get nobody(): V1User {
    return { id: '0', name: settingsOf(this.config, v1LoginSettings).user, superuser: false, active: true };
  }

  /** Name and password. Null: wrong, or the user has none. Takes the same time either way. */
  check(name: string, password: string): V1User | null {
    const found = this.users.find((user) => user.name === name);
    const right = same(password, found?.password ?? this.random);
    return found && found.password !== null && right ? found : null;
  }

  /** The token by which a client proves that it shares the key: `{user, pass, scope: "token"}`. @throws the refusal */
  async exchange(authorization: string | undefined): Promise<string> {
    const text = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (text === undefined) throw denied();
    const claims = await this.claims(text);
    const { user, pass, scope } = claims ?? {};
    if (typeof user !== 'string' || typeof pass !== 'string' || scope !== 'token') throw denied();
    const known = this.check(user, pass);
    if (!known?.active) throw denied();
    return this.issue(known);
  }

  issue(user: V1User): Promise<string> {
    const expires = Math.floor(Date.now() / 1000) + settingsOf(this.config, v1LoginSettings).accessTokenMinutes * 60;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(user.id)
      .setExpirationTime(expires)
      .sign(this.keys()[0] as Uint8Array);
  }

  /** The user of a Bearer or Basic header. @throws the refusal */
  async userOf(authorization: string | undefined): Promise<V1User> {
    if (authorization === undefined || authorization.trim() === '') throw authRefusal(401, 'Not authenticated', BEARER);
    const basic = this.basic(authorization);
    if (basic !== undefined) {
      if (basic === null) throw authRefusal(401, 'Could not validate credentials', BEARER);
      return active(basic);
    }
    const text = /^Bearer (\S+)$/i.exec(authorization)?.[1];
    if (text === undefined) throw authRefusal(401, 'Not authenticated', BEARER);
    const claims = await this.claims(text);
    // 401, not upstream's 403: the client gets itself a new token on 401 only.
    if (typeof claims?.['sub'] !== 'string' || typeof claims['exp'] !== 'number')
      throw authRefusal(401, 'Could not validate credentials', BEARER);
    const user = this.users.find((known) => known.id === claims['sub']);
    if (!user) throw authRefusal(404, 'User not found');
    return active(user);
  }

  /** Undefined: no Basic header. Null: a wrong one. */
  basic(authorization: string | undefined): V1User | null | undefined {
    const encoded = /^Basic (\S+)$/i.exec(authorization ?? '')?.[1];
    if (encoded === undefined) return undefined;
    const pair = Buffer.from(encoded, 'base64').toString('utf8');
    const at = pair.indexOf(':');
    return at < 0 ? null : this.check(pair.slice(0, at), pair.slice(at + 1));
  }

  /**
   * The first one signs, all of them are taken. Without a key shared with the clients: those of the installation, the
   * same on every replica.
   */
  private keys(): Uint8Array[] {
    const { secretKey } = settingsOf(this.config, v1LoginSettings);
    return secretKey === null
      ? this.keyring.accepted('flux-tokens').map(({ key }) => key)
      : [new TextEncoder().encode(secretKey)];
  }

  private async claims(token: string): Promise<Record<string, unknown> | null> {
    for (const key of this.keys()) {
      try {
        return (await jwtVerify(token, key, { algorithms: ['HS256'] })).payload;
      } catch {
        // Another key may have signed it.
      }
    }
    return null;
  }
}

function active(user: V1User): V1User {
  if (!user.active) throw authRefusal(400, 'Inactive user');
  return user;
}
