/** Doorbells between processes. Best effort: a follower also looks by itself now and then. Payloads are short (ids), at most 4,000 bytes. */
export interface Bus {
  /** Fire and forget: never throws, never waits. The same topic and payload within a few milliseconds ring once. */
  publish(topic: string, payload?: string): void;
  /** Returns what ends the subscription. */
  subscribe(topic: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  /** Every topic that begins with `prefix`. */
  subscribePrefix(prefix: string, handler: (topic: string, payload: string) => void): Promise<() => Promise<void>>;
  /** Throws with the reason when the carrier is away. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface BusOptions {
  /** Told of trouble; the bus heals by itself. */
  onError?: (error: Error) => void;
}
