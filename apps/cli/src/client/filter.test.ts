import { expect, it } from 'vitest';
import { parseFilter } from './filter.js';

it('reads words, lists, times and text that stands alone', () => {
  expect(parseFilter('queue:builds state:failed,expired tag:a tag:b created>2h created<30m exit:3')).toEqual({
    queue: 'builds',
    state: ['failed', 'expired'],
    tag: ['a', 'b'],
    created_after: '2h',
    created_before: '30m',
    exit: 3,
  });
  expect(parseFilter('  name:"nightly build"  make   all ')).toEqual({ name: 'nightly build', q: 'make all' });
  expect(parseFilter('started>1h started<5m')).toEqual({ started_after: '1h', started_before: '5m' });
  expect(parseFilter('finished>=2030-01-31T08:00:00Z')).toEqual({ finished_after: '2030-01-31T08:00:00Z' });
  expect(parseFilter('')).toEqual({});
});

it('says which word it does not know', () => {
  expect(() => parseFilter('quue:x')).toThrow('quue:x is not known. It knows queue, node');
  expect(() => parseFilter('exit:bad')).toThrow('exit:bad');
  expect(() => parseFilter('created:2h')).toThrow('created takes > or <');
  expect(() => parseFilter('queue>x')).toThrow('queue takes a colon');
  expect(() => parseFilter('queue:""')).toThrow('no value');
});
