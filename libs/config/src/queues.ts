import { Unfit } from './variable.js';

/** A queue a worker serves. */
export interface ServedQueue {
  name: string;
  /** Most jobs of this queue at once on this node; null: as many as the node has slots. */
  slots: number | null;
}

/** One item of DROVER_QUEUES: `name` or `name=slots`. @throws Unfit */
export function parseQueue(item: string): ServedQueue {
  const at = item.lastIndexOf('=');
  const name = at < 0 ? item : item.slice(0, at).trim();
  if (!isQueueName(name)) {
    throw new Unfit(
      `must be a list of name[=slots]; "${name}" is no queue name (1 to 200 characters, no spaces, commas or "=").`,
    );
  }
  if (at < 0) return { name, slots: null };
  const slots = Number(item.slice(at + 1));
  if (!Number.isInteger(slots) || slots < 1 || slots > 10_000) {
    throw new Unfit(`must be a list of name[=slots]; the slots of "${name}" must be a whole number from 1 to 10000.`);
  }
  return { name, slots };
}

/** Whether a text may name a queue in a list of queues. */
export function isQueueName(name: string): boolean {
  return name.length >= 1 && name.length <= 200 && !/[\s,=\p{Cc}]/u.test(name);
}
