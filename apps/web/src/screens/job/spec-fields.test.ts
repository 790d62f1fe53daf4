import { expect, it } from 'vitest';
import { differencesOf } from './spec-fields.js';

it('two specs differ in the fields that were changed, added or left out', () => {
  const before = { queue: 'a', command: ['make', 'test'], env: { CI: '1', OLD: 'x' }, resources: { memory_mb: 512 } };
  const after = { queue: 'a', command: ['make', 'all'], env: { CI: '1' }, resources: { memory_mb: 1024 }, priority: 3 };
  expect(differencesOf(before, after)).toEqual([
    { field: 'command', before: '["make","test"]', after: '["make","all"]' },
    { field: 'resources.memory_mb', before: '512', after: '1024' },
    { field: 'priority', before: null, after: '3' },
    { field: 'env.OLD', before: '"x"', after: null },
  ]);
  expect(differencesOf(after, after)).toEqual([]);
});
