import { setTimeout as sleep } from 'node:timers/promises';
import { DroverError } from '@drover/domain';

const LOOK_MS = 50;

export interface Patience {
  withinMs: number;
  signal: AbortSignal;
  /** Why waiting on is pointless, if it is. */
  isOver: () => string | null;
}

/**
 * Waits until `look` gives no reason any more. @throws DroverError (timeout with the last reason, or unavailable when
 * it is over)
 */
export async function waitReady(
  what: string,
  { withinMs, signal, isOver }: Patience,
  look: () => Promise<string | null>,
): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    signal.throwIfAborted();
    const reason = await look().catch((error: Error) => error.message);
    const over = isOver();
    if (over !== null) throw new DroverError('unavailable', over);
    if (reason === null) return;
    if (Date.now() > end)
      throw new DroverError('timeout', `${what} is not ready after ${withinMs / 1000} s: ${reason}`);
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** Null when the API answers /readyz well, else its reasons. */
export async function apiReason(apiUrl: string): Promise<string | null> {
  const answer = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(3_000) });
  return answer.ok ? null : `/readyz answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`;
}

/** Null when the API lists the agent as online. */
export async function agentReason(apiUrl: string, name: string): Promise<string | null> {
  const answer = await fetch(`${apiUrl}/api/v1/agents/${encodeURIComponent(name)}`, {
    signal: AbortSignal.timeout(3_000),
  });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) return `the API does not list the worker yet (${answer.status})`;
  const { state } = (await answer.json()) as { state?: string };
  return state === 'online' ? null : `the API lists the worker as ${state}`;
}
