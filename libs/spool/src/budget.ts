/** Bytes that may be in memory at once, over all executions of a node. First come, first served. */
export class Budget {
  private used = 0;
  private readonly waiting: { bytes: number; go: () => void }[] = [];

  constructor(private readonly limit: number) {}

  /** Waits until `bytes` fit. More than the limit fits alone. */
  async take(bytes: number): Promise<void> {
    if (this.tryTake(bytes)) return;
    await new Promise<void>((go) => this.waiting.push({ bytes, go }));
  }

  /** Takes more without waiting, for holders: if they waited for more, everybody could end up waiting. */
  tryTake(bytes: number): boolean {
    if (this.waiting.length > 0 || !this.fits(bytes)) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
    for (let first = this.waiting[0]; first !== undefined && this.fits(first.bytes); first = this.waiting[0]) {
      this.waiting.shift();
      this.used += first.bytes;
      first.go();
    }
  }

  private fits(bytes: number): boolean {
    return this.used === 0 || this.used + bytes <= this.limit;
  }
}
