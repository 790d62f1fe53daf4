import { describe, expect, it } from 'vitest';
import { filterOf, parseToken, searchOf, textOf, tokensOf, withoutToken, withToken } from './job-filter.js';

describe('the filter of jobs', () => {
  it('is the address, and the same filter is the same address', () => {
    const filter = filterOf(new URLSearchParams('queue=gpu&state=failed,expired&state=failed&tag=a&nonsense=1&q='));
    expect(filter).toEqual({ state: ['failed', 'expired'], queue: ['gpu'], tag: ['a'] });
    expect(searchOf(filter)).toBe('?state=failed%2Cexpired&queue=gpu&tag=a');
    expect(filterOf(new URLSearchParams(searchOf(filter)))).toEqual(filter);
    expect(searchOf({})).toBe('');
  });

  it('takes the last value of a field that has one', () => {
    expect(filterOf(new URLSearchParams('queue=a&queue=b,c'))).toEqual({ queue: ['b,c'] });
  });

  it.each([
    ['state:failed', { field: 'state', value: 'failed' }],
    ['started>1h', { field: 'started_after', value: '1h' }],
    ['created>2h', { field: 'created_after', value: '2h' }],
    ['finished<2030-01-31T08:00:00Z', { field: 'finished_before', value: '2030-01-31T08:00:00Z' }],
    ['name:a:b', { field: 'name', value: 'a:b' }],
    ['  make test ', { field: 'q', value: 'make test' }],
    ['http://x', { field: 'q', value: 'http://x' }],
    ['q:x', { field: 'q', value: 'q:x' }],
    ['state:', null],
    ['created>', null],
    ['', null],
  ])('reads %j as a token, and writes it so again', (typed, token) => {
    expect(parseToken(typed)).toEqual(token);
    if (token !== null) expect(parseToken(textOf(token as never))).toEqual(token);
  });

  it('has tokens that come and go; a field of one value has the new one instead', () => {
    const one = withToken({}, { field: 'state', value: 'failed' });
    const two = withToken(one, { field: 'state', value: 'expired' });
    expect(two).toEqual({ state: ['failed', 'expired'] });
    expect(withToken({ queue: ['a'] }, { field: 'queue', value: 'b' })).toEqual({ queue: ['b'] });
    expect(withoutToken(two, { field: 'state', value: 'failed' })).toEqual({ state: ['expired'] });
    expect(withoutToken(one, { field: 'state', value: 'failed' })).toEqual({});
    expect(tokensOf({ ...two, queue: ['q'] }).map(textOf)).toEqual(['state:failed', 'state:expired', 'queue:q']);
  });
});
