/** The node's slots, shared by all its queues. */
export class Slots {
  private used = 0;
  private readonly usedBy = new Map<string, number>();
  private waiting: (() => void)[] = [];
  private closed = false;

  constructor(readonly total: number) {}

  get free(): number {
    return Math.max(this.total - this.used, 0);
  }

  /** The view of one group of queues with a cap of its own within the shared slots (Infinity: none). */
  group(name: string, cap: number): SlotGroup {
    return {
      slotFree: (signal) => this.wait(name, cap, signal),
      tryAcquire: () => {
        if (!this.has(name, cap)) return false;
        this.take(name);
        return true;
      },
      release: () => this.release(name),
      occupy: () => this.take(name),
    };
  }

  /** No slot is free as long as this is set: the node takes no work. */
  set blocked(blocked: boolean) {
    this.closed = blocked;
    if (!blocked) this.wake();
  }

  private has(name: string, cap: number): boolean {
    return !this.closed && this.used < this.total && (this.usedBy.get(name) ?? 0) < cap;
  }

  private take(name: string): void {
    this.used++;
    this.usedBy.set(name, (this.usedBy.get(name) ?? 0) + 1);
  }

  private release(name: string): void {
    this.used--;
    this.usedBy.set(name, (this.usedBy.get(name) ?? 1) - 1);
    this.wake();
  }

  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  private async wait(name: string, cap: number, signal: AbortSignal): Promise<void> {
    while (!this.has(name, cap)) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const go = (): void => {
          signal.removeEventListener('abort', go);
          resolve();
        };
        signal.addEventListener('abort', go, { once: true });
        this.waiting.push(go);
      });
    }
    signal.throwIfAborted();
  }
}

export interface SlotGroup {
  /** Resolves when a slot is free; rejects when the signal is aborted. */
  slotFree(signal: AbortSignal): Promise<void>;
  /** Takes a free slot now, or says that there is none any more. */
  tryAcquire(): boolean;
  /** Takes a slot whether one is free or not: for what runs already. */
  occupy(): void;
  release(): void;
}
