import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Doorbells } from './doorbells.js';
import { SharedSnapshots } from './shared-snapshots.js';

let ring: () => void = () => undefined;
const bells = (): Doorbells =>
  new Doorbells(
    {
      subscribe: (_topic, listener) => {
        ring = () => listener('a-job');
        return Promise.resolve(() => undefined);
      },
    },
    'jobs',
  );

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Follows in the background; `seen` grows. */
function follower(snapshots: SharedSnapshots<number>, key: string | null): { seen: unknown[]; stop: AbortController } {
  const seen: unknown[] = [];
  const stop = new AbortController();
  void (async () => {
    for await (const snapshot of snapshots.follow(key, stop.signal)) seen.push(snapshot);
  })();
  return { seen, stop };
}

it('makes one snapshot for all who follow, at most one a second, and none when nobody does', async () => {
  let made = 0;
  const snapshots = new SharedSnapshots(bells(), () => Promise.resolve((made += 1)));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(made).toBe(0);
  const [one, two] = [follower(snapshots, 'red'), follower(snapshots, 'red')];
  await vi.advanceTimersByTimeAsync(10);
  expect([made, one.seen, two.seen]).toEqual([1, [{ value: 1 }], [{ value: 1 }]]);
  for (let n = 0; n < 100; n += 1) {
    ring();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(made).toBe(2);
  const late = follower(snapshots, 'red');
  await vi.advanceTimersByTimeAsync(1);
  expect([made, late.seen]).toEqual([2, [{ value: 2 }]]);
  const other = follower(snapshots, 'blue');
  await vi.advanceTimersByTimeAsync(10);
  expect(other.seen).toEqual([{ value: 3 }]);
  for (const { stop } of [one, two, late, other]) stop.abort();
  await vi.advanceTimersByTimeAsync(100);
  const before = made;
  ring();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(made).toBe(before);
});

it('goes on by itself while no bell rings, and tells of errors without ending', async () => {
  let made = 0;
  const snapshots = new SharedSnapshots(bells(), () => {
    made += 1;
    return made === 2 ? Promise.reject(new Error('away')) : Promise.resolve(made);
  });
  const { seen, stop } = follower(snapshots, null);
  await vi.advanceTimersByTimeAsync(10_500);
  expect(seen).toEqual([{ value: 1 }, { error: new Error('away') }, { value: 3 }]);
  stop.abort();
  await vi.advanceTimersByTimeAsync(10);
});
