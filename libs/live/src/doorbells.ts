/** The port of live views to the bus; libs/bus has the adapters. */
export interface BellSource {
  subscribe(topic: string, listener: (payload: string) => void): Promise<() => unknown>;
}

/** Rung for every id of a topic. */
const ANY = '*';

/** Waits for something to happen to one id. Made by `Doorbells.listen`. */
export interface Bell {
  /** Resolves when it rang since the last wait, after `ms` at the latest, or when the signal is aborted. True: it rang. */
  wait(ms: number, signal?: AbortSignal): Promise<boolean>;
  close(): void;
}

/**
 * One subscription of this process to a topic of ids, dispatched locally: however many followers there are, the bus
 * sees one. Best effort, as the bus is: who waits looks by itself now and then.
 */
export class Doorbells {
  private readonly bells = new Map<string, Set<() => void>>();
  private unsubscribe: Promise<() => unknown> | null = null;

  constructor(
    private readonly bus: BellSource,
    private readonly topic: string,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {}

  /** Listens for one id, or for any. What rings between two waits is not lost. */
  listen(id: string = ANY): Bell {
    this.subscribeOnce();
    let rang = false;
    let wake: (() => void) | null = null;
    const ring = (): void => {
      rang = true;
      wake?.();
    };
    const group = this.bells.get(id) ?? new Set();
    this.bells.set(id, group.add(ring));
    return {
      wait: async (ms, signal) => {
        if (!rang && !signal?.aborted) {
          await new Promise<void>((resolve) => {
            const done = (): void => {
              clearTimeout(timer);
              signal?.removeEventListener('abort', done);
              resolve();
            };
            const timer = setTimeout(done, ms);
            wake = done;
            signal?.addEventListener('abort', done, { once: true });
          });
          wake = null;
        }
        const answer = rang;
        rang = false;
        return answer;
      },
      close: () => {
        group.delete(ring);
        if (group.size === 0 && this.bells.get(id) === group) this.bells.delete(id);
      },
    };
  }

  async close(): Promise<void> {
    const unsubscribe = await this.unsubscribe?.catch(() => undefined);
    this.unsubscribe = null;
    await unsubscribe?.();
  }

  private subscribeOnce(): void {
    this.unsubscribe ??= this.bus
      .subscribe(this.topic, (payload) => {
        for (const id of payload.split(',')) for (const ring of this.bells.get(id) ?? []) ring();
        for (const ring of this.bells.get(ANY) ?? []) ring();
      })
      .catch((error: unknown) => {
        // The next listener tries again; until then everybody polls.
        this.unsubscribe = null;
        this.onError(error);
        return () => undefined;
      });
  }
}
