import type { IncomingHttpHeaders } from 'node:http';

/** The sender of a request: a program or a page of our own, a page of an origin that a setting names, or any other page. */
export type Sender = 'own' | 'named' | 'foreign';

const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };
const ORIGIN = /^([a-z][a-z0-9+.-]*:)\/\/([^\s/?#@]+)$/;

/**
 * Judges the headers that browsers add and pages cannot change. Programs send none of them. Browsers leave `Origin` out
 * of GETs that need no CORS, and `Sec-Fetch-Site` out of requests to plain HTTP beyond loopback; then `Referer` has to
 * say that the page was ours.
 *
 * `ownOrigins`: origins of this API that its Host does not tell, because a proxy stands between.
 */
export function senderOf(
  headers: IncomingHttpHeaders,
  ownOrigins: ReadonlySet<string>,
  isNamed: (origin: string) => boolean,
): Sender {
  const { host = '', origin, 'sec-fetch-site': site, referer } = headers;
  if (origin !== undefined && origin !== 'null' && isNamed(origin)) return 'named';
  if (origin !== undefined && !isOwn(origin, host, ownOrigins)) return 'foreign';
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'foreign';
  if (origin !== undefined || !isBrowser(headers)) return 'own';
  return referer !== undefined && isOwn(originOfUrl(referer), host, ownOrigins) ? 'own' : 'foreign';
}

/**
 * Whether the headers prove that a page of our own sent the request: what browsers add must say so. Programs, which say
 * nothing, and addresses that were typed prove nothing. `ownOrigins` as for `senderOf`.
 */
export function isOwnPage(headers: IncomingHttpHeaders, ownOrigins: ReadonlySet<string>): boolean {
  const { host = '', origin, 'sec-fetch-site': site, referer } = headers;
  if (origin !== undefined && !isOwn(origin, host, ownOrigins)) return false;
  if (site !== undefined) return site === 'same-origin';
  if (origin !== undefined) return true;
  return referer !== undefined && isOwn(originOfUrl(referer), host, ownOrigins);
}

/** The scheme is not compared: behind a proxy that speaks TLS ours is http, and the browser's https. */
function isOwn(origin: string, host: string, ownOrigins: ReadonlySet<string>): boolean {
  if (ownOrigins.has(origin)) return true;
  const [, scheme = '', authority = ''] = ORIGIN.exec(origin) ?? [];
  const port = PORTS[scheme];
  return port !== undefined && withoutPort(authority, port) === withoutPort(host.toLowerCase(), port);
}

const withoutPort = (authority: string, port: string): string =>
  authority.endsWith(`:${port}`) ? authority.slice(0, -port.length - 1) : authority;

function originOfUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'null';
}

/** Every browser says Mozilla and its user's languages; PowerShell says the first only, Node's fetch the second. */
const isBrowser = ({ 'user-agent': agent, 'accept-language': languages }: IncomingHttpHeaders): boolean =>
  languages !== undefined && agent !== undefined && agent.startsWith('Mozilla/');
