import { useSyncExternalStore } from 'react';

/** Waits between two looks, seconds: the last one is kept. */
const WAITS_S = [1, 2, 3, 5, 10];
const LOOK_MS = 5_000;

export interface Connection {
  /** False: the API did not answer the last request, and is looked for. */
  here: boolean;
  /** The reason in a sentence; null while the API is here. */
  reason: string | null;
  /** The time of the next look, milliseconds since 1970; null: it looks at this moment. */
  nextLook: number | null;
}

/**
 * Whether the API answers. Requests and streams say what they met; while it is away this looks for it again and again,
 * and tells those who listen when it is back.
 */
class Watch {
  private state: Connection = { here: true, reason: null, nextLook: null };
  private readonly listeners = new Set<() => void>();
  private readonly returns = new Set<() => void>();
  private tries = 0;

  now = (): Connection => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Calls `listener` each time the API is back. */
  onReturn(listener: () => void): () => void {
    this.returns.add(listener);
    return () => this.returns.delete(listener);
  }

  lost(reason: string): void {
    if (!this.state.here) return;
    this.tries = 0;
    this.wait(reason);
  }

  /** Something may have happened that this page was not told: those who read anew on a return do so now. */
  missed(): void {
    for (const listener of this.returns) listener();
  }

  private wait(reason: string): void {
    const seconds = WAITS_S[Math.min(this.tries, WAITS_S.length - 1)] as number;
    this.tries += 1;
    this.set({ here: false, reason, nextLook: Date.now() + seconds * 1000 });
    setTimeout(() => void this.look(), seconds * 1000);
  }

  private async look(): Promise<void> {
    const { reason } = this.state;
    this.set({ here: false, reason, nextLook: null });
    try {
      const answer = await fetch('/readyz', { signal: AbortSignal.timeout(LOOK_MS), cache: 'no-store' });
      if (!answer.ok) throw new Error('It is not ready.');
      this.set({ here: true, reason: null, nextLook: null });
      for (const listener of this.returns) listener();
    } catch {
      this.wait(reason ?? 'The API does not answer.');
    }
  }

  private set(state: Connection): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

export const connection = new Watch();

export const useConnection = (): Connection => useSyncExternalStore(connection.subscribe, connection.now);
