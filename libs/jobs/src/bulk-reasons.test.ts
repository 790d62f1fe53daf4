import { expect, it } from 'vitest';
import { DroverError, jobTerminal, type Skipped } from '@drover/domain';
import { addSkipped, reasonOf } from './bulk-reasons.js';

const ID = '0198c0de-7b5e-7c5a-9d4b-2f6f0a3e1c55';

it('says the same reason with the same text, whichever job it is about', () => {
  expect(reasonOf(jobTerminal(ID, 'failed'))).toBe('The job had already ended as failed.');
  expect(reasonOf(new DroverError('forbidden', `Job ${ID} belongs to bob; only its owner may change it.`))).toBe(
    'The job belongs to bob; only its owner may change it.',
  );
  expect(reasonOf(new TypeError('x is not a function'))).toMatch(/error of the server/);
});

it('counts reasons with some of their jobs, and no more of them than fit on a screen', () => {
  const skipped: Skipped[] = [];
  for (let n = 0; n < 100; n += 1) addSkipped(skipped, `reason ${n % 50}`, `job ${n}`);
  for (let n = 0; n < 10; n += 1) addSkipped(skipped, 'reason 0', `more ${n}`);
  expect(skipped[0]).toEqual({
    reason: 'reason 0',
    count: 12,
    examples: ['job 0', 'job 50', 'more 0', 'more 1', 'more 2'],
  });
  expect(skipped).toHaveLength(21);
  expect(skipped.at(-1)).toMatchObject({ reason: 'There were other reasons.', count: 60 });
});
