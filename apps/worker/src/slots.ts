/** The node's slots, shared by all its queues. */
export class Slots {
  private used = 0;
  private readonly usedBy = new Map<string, number>();
  private waiting: (() => void)[] = [];
  private closed = false;
  private kept = 0;
  private awaited = 0;

  constructor(readonly total: number) {}

  get free(): number {
    return Math.max(this.total - this.used, 0);
  }

  /** Whether the node takes work. */
  get open(): boolean {
    return !this.closed;
  }

  /** Slots for which a job could be started now without a ticket. */
  get openFor(): number {
    return this.closed ? 0 : Math.max(this.total - this.used - this.kept - this.awaited, 0);
  }

  /** Slots that tickets do not get because the API has been asked for jobs for them. */
  get promised(): number {
    return this.awaited;
  }

  set promised(slots: number) {
    const fewer = slots < this.awaited;
    this.awaited = slots;
    if (fewer) this.wake();
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
      release: (weight = 1) => this.release(name, weight),
      occupy: (weight = 1) => this.take(name, weight),
      room: () => Math.max(cap - (this.usedBy.get(name) ?? 0), 0),
    };
  }

  /** Slots that tickets do not get: they are for what the API starts here by itself. */
  set reserved(slots: number) {
    const fewer = slots < this.kept;
    this.kept = slots;
    if (fewer) this.wake();
  }

  /** No slot is free as long as this is set: the node takes no work. */
  set blocked(blocked: boolean) {
    this.closed = blocked;
    if (!blocked) this.wake();
  }

  private has(name: string, cap: number): boolean {
    return !this.closed && this.used + this.kept + this.awaited < this.total && (this.usedBy.get(name) ?? 0) < cap;
  }

  private take(name: string, weight = 1): void {
    this.used += weight;
    this.usedBy.set(name, (this.usedBy.get(name) ?? 0) + 1);
  }

  private release(name: string, weight: number): void {
    this.used -= weight;
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
  /** Takes slots whether they are free or not: for what runs already, or is started whatever we say. */
  occupy(weight?: number): void;
  /** How many more of its jobs its own cap allows. */
  room(): number;
  release(weight?: number): void;
}
