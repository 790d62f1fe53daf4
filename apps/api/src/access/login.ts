import type { Duplex } from 'node:stream';
import type { NextFunction, Request, Response } from 'express';
import {
  ANONYMOUS,
  currentPrincipal,
  may,
  ownerOf,
  serveRequest,
  type Execution,
  type Principal,
  type TokenProof,
} from '@drover/access';
import { DroverError, isDroverError } from '@drover/domain';
import type { Core } from '../core/core.js';
import type { Access } from './access.js';

/** What a request says of who sends it. */
export interface Login {
  principal: Principal;
  /** The token was no good; the principal is anonymous then. Guards decide what that means for their route. */
  fault: DroverError | null;
  /** The request comes from within this job, with the token of its execution. */
  job_id: string | null;
  execution: Execution | null;
}

const NOBODY: Login = { principal: ANONYMOUS, fault: null, job_id: null, execution: null };

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

/** Finds out who sends each request, and lets everything the request starts know. Refuses nothing: that is for guards. */
export function identify(core: Core, access: Access) {
  const open = core.config.auth === 'none';
  return (request: WithLogin, response: Response, next: NextFunction): void => {
    const isOfWorker = request.path.startsWith('/agent/v1');
    const token = isOfWorker ? null : bearerOf(request.headers.authorization);
    const address = request.socket.remoteAddress ?? null;
    if (token === null) {
      request.login = NOBODY;
      // Workers and samples come by the thousand a second and are not in the audit trail: they need no context.
      if (isOfWorker || (open && isSample(request.method, request.path))) next();
      else serveRequest({ principal: ANONYMOUS, open, address }, next);
      return;
    }
    loginWith(token, core, access).then(
      (login) => {
        request.login = login;
        // An answer that has begun and has not ended is a stream: it ends with what entitled to it.
        watch(
          access,
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

/** A report of one sample. It is a reading, as output is: the audit trail keeps changes, and no readings. */
const isSample = (method: string, path: string): boolean => method === 'POST' && SAMPLE.test(path);
const SAMPLE = /^\/v1\/jobs\/[^/]+\/metrics\/?$/;

/**
 * Who opens a connection that is no request to a route (a websocket), if that client may read; null: it may not. The
 * connection is ended with what entitled to it.
 */
export async function readerOf(
  authorization: string | undefined,
  socket: Duplex,
  core: Core,
  access: Access,
): Promise<Principal | null> {
  if (core.config.auth === 'none') return ANONYMOUS;
  const token = bearerOf(authorization);
  if (token === null) return null;
  const login = await loginWith(token, core, access);
  if (!may(login.principal, 'read')) return null;
  watch(
    access,
    login,
    () => socket.destroy(),
    (ended) => socket.once('close', ended),
  );
  return login.principal;
}

function watch(
  access: Access,
  { principal, proof }: LoginWithProof,
  cut: () => unknown,
  onEnd: (ended: () => void) => unknown,
): void {
  if (principal.permissions && proof) onEnd(access.live.watch(proof, principal.permissions, () => void cut()));
}

type LoginWithProof = Login & { proof?: TokenProof };

async function loginWith(token: string, core: Core, access: Access): Promise<LoginWithProof> {
  const execution = core.verifyExecutionToken(token);
  if (execution) {
    const isOpen = await core.isExecutionOpen(execution.execution_id, execution.job_id);
    return isOpen
      ? { ...NOBODY, job_id: execution.job_id, execution }
      : {
          ...NOBODY,
          fault: new DroverError('unauthenticated', 'The execution of this token has ended, and the token with it.'),
        };
  }
  try {
    const { permissions, proof } = await access.tokens.verify(token);
    return { ...NOBODY, principal: { permissions }, proof };
  } catch (error) {
    if (!isDroverError(error, 'unauthenticated')) throw error;
    return { ...NOBODY, fault: error };
  }
}
