import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Config, originOf } from '@drover/config';
import { httpRequests, type Logger } from '@drover/telemetry';
import type { Problem } from '../problem.js';
import { OwnHosts } from './hosts.js';
import { isOwnPage, senderOf } from './origins.js';
import { foreignHost, foreignOrigin, noHost, unreadable } from './refusal.js';

/** Methods that change nothing, but for the GETs that say they do. */
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** Headers of answers that pages of named origins may read. */
const READABLE = 'X-Request-Id, Location, Retry-After, WWW-Authenticate, Content-Range';
const PREFLIGHT_S = '600';
/** Each refused name is logged once; somebody who makes names up fills no log. */
const MOST_LOGGED = 100;

/**
 * Stands before everything else of the API: no listener, lane, router or websocket sees a request that does
 * not pass. A request must name one of our hosts, and what changes something must not come from a web page of
 * another origin, unless a setting names that origin.
 * Programs send no Origin and pass as they are. It asks for nobody's login and does not care whether there is one.
 */
export class Door {
  private readonly hosts: OwnHosts;
  private readonly ownOrigins: ReadonlySet<string>;
  private readonly named: ReadonlySet<string>;
  private readonly namedBelow: { has(path: string): boolean; origins: ReadonlySet<string> }[] = [];
  private readonly logged = new Set<string>();
  private changesByGet: (path: string) => boolean = () => true;

  constructor(
    config: Config,
    private readonly log: Logger,
    /** URLs and hosts by which the settings of dialects name this API. */
    addresses: readonly string[] = [],
  ) {
    this.hosts = new OwnHosts(config, addresses);
    this.named = new Set(config.doors.origins);
    const urls = [config.doors.publicUrl, ...addresses].filter(
      (url) => url !== null && /^https?:/i.test(url) && URL.canParse(url),
    ) as string[];
    this.ownOrigins = new Set(urls.map((url) => originOf(new URL(url).origin)));
  }

  /** Origins that a dialect's own setting names, for the paths it serves. */
  name(has: (path: string) => boolean, origins: readonly string[]): void {
    this.namedBelow.push({ has, origins: new Set(origins) });
  }

  /** Says which GETs change something. Until then, all of them do. */
  knows(changesByGet: (path: string) => boolean): void {
    this.changesByGet = changesByGet;
  }

  /** Whether the headers of a request prove that one of our own pages sent it: only then a session's cookie counts. */
  isOwnPage(headers: IncomingHttpHeaders): boolean {
    return isOwnPage(headers, this.ownOrigins);
  }

  /** Stands before every listener the server has and will have. */
  install(server: Server): void {
    const emit = server.emit.bind(server) as (event: string | symbol, ...given: unknown[]) => boolean;
    server.emit = ((event: string | symbol, ...given: unknown[]): boolean => {
      switch (event) {
        case 'request':
        case 'checkContinue':
        case 'checkExpectation':
          return this.admits(given[0] as IncomingMessage, given[1] as ServerResponse) ? emit(event, ...given) : true;
        case 'upgrade':
        case 'connect':
          return this.admitsSocket(given[0] as IncomingMessage, given[1] as Duplex) ? emit(event, ...given) : true;
        default:
          return emit(event, ...given);
      }
    }) as Server['emit'];
  }

  private admits(request: IncomingMessage, response: ServerResponse): boolean {
    const refusal = this.judge(request, false);
    if (refusal) {
      this.refuse(request, response, refusal);
      return false;
    }
    const { method = '' } = request;
    if (method === 'GET' || method === 'HEAD') {
      // Neither an image, a script nor a style of another site: these would be read without CORS.
      response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
      response.setHeader('X-Content-Type-Options', 'nosniff');
    }
    return !this.shares(request, response);
  }

