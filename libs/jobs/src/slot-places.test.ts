import { expect, it } from 'vitest';
import { SlotPlaces } from './slot-places.js';

it('keeps the slot of a job while it runs, and gives the lowest free one to the next', () => {
  const places = new SlotPlaces();
  expect([...places.place('n', ['a', 'b', 'c'])]).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ]);
  expect(places.place('n', ['a', 'c', 'd'])).toEqual(
    new Map([
      ['a', 1],
      ['c', 3],
      ['d', 2],
    ]),
  );
  expect(places.place('n', ['c'])).toEqual(new Map([['c', 3]]));
  places.keep(new Set());
  expect(places.place('n', ['c'])).toEqual(new Map([['c', 1]]));
});
