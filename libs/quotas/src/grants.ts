/** How long a look at the record counts. */
const GRANT_MS = 1_000;
/** How long it counts where little is free: the record is asked again under a lock anyway. */
const NEAR_MS = 100;
/** The part of what is free that one process may give away on one look. */
const PART = 16;
/** Projects that are remembered; the longest quiet are forgotten. */
const MOST = 10_000;

interface Grant {
  left: number;
  until: number;
}

/**
 * The part of one quota that this process may give away without asking the record: a sixteenth of what was free when it
 * last looked, for a second at most. Where less than `plenty` is free it may give nothing, and each taker asks.
 */
export class Grants {
  private readonly grants = new Map<string, Grant>();

  constructor(
    private readonly plenty: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Takes from the grant; undefined: look at the record first; false: nothing may be given away unasked. */
  take(project: string, amount: number): boolean | undefined {
    const grant = this.grants.get(project);
    if (!grant || grant.until <= this.now()) return undefined;
    if (grant.left === 0) return false;
    if (grant.left < amount) return undefined;
    grant.left -= amount;
    return true;
  }

  /** Notes how much is free, as the record says. */
  looked(project: string, free: number): void {
    this.grants.delete(project);
    if (this.grants.size >= MOST) this.grants.delete(this.grants.keys().next().value as string);
    const left = free < this.plenty ? 0 : Math.floor(free / PART);
    this.grants.set(project, { left, until: this.now() + (left === 0 ? NEAR_MS : GRANT_MS) });
  }

  forget(): void {
    this.grants.clear();
  }
}
