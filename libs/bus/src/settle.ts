import { DroverError } from '@drover/domain';

export const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Rejects with `unavailable` when the work has not settled in time; its late failure is swallowed. */
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

/** Tells of the first failure of an outage and keeps quiet until {@link Outage.over}. */
export class Outage {
  private told = false;

  constructor(private readonly tell: (error: Error) => void) {}

  failed(thrown: unknown): void {
    if (this.told) return;
    this.told = true;
    try {
      this.tell(asError(thrown));
    } catch {
      // A listener that throws must not stop the work that reports to it.
    }
  }

  over(): void {
    this.told = false;
  }
}
