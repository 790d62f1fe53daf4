import { expect, it } from 'vitest';
import { withParts } from './address.js';

it('changes the parts that are named, and leaves the others and what it was made of', () => {
  const before = new URLSearchParams('tab=log&q=a+b&only=2');
  expect(withParts(before, { q: 'x&y', only: null, at: '' }).toString()).toBe('tab=log&q=x%26y&at=');
  expect(before.toString()).toBe('tab=log&q=a+b&only=2');
});
