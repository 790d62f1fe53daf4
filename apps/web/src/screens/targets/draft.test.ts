import { expect, it } from 'vitest';
import { bodyOf, EMPTY } from './draft.js';

it('an empty field is not sent', () =>
  expect(bodyOf({ ...EMPTY, address: ' localhost:9100 ' })).toEqual({ address: 'localhost:9100', keep: false }));

it('what is no number goes as it is typed', () => {
  expect(bodyOf({ ...EMPTY, period_s: '2.5', job: ' id ' })).toEqual({
    address: '',
    period_s: 2.5,
    job: 'id',
    keep: false,
  });
  expect(bodyOf({ ...EMPTY, period_s: 'often' }).period_s).toBe('often');
});
