import { expect, it } from 'vitest';
import { stateOf, wordsOf } from './cells.js';

it.each([
  ['claimed', null, 'claimed'],
  ['running', null, 'running'],
  ['ended', null, 'succeeded'],
  ['ended', 'exit_code', 'failed'],
  ['ended', 'agent_lost', 'failed'],
  ['ended', 'cancelled', 'cancelled'],
] as const)('a member of a gang that is %s by %s shows as %s', (state, cause, shown) => {
  expect(stateOf({ state, cause })).toBe(shown);
});

it('an element is told by its name, its state and why, and its node', () => {
  const job = { id: 'j-1', name: 'part 7', state: 'failed', cause: 'exit_code', exit_code: 3, node: 'node-1' } as const;
  expect(wordsOf(job)).toBe('part 7, failed, exit code 3, on node-1');
  expect(wordsOf({ ...job, name: null, state: 'queued', cause: null, node: null })).toBe('j-1, queued');
});
