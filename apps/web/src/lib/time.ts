import { useSyncExternalStore } from 'react';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A length of time in its two largest units: `3d 4h`, `12m 5s`, `0.4s`. */
export function spanOf(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds < 0.1 ? seconds.toFixed(2) : seconds.toFixed(1)}s`;
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [name, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** How long ago a time was, in its largest unit; a time to come with `in` before it. */
export function agoOf(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 3) return 'now';
  const [name, unit] = UNITS.find(([, one]) => size >= one) ?? UNITS[3];
  const count = Math.floor(size / unit);
  return seconds < 0 ? `in ${count}${name}` : `${count}${name} ago`;
}

/** A time as the reader's clock and calendar have it, to the second, with its zone. */
export const exactOf = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** The clock that the page shares: all relative times change at the same moment. */
class Clock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private at = Date.now();

  now = (): number => this.at;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    if (this.timer === undefined) {
      this.at = Date.now();
      this.timer = setInterval(() => this.tick(), 1_000);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  };

  private tick(): void {
    this.at = Date.now();
    for (const listener of this.listeners) listener();
  }
}

const clock = new Clock();

/** The time now, milliseconds since 1970, anew every second. */
export const useNow = (): number => useSyncExternalStore(clock.subscribe, clock.now);
