import { describe, expect, it } from 'vitest';
import { checkAddress } from './address.js';
import { importEntries, importExposition } from './import.js';

const ALL = [{ from: 1, to: 65_535 }];
const named = ({
  defs,
  values,
}: {
  defs: { name: string; type: string }[];
  values: unknown[];
}): Record<string, unknown> => Object.fromEntries(defs.map((def, i) => [`${def.type} ${def.name}`, values[i]]));

describe('an address', () => {
  it.each(['localhost:9100', 'localhost', 'httpd:1', '10.0.0.1:80', '[::1]:9100', 'n-1.lab:65535'])(
    '%s is taken',
    (text) => expect(() => checkAddress(text, ALL)).not.toThrow(),
  );
  it.each(['', 'http://x:1', 'HTTPS://x', 'x:9100/metrics', 'x:0', 'x:70000', 'a b', 'x:y', 'u@h:1', 'x?y', 'x#y'])(
    '%s is refused',
    (text) => expect(() => checkAddress(text, ALL)).toThrow(),
  );
  it('with a port that is not allowed is refused', () =>
    expect(() => checkAddress('x:22', [{ from: 9100, to: 9200 }])).toThrow(/Port 22/));
});

describe("an exporter's text", () => {
  it('gives counters and gauges with their labels as they are, and nothing else', () => {
    const text = [
      '# HELP r_total Requests',
      '# TYPE r_total counter',
      'r_total{code="500",method="get"} 3 1700000000000',
      'r_total{v="a,b=c"} 4',
      '# TYPE t gauge',
      't{s="a"} -1.5',
      't NaN',
      't{s="b"} +Inf',
      '# TYPE h histogram',
      'h_bucket{le="1"} 1',
      'h_sum 1',
      'h_count 1',
      '# TYPE s summary',
      's{quantile="0.5"} 1',
      's_sum 1',
      's_count 1',
      '# TYPE u untyped',
      'u 1',
      'plain 1',
      '# TYPE o counter',
      'o_total 5',
      'o_created 1',
      't{s="a"} 9',
    ].join('\n');
    expect(named(importExposition(text))).toEqual({
      'counter r_total{code="500",method="get"}': 3,
      'counter r_total{v="a,b=c"}': 4,
      'gauge t{s="a"}': -1.5,
      'counter o_total': 5,
    });
    expect(importExposition(text).defs[0]?.doc).toBe('Requests');
  });
  it('that holds what cannot be kept loses only that', () => {
    const text = `# HELP a_total x\u0000y${'z'.repeat(20_000)}\n# TYPE a_total counter\na_total{v="\u0000"} 1\na_total{v="${'l'.repeat(1_000)}"} 1\na_total 2\n`;
    expect(named(importExposition(text))).toEqual({ 'counter a_total': 2 });
    expect(importExposition(text).defs[0]?.doc).toMatch(/^xyz{9998}$/);
  });
});

describe("another proxy's answer", () => {
  const entry = (jobid: string, counters: unknown[], more: object = {}): object => ({
    desc: {
      jobid,
      command: 'c ',
      size: 2,
      nodelist: '',
      partition: '',
      cluster: '',
      run_dir: '',
      start_time: 1_700_000_000,
      end_time: 0,
      ...more,
    },
    counters,
  });
  it('of a job whose name is longer than an index takes is left out', () => {
    const long = [entry('\u4e2d'.repeat(1_000), []), entry('J', [])];
    expect(importEntries(JSON.stringify(long)).map(({ name }) => name)).toEqual(['J']);
  });

  it('is read in both dialects, with all that is understood', () => {
    const entries = importEntries(
      JSON.stringify([
        entry('main', [
          { name: 'a', doc: 'd', ctype: { Counter: { value: 8.0 } } },
          { name: 'b', doc: '', ctype: { Counter: { ts: 1, value: 2 } } },
          { name: 'n', doc: '', ctype: { Counter: { value: null } } },
        ]),
        entry('Node: x', [
          { name: 'g', doc: '', ctype: { Gauge: { min: 1, max: 3, hits: 2, total: 4 } } },
          { name: 'g0', doc: '', ctype: { Gauge: { min: 0, max: 0, hits: 0, total: 0 } } },
          { name: 'gn', doc: '', ctype: { Gauge: { min: null, max: null, hits: 1, total: null } } },
        ]),
        entry(
          'J',
          [
            { name: 'x{a', doc: '', ctype: { Counter: { value: 1 } } },
            { name: 'h', doc: '', ctype: { Histogram: {} } },
            3,
          ],
          { start_time: 1_700_000_000_123, size: 'x', extra: 1 },
        ),
        { nothing: true },
        null,
      ]),
    );
    expect(entries.map((one) => [one.kind, one.name, named(one)])).toEqual([
      ['main', 'main', { 'counter a': 8, 'counter b': 2 }],
      ['node', 'x', { 'gauge g': { min: 1, max: 3, hits: 2, total: 4 }, 'gauge g0': null }],
      ['job', 'J', {}],
    ]);
    expect(entries[2]?.desc).toMatchObject({ start_time: 1_700_000_000, size: 0, command: 'c ' });
  });
  it('that names a job or a counter twice is read once: the first counts', () => {
    const counter = (name: string, value: number): object => ({ name, doc: '', ctype: { Counter: { value } } });
    const entries = importEntries(
      JSON.stringify([
        entry('main', [counter('a', 10), counter('a', 5)]),
        entry('J', [counter('b', 1)]),
        entry('J', [counter('b', 2)]),
      ]),
    );
    expect(entries.map((one) => [one.name, named(one)])).toEqual([
      ['main', { 'counter a': 10 }],
      ['J', { 'counter b': 1 }],
    ]);
  });
  it('gives so many entries and no more', () =>
    expect(importEntries(JSON.stringify(Array.from({ length: 10_100 }, (_, i) => entry(`j${i}`, []))))).toHaveLength(
      10_000,
    ));
  it.each(['<html>', '{}', 'null'])('%s is none', (text) => expect(() => importEntries(text)).toThrow());
});
