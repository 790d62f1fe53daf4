import type { IncomingHttpHeaders } from 'node:http';

/** Over TLS the name says what the browser holds: sent over TLS alone, for this host alone, and set by it alone. */
const SECURE_NAME = '__Host-drover_session';
const PLAIN_NAME = 'drover_session';
const VALUE = /^[\w-]{20,100}$/;

/** The value of the session's cookie; null: there is none. That of TLS goes before the other. */
export function sessionCookieOf({ cookie = '' }: IncomingHttpHeaders): string | null {
  const pairs = cookie.split(';').map((pair) => pair.trim());
  for (const name of [SECURE_NAME, PLAIN_NAME]) {
    const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
    if (value !== undefined && VALUE.test(value)) return value;
  }
  return null;
}

/**
 * The headers that set the cookie of a session, or with `null` take it away. No script reads it, and no other site's
 * page sends it along. `secure`: the browser came over TLS.
 */
export function sessionCookies(session: { token: string; expires_at: Date } | null, secure: boolean): string[] {
  if (session === null) return [line(SECURE_NAME, '', new Date(0), true), line(PLAIN_NAME, '', new Date(0), false)];
  return [line(secure ? SECURE_NAME : PLAIN_NAME, session.token, session.expires_at, secure)];
}

const line = (name: string, value: string, end: Date, secure: boolean): string =>
  `${name}=${value}; Path=/; Expires=${end.toUTCString()}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
