/**
 * The time of day in ms, to a few microseconds: `Date.now()` cuts off what the clock of a program such as `date` tells.
 * Waits for the next whole millisecond to know where it stands.
 */
export function wallClock(): () => number {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  const offset = now - performance.now();
  return () => offset + performance.now();
}
