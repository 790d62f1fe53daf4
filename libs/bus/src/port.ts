/**
 * Doorbells between processes: "look again". Best effort: a doorbell may be lost (while the store is away, or when too
 * many pile up) and may come twice or after a later one, so whoever follows something also looks by itself now and
 * then.
 */
export interface Bus {
  /**
   * Fire and forget. What is published within some 5 ms goes out together, the same payload of a topic once. Never
   * throws.
   */
  publish(topic: string, payload?: string): void;
  /**
   * The handler gets the payloads of this topic, our own too. Resolves when the store knows (or, while it is away, at
   * once). Gives the way out.
   */
  subscribe(topic: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  /** The handler gets every topic that begins so. */
  subscribePrefix(prefix: string, handler: (topic: string, payload: string) => void): Promise<() => Promise<void>>;
  /** Throws with the reason, within 2 s. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface BusOptions {
  /** Keeps several Drovers on one store apart. Default `drover`. */
  prefix?: string;
  /** Told once an outage. Default: nobody. */
  onError?: (error: Error) => void;
}
