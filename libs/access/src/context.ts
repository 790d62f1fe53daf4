import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller, Callers } from '@drover/domain';
import { callerOf, openCaller, type Execution } from './policy.js';
import { ANONYMOUS, type Principal } from './principal.js';

/** The caller of the request at hand. A guard of a dialect with logins of its own puts in the caller it found. */
interface RequestContext {
  principal: Principal;
  /** Set for a request from within a job, with the token of its execution. */
  execution: Execution | null;
  /** Rights are not asked about: nobody logs in here, or the operator has left this route open. */
  open: boolean;
  address: string | null;
}

const storage = new AsyncLocalStorage<RequestContext | null>();

/** How a request comes in. */
export interface Arrival {
  principal: Principal;
  execution?: Execution | null;
  open?: boolean;
  address?: string | null;
}

/** Serves a request: the work, and everything it starts, is done for whom the request came from. */
export const serveRequest = <T>(arrival: Arrival, work: () => T): T =>
  storage.run({ execution: null, open: false, address: null, ...arrival }, work);

/** Runs work, and everything it starts, as this principal. */
export const runAs = <T>(principal: Principal, work: () => T): T => serveRequest({ principal }, work);

/** Work that follows from a request but is not done with the rights of whom it came from. */
export const asSystem = <T>(work: () => T): T => (storage.getStore() ? storage.run(null, work) : work());

/** The request at hand turns out to come from this principal (a dialect's own login). Nothing outside of requests. */
export function becomes(principal: Principal): void {
  const context = storage.getStore();
  if (context) context.principal = principal;
}

/** The route of the request at hand asks nobody for rights. Nothing outside of requests. */
export function opensToAll(): void {
  const context = storage.getStore();
  if (context) context.open = true;
}

/** How the request at hand came in; null outside of requests. */
export const currentArrival = (): RequestContext | null => storage.getStore() ?? null;

/** The client that the work at hand is done for; null outside of requests (schedulers, sweeps). */
export const currentPrincipal = (): Principal | null => storage.getStore()?.principal ?? null;

/** The rights of whom the work at hand is done for; null for the system. */
export function currentCaller(): Caller | null {
  const context = storage.getStore();
  if (!context) return null;
  return context.open
    ? openCaller(context.principal ?? ANONYMOUS, context.address)
    : callerOf(context.principal, context.execution, context.address);
}

/** The port through which services ask on whose behalf they work. */
export const requestCallers: Callers = { now: currentCaller, asSystem };
