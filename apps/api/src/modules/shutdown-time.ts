import type { Logger } from '@drover/telemetry';

const DEADLINE_MS = 10_000;

/**
 * The time that all have together to close, counted from the first. What does not end in time is left to the
 * reconciler of the next start.
 */
export class ShutdownTime {
  private endsAt: number | undefined;

  constructor(private readonly log: Logger) {}

  /** Resolves when the work is done, has failed, which is logged, or when the time is over. */
  async bound(work: () => Promise<unknown> | unknown): Promise<void> {
    this.endsAt ??= performance.now() + DEADLINE_MS;
    const left = this.endsAt - performance.now();
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, left));
    });
    const done = (async () => work())().catch((error: unknown) =>
      this.log.warn({ error: String(error) }, 'trouble while closing'),
    );
    await Promise.race([done, over]);
    clearTimeout(timer);
  }
}
