import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { inLists, LongWork, mapInPieces } from './long-work.js';

/** Holds the event loop. */
function busy(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

it('lets others have their turn, one piece of one work between two of theirs however many works there are', async () => {
  const pieces: number[] = [];
  let turn = 0;
  let going = true;
  const others = (async () => {
    while (going) {
      turn += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const work = async (): Promise<void> => {
    const long = new LongWork();
    for (let n = 0; n < 5; n += 1) {
      await long.turn();
      pieces.push(turn);
      busy(2);
    }
  };
  await Promise.all(Array.from({ length: 10 }, work));
  going = false;
  await others;
  expect(pieces).toHaveLength(50);
  expect(new Set(pieces).size).toBe(50);
});

it('maps a long list as map does, and a short one without waiting', async () => {
  const items = Array.from({ length: 100 }, (_, at) => at);
  let fired = 0;
  const timer = setInterval(() => (fired += 1), 1);
  await after(5);
  const before = fired;
  expect(await mapInPieces(items, (item, index) => (busy(1), item + index))).toEqual(items.map((item) => 2 * item));
  clearInterval(timer);
  expect(fired - before).toBeGreaterThan(5);
  const short = mapInPieces([1, 2], String);
  expect(await Promise.race([short, new Promise((resolve) => setImmediate(resolve))])).toEqual(['1', '2']);
});

it('gives a long list in lists, in order', async () => {
  const seen: number[][] = [];
  await inLists([1, 2, 3, 4, 5], 2, async (items) => void seen.push(items));
  await inLists([], 2, async (items) => void seen.push(items));
  expect(seen).toEqual([[1, 2], [3, 4], [5]]);
});
