import { setTimeout as wait } from 'node:timers/promises';

const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/** Growing waits with jitter, so that the workers of a restarted API do not come all at once. */
export class Backoff {
  private step = 0;

  /** Waits; the time doubles with each call, up to 2 s. False: the wait was aborted. */
  async wait(signal?: AbortSignal): Promise<boolean> {
    const ms = Math.min(FIRST_MS * 2 ** this.step++, LONGEST_MS) * (0.5 + Math.random());
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
      return true;
    } catch {
      return false;
    }
  }

  reset(): void {
    this.step = 0;
  }
}
