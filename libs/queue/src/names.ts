/** BullMQ's lowest priority is 2^21; ours are spread around the middle, so that 0 has room on both sides. */
const MIDDLE = 2 ** 20;
const BOUND = 1_000_000;

/**
 * Drover: higher first. BullMQ: 0 is the highest, and leaving it out makes a job overtake every prioritised one: so it
 * is always set.
 */
export function bullPriority(priority: number): number {
  const whole = Number.isFinite(priority) ? Math.trunc(priority) : 0;
  return MIDDLE - Math.min(Math.max(whole, -BOUND), BOUND);
}

/**
 * Beyond this BullMQ's delayed set (milliseconds times 4096 in a double) loses its order; the claim checks `start_at`
 * again.
 */
const LONGEST_DELAY_MS = 10 * 365 * 86_400_000;

/** Milliseconds until `due`; 0 when it has come. */
export function delayUntil(due: Date | undefined, now = Date.now()): number {
  if (!due) return 0;
  return Math.min(Math.max(due.getTime() - now, 0), LONGEST_DELAY_MS);
}

/**
 * A name or id of ours as BullMQ takes it: without `:`, and without braces, which would steer a cluster's hash slots.
 * Two names stay two names (except that halves of surrogate pairs are one and the same).
 */
export function escapeName(name: string): string {
  const wellFormed = Buffer.from(name, 'utf8').toString('utf8');
  return encodeURIComponent(wellFormed).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

export const unescapeName = (escaped: string): string => decodeURIComponent(escaped);

/** The BullMQ queue of a Drover queue. */
export const bullQueue = (queue: string): string => `drover-${escapeName(queue)}`;

/**
 * The BullMQ queue of internal work: with a dot, so that no Drover queue (`drover-…`), not even one called "internal",
 * is it.
 */
export const INTERNAL_QUEUE = 'drover.internal';
