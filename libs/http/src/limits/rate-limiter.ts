import { DroverError } from '@drover/domain';

/** Clients and addresses that are remembered at once; the longest quiet are forgotten. */
const MOST = 50_000;

interface Bucket {
  /** Requests that may come at once. */
  tokens: number;
  at: number;
}

/** Counts requests by who sends them: a bucket each, filled at a steady rate. */
export class RateLimiter {
  private readonly buckets = new Map<string, Bucket>();

  /** `perS` 0: nothing is counted. */
  constructor(
    private readonly perS: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Seconds after which the next request may come; 0: this one may. */
  take(who: string): number {
    if (this.perS === 0) return 0;
    const now = this.now();
    const known = this.buckets.get(who);
    const bucket = known ?? { tokens: this.burst, at: now };
    bucket.tokens = Math.min(this.burst, bucket.tokens + ((now - bucket.at) / 1_000) * this.perS);
    bucket.at = now;
    if (!known) this.remember(who, bucket);
    if (bucket.tokens < 1) return (1 - bucket.tokens) / this.perS;
    bucket.tokens -= 1;
    return 0;
  }

  private remember(who: string, bucket: Bucket): void {
    if (this.buckets.size >= MOST) this.buckets.delete(this.buckets.keys().next().value as string);
    this.buckets.set(who, bucket);
  }
}

/** The refusal of a request that came too soon. */
export function tooSoon(waitS: number, who: string): DroverError {
  const seconds = Math.max(1, Math.ceil(waitS));
  return new DroverError(
    'rate_limited',
    `${who} sends more requests than DROVER_RATE_LIMIT allows; come again in ${seconds} s.`,
    { retry_after_s: seconds },
  );
}
