import type { NextFunction, Request, Response } from 'express';
import type { Duplex } from 'node:stream';
import { ANONYMOUS, currentPrincipal, may, ownerOf, runAs, type Principal, type TokenProof } from '@drover/access';
import { isDroverError, type DroverError } from '@drover/domain';
import type { Core } from '../core/core.js';
import type { Access } from './access.js';

/** What a request says of who sends it. */
export interface Login {
  principal: Principal;
  /** The token was no good; the principal is anonymous then. Guards decide what that means for their route. */
  fault: DroverError | null;
  /** The request comes from within this job, with the token of its execution. */
  job_id: string | null;
}

const NOBODY: Login = { principal: ANONYMOUS, fault: null, job_id: null };

type WithLogin = Request & { login?: Login };

export const loginOf = (request: Request): Login => (request as WithLogin).login ?? NOBODY;

/** Who the jobs of this request belong to: the client that logged in, else `anonymous`. */
export const requestOwner = (request: Request): string => ownerOf(loginOf(request).principal);

/** The same where no request is at hand. */
export const presentOwner = (): string => ownerOf(currentPrincipal() ?? ANONYMOUS);

/** The bearer token of a request; old clients send it bare. Null for other schemes. */
export function bearerOf(authorization: string | undefined): string | null {
  const text = authorization?.trim() ?? '';
  const bearer = /^Bearer\s+(\S+)$/i.exec(text)?.[1];
  if (bearer !== undefined) return bearer;
  return text !== '' && !/\s/.test(text) ? text : null;
}

/** Finds out who sends each request, and lets everything the request starts know. Refuses nothing: that is for guards. */
export function identify(core: Core, access: Access) {
  return (request: WithLogin, response: Response, next: NextFunction): void => {
    const token = request.path.startsWith('/agent/v1') ? null : bearerOf(request.headers.authorization);
    if (token === null) {
      // No context for nobody: AsyncLocalStorage taxes every promise of the process from its first run on (5 % of a submit).
      request.login = NOBODY;
      next();
      return;
    }
    loginWith(token, core, access).then(
      (login) => {
        request.login = login;
        // An answer that has begun and has not ended is a stream: it ends with what entitled to it.
        watch(access, login, () => response.headersSent && !response.writableEnded && response.destroy(), (ended) => response.once('close', ended));
        runAs(login.principal, next);
      },
      (error: unknown) => next(error),
    );
  };
}

/** Whether who opens a connection that is no request to a route (a websocket) may read. The connection is ended with what entitled to it. */
export async function mayRead(authorization: string | undefined, socket: Duplex, core: Core, access: Access): Promise<boolean> {
  if (core.config.auth === 'none') return true;
  const token = bearerOf(authorization);
  if (token === null) return false;
  const login = await loginWith(token, core, access);
  if (!may(login.principal, 'read')) return false;
  watch(access, login, () => socket.destroy(), (ended) => socket.once('close', ended));
  return true;
}

function watch(access: Access, { principal, proof }: LoginWithProof, cut: () => unknown, onEnd: (ended: () => void) => unknown): void {
  if (principal.permissions && proof) onEnd(access.live.watch(proof, principal.permissions, () => void cut()));
}

type LoginWithProof = Login & { proof?: TokenProof };

async function loginWith(token: string, core: Core, access: Access): Promise<LoginWithProof> {
  const execution = core.verifyExecutionToken(token);
  if (execution) return { ...NOBODY, job_id: execution.job_id };
  try {
    const { permissions, proof } = await access.tokens.verify(token);
    return { principal: { permissions }, fault: null, job_id: null, proof };
  } catch (error) {
    if (!isDroverError(error, 'unauthenticated')) throw error;
    return { ...NOBODY, fault: error };
  }
}
