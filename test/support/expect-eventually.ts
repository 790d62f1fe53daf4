import { setTimeout as sleep } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 10 000. */
  withinMs?: number;
  /** Between two looks. Default 25. */
  everyMs?: number;
  /** Said first when it fails. */
  what?: string;
}

/**
 * Waits until `look` stops throwing and does not return `false`, and gives its value. When the time is up it fails with
 * the last reason and the time it had, instead of a bare time-out of the runner.
 */
export async function expectEventually<T>(look: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const { withinMs = 10_000, everyMs = 25, what } = options;
  const end = Date.now() + withinMs;
  let looks = 0;
  for (;;) {
    let reason: unknown;
    looks++;
    try {
      const value = await look();
      if (value !== false) return value;
      reason = 'the condition was false';
    } catch (error) {
      reason = error;
    }
    if (Date.now() >= end) {
      const why = reason instanceof Error ? reason.message : String(reason);
      throw new Error(
        `${what ?? 'What was expected'} did not come within ${withinMs} ms (${looks} looks). Last: ${why}`,
        { cause: reason },
      );
    }
    await sleep(everyMs);
  }
}
