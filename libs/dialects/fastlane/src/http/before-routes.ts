import { randomUUID, timingSafeEqual, createHash } from 'node:crypto';
import { gzip } from 'node:zlib';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '@drover/telemetry';
import type { FastlaneSettings } from './fastlane-settings.js';
import { isOurs, knownPath, normalPath } from './paths.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The handler that every request of this API passes first: one spelling of the path, CORS, the login, 404 and 405 in
 * its own words, gzip.
 */
export function front(settings: FastlaneSettings, log: Logger) {
  const login = basicAuth(settings);
  return (request: Request, response: Response, next: NextFunction): void => {
    const mark = request.url.indexOf('?');
    const pathname = mark < 0 ? request.url : request.url.slice(0, mark);
    if (!isOurs(pathname)) return next();
    const path = normalPath(pathname);
    log.debug(
      { request_id: request.get('x-request-id') ?? randomUUID(), method: request.method, path },
      'fastlane request',
    );
    if (settings.enableCors) allowOrigin(request, response, settings.corsOrigins);
    const known = knownPath(path);
    // A page of nobody at the root of another API's path is answered by whoever has it.
    if (!known && !path.startsWith('/tasks')) return next();
    if (known && request.method === 'OPTIONS') return preflight(request, response, known.methods, settings);
    if (!login(request.headers.authorization)) {
      response.setHeader('WWW-Authenticate', `Basic realm="${settings.basicRealm.replace(/["\\]/g, '')}"`);
      return refuse(response, 401, 'The login is missing or wrong.', known?.operation ?? 'route');
    }
    if (!known || !decodable(path)) return refuse(response, 404, 'There is no such path.', 'route');
    const methods = known.methods.includes('GET') ? [...known.methods, 'HEAD'] : known.methods;
    if (!methods.includes(request.method)) {
      response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '));
      return refuse(response, 405, `The method ${request.method} is not possible here.`, known.operation);
    }
    request.url = mark < 0 ? path : path + request.url.slice(mark);
    zipJson(request, response);
    next();
  };
}

function refuse(response: Response, status: number, error: string, operation: string): void {
  response.status(status).json({ error, operation });
}

/** Names of tasks come percent-encoded; a slash or a broken code in one is no name. */
function decodable(path: string): boolean {
  try {
    // eslint-disable-next-line no-control-regex
    return path.split('/').every((segment) => !/[/\u0000]/.test(decodeURIComponent(segment)));
  } catch {
    return false;
  }
}

/** True when the login fits, or none is wanted. */
export function basicAuth({
  basicUser,
  basicPassword,
}: Pick<FastlaneSettings, 'basicUser' | 'basicPassword'>): (header: string | undefined) => boolean {
  if (basicUser === null || basicPassword === null) return () => true;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(`${basicUser}:${basicPassword}`);
  return (header) => {
    const [, code = ''] = /^Basic\s+(\S+)$/i.exec(header ?? '') ?? [];
    return timingSafeEqual(digest(Buffer.from(code, 'base64').toString('utf8')), wanted);
  };
}

function allowOrigin(request: Request, response: Response, allowed: readonly string[]): void {
  const origin = request.get('origin');
  if (origin === undefined) {
    if (allowed.includes('*')) response.setHeader('Access-Control-Allow-Origin', '*');
    return;
  }
  response.vary('Origin');
  if (allowed.includes('*') || allowed.includes(origin)) response.setHeader('Access-Control-Allow-Origin', origin);
}

function preflight(request: Request, response: Response, methods: readonly string[], settings: FastlaneSettings): void {
  const all = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  response.setHeader('Allow', all.join(', '));
  if (settings.enableCors && request.get('access-control-request-method') !== undefined) {
    // Origins that are not named may read at most: the door refuses the rest.
    const may = settings.corsOrigins.includes(request.get('origin') ?? '')
      ? all
      : all.filter((method) => READING.has(method));
    response.setHeader('Access-Control-Allow-Methods', may.join(', '));
    const headers = request.get('access-control-request-headers');
    if (headers !== undefined) response.setHeader('Access-Control-Allow-Headers', headers);
  }
  response.status(200).end();
}

/** JSON of a success goes out zipped when the client takes that. */
function zipJson(request: Request, response: Response): void {
  if (!/\bgzip\b/i.test(String(request.headers['accept-encoding'] ?? '')) || request.method === 'HEAD') return;
  const plain = response.json.bind(response);
  response.json = (body: unknown): Response => {
    if (response.statusCode < 200 || response.statusCode > 299) return plain(body);
    gzip(JSON.stringify(body), (error, zipped) => {
      if (error) return void plain(body);
      response.setHeader('Content-Encoding', 'gzip');
      response.vary('Accept-Encoding');
      response.type('application/json').send(zipped);
    });
    return response;
  };
}
