import { SignJWT } from 'jose';

/** The key the API under test is given. */
export const JWT_KEY = 'my_secret_key_of_32_characters_and_more';

export interface Claims {
  client_id?: string;
  project?: string;
  role?: string;
  max_priority?: Record<string, number>;
  allowed_queues?: string[];
  max_reservation_time?: Record<string, number>;
}

/** A token as a host that shares the key makes one. `age`: seconds since it was issued. */
export async function mint(
  permissions: Claims,
  options: { key?: string; age?: number; lifetime?: number; without?: 'exp' | 'iat' | 'sub' } = {},
): Promise<string> {
  const issued = Math.floor(Date.now() / 1000) - (options.age ?? 0);
  const claims = { permissions, sub: 'access_token', iat: issued, exp: issued + (options.lifetime ?? 600) } as Record<
    string,
    unknown
  >;
  if (options.without) delete claims[options.without];
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(Buffer.from(options.key ?? JWT_KEY));
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The token nobody signed. */
export function unsigned(permissions: Claims): string {
  const now = Math.floor(Date.now() / 1000);
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ permissions, sub: 'access_token', iat: now, exp: now + 600 })}.`;
}
