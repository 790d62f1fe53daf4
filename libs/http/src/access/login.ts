import type { Duplex } from 'node:stream';
import type { NextFunction, Request, Response } from 'express';
import {
  ANONYMOUS,
  currentPrincipal,
  may,
  ownerOf,
  serveRequest,
  type Execution,
  type ExecutionTokens,
  type Principal,
  type SessionsService,
  type TokenProof,
  type TokensService,
} from '@drover/access';
import type { Config } from '@drover/config';
import { DroverError, isDroverError } from '@drover/domain';
import type { Door } from '../door/door.js';
import type { LiveLogins } from './live-logins.js';
import { sessionCookieOf } from './session-cookie.js';

/** The login that a request carries. */
export interface Login {
  principal: Principal;
  /** The token was no good; the principal is anonymous then. Guards decide what that means for their route. */
  fault: DroverError | null;
  /** The request comes from within this job, with the token of its execution. */
  job_id: string | null;
  execution: Execution | null;
  /** The end of the browser's session that the request came with. Null: it came with a token, or with nothing. */
  session_until: Date | null;
}

const NOBODY: Login = { principal: ANONYMOUS, fault: null, job_id: null, execution: null, session_until: null };

type WithLogin = Request & { login?: Login };

export const loginOf = (request: Request): Login => (request as WithLogin).login ?? NOBODY;

/** The owner of the jobs of this request: the client that logged in, else `anonymous`. */
export const requestOwner = (request: Request): string => ownerOf(currentPrincipal() ?? loginOf(request).principal);

/** The same where no request is at hand. */
export const presentOwner = (): string => ownerOf(currentPrincipal() ?? ANONYMOUS);

/** The bearer token of a request; old clients send it bare. Null for other schemes. */
function bearerOf(authorization: string | undefined): string | null {
  const text = authorization?.trim() ?? '';
  const bearer = /^Bearer\s+(\S+)$/i.exec(text)?.[1];
  if (bearer !== undefined) return bearer;
  return text !== '' && !/\s/.test(text) ? text : null;
}

/** Finds out who sends a request or opens a connection. */
export class Logins {
  private readonly open: boolean;

  constructor(
    { auth }: Pick<Config, 'auth'>,
    private readonly tokens: TokensService,
    private readonly executions: ExecutionTokens,
    private readonly live: LiveLogins,
    private readonly sessions: SessionsService,
    private readonly door: Door,
  ) {
    this.open = auth === 'none';
  }

  /** Finds out who sends each request, and lets everything the request starts know. Refuses nothing: that is for guards. */
  identify() {
    const { open } = this;
    return (request: WithLogin, response: Response, next: NextFunction): void => {
      const isOfWorker = request.path.startsWith('/agent/v1');
      const token = isOfWorker ? null : bearerOf(request.headers.authorization);
      const address = request.socket.remoteAddress ?? null;
      const cookie = isOfWorker || open || request.headers.authorization !== undefined ? null : this.cookieOf(request);
      const finding = token !== null ? this.loginWith(token) : cookie !== null ? this.loginOfSession(cookie) : null;
      if (finding === null) {
        request.login = NOBODY;
        // Workers and samples come by the thousand a second and are not in the audit trail: they need no context.
        if (isOfWorker || (open && isSample(request.method, request.path))) next();
        else serveRequest({ principal: ANONYMOUS, open, address }, next);
        return;
      }
      finding.then(
        (login) => {
          request.login = login;
          // An answer that has begun and has not ended is a stream: it ends with what entitled to it.
          this.watch(
            login,
            () => response.headersSent && !response.writableEnded && response.destroy(),
            (ended) => response.once('close', ended),
          );
          serveRequest({ principal: login.principal, execution: login.execution, open, address }, next);
        },
        (error: unknown) => next(error),
      );
    };
  }

  /**
   * The client that opens a connection which is no request to a route (a websocket), if it may read; null: it may not.
   * The connection is ended with what entitled to it.
   */
  async readerOf(authorization: string | undefined, socket: Duplex): Promise<Principal | null> {
    if (this.open) return ANONYMOUS;
    const token = bearerOf(authorization);
    if (token === null) return null;
    const login = await this.loginWith(token);
    if (!may(login.principal, 'read')) return null;
    this.watch(
      login,
      () => socket.destroy(),
      (ended) => socket.once('close', ended),
    );
    return login.principal;
  }

  /**
   * The session that a request may use. A cookie comes with whatever any page makes the browser send, so it counts only
   * where the browser says that a page of our own sends it.
   */
  private cookieOf({ headers }: Request): string | null {
    const cookie = sessionCookieOf(headers);
    return cookie !== null && this.door.isOwnPage(headers) ? cookie : null;
  }

  private async loginOfSession(cookie: string): Promise<LoginWithProof> {
    const session = await this.sessions.verify(cookie);
    if (session)
      return { ...NOBODY, principal: session.principal, proof: session.proof, session_until: session.expires_at };
    return { ...NOBODY, fault: new DroverError('unauthenticated', 'This session has ended: log in again.') };
  }

  private watch({ principal, proof }: LoginWithProof, cut: () => unknown, onEnd: (ended: () => void) => unknown): void {
    if (principal.permissions && proof) onEnd(this.live.watch(proof, principal.permissions, () => void cut()));
  }

  private async loginWith(token: string): Promise<LoginWithProof> {
    const execution = this.executions.verify(token);
    if (execution) {
      return (await this.executions.isOpen(execution))
        ? { ...NOBODY, job_id: execution.job_id, execution }
        : {
            ...NOBODY,
            fault: new DroverError('unauthenticated', 'The execution of this token has ended, and the token with it.'),
          };
    }
    try {
      const { permissions, proof } = await this.tokens.verify(token);
      return { ...NOBODY, principal: { permissions }, proof };
    } catch (error) {
      if (!isDroverError(error, 'unauthenticated')) throw error;
      return { ...NOBODY, fault: error };
    }
  }
}

type LoginWithProof = Login & { proof?: TokenProof };

/** A report of one sample. It is a reading, as output is: the audit trail keeps changes, and no readings. */
const isSample = (method: string, path: string): boolean => method === 'POST' && SAMPLE.test(path);
const SAMPLE = /^\/v1\/jobs\/[^/]+\/metrics\/?$/;