  private admitsSocket(request: IncomingMessage, socket: Duplex): boolean {
    const refusal = this.judge(request, true);
    if (!refusal) return true;
    this.note(request, refusal);
    const body = JSON.stringify(refusal);
    socket.on('error', () => undefined);
    socket.end(
      [
        `HTTP/1.1 ${refusal.status} ${refusal.title}`,
        'Connection: close',
        'Content-Type: application/problem+json',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
    return false;
  }

  /** A listener of the server that throws ends the process: what cannot be judged is refused. */
  private judge(request: IncomingMessage, upgrade: boolean): Problem | null {
    try {
      return this.faultOf(request, upgrade);
    } catch (error) {
      this.log.error(
        { err: error, method: request.method, path: pathOf(request.url ?? '').slice(0, 200) },
        'no verdict',
      );
      return unreadable();
    }
  }

  /** Why a request may not come in; null: it may. */
  private faultOf(request: IncomingMessage, upgrade: boolean): Problem | null {
    const { headers, rawHeaders, socket } = request;
    const { host } = headers;
    // HTTP/1.0 may leave it out; no browser does.
    if (host !== undefined) {
      if (isTwice(rawHeaders)) return noHost();
      if (!this.hosts.has(host, socket.localAddress)) return foreignHost(host);
    }
    const away = toPath(request);
    if (away !== null && !this.hosts.has(away, socket.localAddress)) return foreignHost(away);
    const path = pathOf(request.url ?? '');
    const { method = '' } = request;
    if (!upgrade && READING.has(method) && (method === 'OPTIONS' || !this.changes(path))) return null;
    if (senderOf(headers, this.ownOrigins, (origin) => this.isNamed(origin, path)) !== 'foreign') return null;
    return foreignOrigin(headers.origin, headers['sec-fetch-site'] as string | undefined);
  }

  /** A path that is no plain text could be another one to the router. */
  private changes(path: string): boolean {
    return !/^[\x21-\x7e]*$/.test(path) || this.changesByGet(path);
  }

  private isNamed(origin: string, path: string): boolean {
    return this.named.has(origin) || this.namedBelow.some(({ has, origins }) => origins.has(origin) && has(path));
  }

  /** Lets pages of the origins of DROVER_ORIGINS read the answer. True: it was a preflight, and is answered. */
  private shares({ method, headers }: IncomingMessage, response: ServerResponse): boolean {
    const { origin, 'access-control-request-method': wanted, 'access-control-request-headers': names } = headers;
    if (origin === undefined || !this.named.has(origin)) return false;
    response.setHeader('Access-Control-Allow-Origin', origin);
    response.setHeader('Access-Control-Expose-Headers', READABLE);
    response.setHeader('Vary', 'Origin');
    if (method !== 'OPTIONS' || wanted === undefined) return false;
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Max-Age', PREFLIGHT_S);
    if (names !== undefined) response.setHeader('Access-Control-Allow-Headers', names);
    if (headers['access-control-request-private-network'] === 'true')
      response.setHeader('Access-Control-Allow-Private-Network', 'true');
    response.writeHead(204).end();
    return true;
  }

  private refuse(request: IncomingMessage, response: ServerResponse, refusal: Problem): void {
    this.note(request, refusal);
    const body = JSON.stringify(refusal);
    response.writeHead(refusal.status, {
      'Content-Type': 'application/problem+json',
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': randomUUID(),
    });
    response.end(body);
  }

  private note(request: IncomingMessage, refusal: Problem): void {
    httpRequests.observe(
      {
        method: READING.has(request.method ?? '') ? (request.method as string) : 'other',
        route: 'none',
        status: '4xx',
      },
      0,
    );
    const { host, origin } = request.headers;
    const about = refusal.status === 421 ? `${refusal.code} ${host}` : `${refusal.code} ${origin}`;
    if (this.logged.has(about) || this.logged.size >= MOST_LOGGED) return;
    this.logged.add(about);
    this.log.warn(
      {
        method: request.method,
        path: pathOf(request.url ?? '').slice(0, 200),
        host: host?.slice(0, 200),
        origin: origin?.slice(0, 200),
        status: refusal.status,
      },
      refusal.detail,
    );
  }
}

function isTwice(rawHeaders: readonly string[]): boolean {
  let seen = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') seen += 1;
  }
  return seen > 1;
}

/** `GET http://name/path`: what follows sees the path only. Gives the name; null where there is none. */
function toPath(request: IncomingMessage): string | null {
  const [, authority, rest = ''] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/i.exec(request.url ?? '') ?? [];
  if (authority === undefined) return null;
  request.url = rest.startsWith('/') ? rest : `/${rest}`;
  return authority;
}

const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';
