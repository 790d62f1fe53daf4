import type { Doorbells } from './doorbells.js';

/** Snapshots are made at most so often. */
const LEAST_MS = 1_000;
/** Without a doorbell one is made after so long: times go on. */
const MOST_MS = 5_000;
/** After a snapshot nothing is done for as many times its own length. */
const REST = 10;

/** A snapshot, or the error of making it. */
export type Snapshot<T> = { value: T } | { error: unknown };

interface Group<T> {
  followers: Set<(snapshot: Snapshot<T>) => void>;
  last: Snapshot<T> | null;
  stop: AbortController;
}

/**
 * Snapshots of something that changes, made once for all who follow it: at most one a second, when a doorbell rang or
 * some seconds have passed. Nothing is made when nobody follows.
 */
export class SharedSnapshots<T> {
  private readonly groups = new Map<string | null, Group<T>>();

  constructor(
    private readonly bells: Doorbells,
    private readonly make: (key: string | null) => Promise<T>,
  ) {}

  /**
   * The snapshots of a group, from the last one that was made on, until the signal is aborted. A follower that is slow
   * misses some.
   */
  async *follow(key: string | null, signal: AbortSignal): AsyncGenerator<Snapshot<T>> {
    const group = this.groups.get(key) ?? this.begin(key);
    let next = group.last;
    let wake: (() => void) | null = null;
    const listener = (snapshot: Snapshot<T>): void => {
      next = snapshot;
      wake?.();
    };
    const aborted = (): void => wake?.();
    group.followers.add(listener);
    signal.addEventListener('abort', aborted, { once: true });
    try {
      while (!signal.aborted) {
        if (next === null) await new Promise<void>((resolve) => (wake = resolve));
        wake = null;
        const snapshot: Snapshot<T> | null = next;
        next = null;
        if (snapshot !== null && !signal.aborted) yield snapshot;
      }
    } finally {
      signal.removeEventListener('abort', aborted);
      group.followers.delete(listener);
      if (group.followers.size === 0) {
        group.stop.abort();
        if (this.groups.get(key) === group) this.groups.delete(key);
      }
    }
  }

  private begin(key: string | null): Group<T> {
    const group: Group<T> = { followers: new Set(), last: null, stop: new AbortController() };
    this.groups.set(key, group);
    void this.run(key, group);
    return group;
  }

  private async run(key: string | null, group: Group<T>): Promise<void> {
    const { signal } = group.stop;
    const bell = this.bells.listen();
    try {
      while (!signal.aborted) {
        const start = performance.now();
        const snapshot = await this.make(key).then(
          (value): Snapshot<T> => ({ value }),
          (error: unknown): Snapshot<T> => ({ error }),
        );
        group.last = snapshot;
        for (const follower of group.followers) follower(snapshot);
        const took = performance.now() - start;
        await pause(Math.max(LEAST_MS - took, took * REST), signal);
        await bell.wait(MOST_MS - LEAST_MS, signal);
      }
    } finally {
      bell.close();
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
