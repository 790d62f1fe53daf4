import { describe, expect, it } from 'vitest';
import { hasKeyTwice } from './body.js';
import { plainNumber, pretty } from './pretty.js';

describe('numbers in alarms', () => {
  it.each([
    [33, '33'],
    [1, '1'],
    [-1, '-1'],
    [0.5, '0.5'],
    [51.56660318374634, '51.56660318374634'],
    [1e-7, '0.0000001'],
    [1.5e-9, '0.0000000015'],
    [1e21, '1000000000000000000000'],
    [-1.25e22, '-12500000000000000000000'],
    [1e300, `1${'0'.repeat(300)}`],
    [5e-324, `0.${'0'.repeat(323)}5`],
    [0, '0'],
    [-0, '-0'],
    [null, 'NaN'],
    [Number.NaN, 'NaN'],
  ])('%d is written %s', (value, text) => expect(plainNumber(value)).toBe(text));

  it('read back the same', () => {
    for (let i = 0; i < 500; i += 1) {
      const value = (Math.random() - 0.5) * 10 ** Math.round((Math.random() - 0.5) * 600);
      expect(Number(plainNumber(value))).toBe(value);
    }
  });
});

describe('an alarm in one line', () => {
  it('of a gauge is the one the document shows', () => {
    const v = 51.56660318374634;
    expect(
      pretty(
        'My Alarm',
        'proxy_cpu_load_average_percent',
        { name: '', doc: 'Average load on all the CPUs', type: 'gauge', min: v, max: v, hits: 1, total: v },
        '>',
        33,
      ),
    ).toBe(
      'My Alarm : proxy_cpu_load_average_percent (Average load on all the CPUs) = 51.56660318374634 (Min: 51.56660318374634, Max : 51.56660318374634, Hits: 1, Total : 51.56660318374634) GAUGE > 33',
    );
  });
  it('of a counter is shorter', () => {
    expect(
      pretty('iters', 'app_iterations', { name: '', doc: 'iterations done', type: 'counter', value: 15 }, '>', 3),
    ).toBe('iters : app_iterations (iterations done) = 15 COUNTER > 3');
  });
  it('of a gauge without data says NaN', () => {
    expect(
      pretty('never', 'g', { name: 'g', doc: 'd', type: 'gauge', min: 0, max: 0, hits: 0, total: 0 }, '=', 1e300),
    ).toBe(`never : g (d) = NaN (Min: 0, Max : 0, Hits: 0, Total : 0) GAUGE = 1${'0'.repeat(300)}`);
  });
});

describe('a key twice', () => {
  it.each([
    ['{"a":1,"b":{"a":2}}', false],
    ['{"a":1,"a":1}', true],
    ['{"a":"\\"a\\":","b":1}', false],
    ['{"a" : 1, "\\u0061": 2}', true],
    ['{"x":["a","a"],"a":"a"}', false],
    ['{}', false],
  ])('in %s: %s', (text, twice) => expect(hasKeyTwice(text)).toBe(twice));
});
