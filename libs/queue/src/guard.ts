import { DroverError, isDroverError } from '@drover/domain';

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/**
 * Rejects with `unavailable` when the work has not settled in time. The work itself goes on; its late failure is
 * swallowed.
 */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // After a stall of this process the answer may be there, unread: what has arrived is read before the immediate.
    timer = setTimeout(
      () => setImmediate(() => reject(new DroverError('unavailable', `${what} did not answer within ${ms} ms.`))),
      ms,
    );
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves after `ms`, or at once when the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** Any failure of the ticket store, as the rest of Drover knows it. */
export function unavailable(store: string, thrown: unknown): DroverError {
  if (isDroverError(thrown)) return thrown;
  const reason = asError(thrown).message || asError(thrown).name;
  return new DroverError('unavailable', `${store} cannot be used: ${reason}`, { cause: asError(thrown) });
}

/**
 * BullMQ's own answer, not a failure of the store: a ticket that is not (or no longer) ours, because it was lost with
 * the store, removed, or delivered again. Its errors carry the negative code of the script.
 */
export function isRefusal(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'number' && code < 0;
}

/** An outage is over when nothing has failed for this long. */
const CALM_MS = 2_000;

/** Tells of the first failure of an outage and keeps quiet until {@link Outage.over}. */
export class Outage {
  private told = false;
  private closed = false;
  private calmSince: number | null = null;

  constructor(
    private readonly tell: (error: Error) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  failed(thrown: unknown): void {
    const over = this.calmSince !== null && this.now() - this.calmSince >= CALM_MS;
    this.calmSince = null;
    if ((this.told && !over) || this.closed) return;
    this.told = true;
    try {
      this.tell(asError(thrown));
    } catch {
      // A listener that throws must not stop the work that reports to it.
    }
  }

  /**
   * Something worked. While a store goes down, some connections still answer after others have failed: only when
   * nothing fails for a while after this is the outage over.
   */
  over(): void {
    if (this.told) this.calmSince ??= this.now();
  }

  /** A failure after its connection was closed on purpose is none. */
  close(): void {
    this.closed = true;
  }
}
