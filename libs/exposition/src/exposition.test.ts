import parsePackage from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import type { Series } from '@drover/domain';
import {
  baseOf,
  formatName,
  hasUnmatchedBrace,
  parseExposition,
  parseName,
  validName,
  writeExposition,
} from './index.js';

const gauge = (name: string, value: number, doc = ''): Series => ({
  name,
  doc,
  type: 'gauge',
  min: value,
  max: value,
  hits: 1,
  total: value,
});
const samplesOf = (text: string): [string, number][] =>
  parseExposition(text).families.flatMap((f) =>
    f.samples.map((s): [string, number] => [formatName(s.name, s.labels), s.value]),
  );

describe('names', () => {
  it('have their labels sorted and quoted', () => {
    expect(
      formatName('x', [
        ['b', 'q"\\\n'],
        ['a', '1'],
      ]),
    ).toBe('x{a="1",b="q\\"\\\\\\n"}');
    expect(formatName('x', [])).toBe('x');
  });
  it('are taken apart as they were put together', () => {
    const labels: [string, string][] = [
      ['a', 'x,y=z}'],
      ['b', '"\\ \n'],
    ];
    expect(parseName(formatName('m', labels))).toEqual({ base: 'm', labels });
    expect(parseName('m{a="1"')).toBeNull();
    expect(parseName('m{a="1"}x')).toBeNull();
    expect(baseOf('m{a="{"}')).toBe('m');
    expect([hasUnmatchedBrace('a{b'), hasUnmatchedBrace('a{b}'), hasUnmatchedBrace('a')]).toEqual([true, false, false]);
  });
  it.each([
    ['ok_total{a="b"}', 'ok_total{a="b"}'],
    ['app.calls', 'app_calls'],
    ['9lives', '_9lives'],
    ['', '_'],
    ['x{bad}', 'x{labels="{bad}"}'],
    ['x{a="1",a="2"}', 'x{a="1"}'],
    ['x{code="500,method="get"}', 'x{labels="{code=\\"500,method=\\"get\\"}"}'],
  ])('%s is written as %s', (name, valid) => expect(validName(name)).toBe(valid));
});

describe('the text format', () => {
  it('is read with every kind of sample', () => {
    const { families, faults } = parseExposition(
      [
        '# HELP r_total Requests\\nserved \\\\ all',
        '# TYPE r_total counter',
        'r_total{code="500",method="get"} 3 1700000000000',
        'r_total{ code="a,b=c}" , method="q\\"\\\\\\n", } 4e2',
        '# HELP g ',
        '# HELP',
        '# TYPE g gauge',
        'g{} NaN',
        '# TYPE h histogram',
        'h_bucket{le="+Inf"} 2',
        'h_sum 3',
        'h_count 2',
        '# TYPE s summary',
        's{quantile="0.5"} 1',
        's_sum 1',
        's_count 1',
        'plain 7',
        '# a comment',
        'r_total +Inf',
        'half{a="b 1',
        'no_value',
        '<html>',
        'x 1 2 3',
        'last .5',
      ].join('\r\n'),
    );
    expect(families.map((f) => [f.name, f.type, f.help, f.samples.length])).toEqual([
      ['r_total', 'counter', 'Requests\nserved \\ all', 3],
      ['g', 'gauge', '', 1],
      ['h', 'histogram', '', 3],
      ['s', 'summary', '', 3],
      ['plain', 'untyped', '', 1],
      ['last', 'untyped', '', 1],
    ]);
    expect(families[0]?.samples[1]).toEqual({
      name: 'r_total',
      labels: [
        ['code', 'a,b=c}'],
        ['method', 'q"\\\n'],
      ],
      value: 400,
    });
    expect(families[0]?.samples[2]?.value).toBe(Infinity);
    expect(faults.map((f) => f.text)).toEqual(['half{a="b 1', 'no_value', '<html>', 'x 1 2 3']);
  });

  it('is read in no time, whatever stands for a number', () => {
    const began = performance.now();
    expect(
      parseExposition(`x ${'1'.repeat(200_000)}x\nx 5.\nx .5\nx 5.5e1\n`).families[0]?.samples.map((s) => s.value),
    ).toEqual([5, 0.5, 55]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('of a counter family named the OpenMetrics way keeps the names of its samples', () => {
    const { families } = parseExposition(
      '# TYPE foo counter\nfoo_total{a="b"} 3 # {trace="x"} 1\nfoo_created 1\n# EOF\n',
    );
    expect(families).toHaveLength(1);
    expect(families[0]?.samples.map((s) => s.name)).toEqual(['foo_total', 'foo_created']);
  });

  it('is read as an independent parser reads it', () => {
    const text =
      '# HELP a_total first\n# TYPE a_total counter\na_total{x="1",y="z w"} 12.5\na_total{x="2"} 1e-3\n# HELP b second\n# TYPE b gauge\nb -4\n';
    const theirs = parsePackage(text).flatMap((f) =>
      f.metrics.map((m) => [formatName(f.name, Object.entries(m.labels ?? {})), Number(m.value)]),
    );
    expect(samplesOf(text)).toEqual(theirs);
  });
});

describe('what is written', () => {
  it('stands in one block a family and reads back the same', () => {
    const text = writeExposition([
      { name: 'x_total{a="1"}', doc: 'many\nlines \\', type: 'counter', value: 1e300 },
      gauge('y', 2.5, 'level'),
      { name: 'x_total{a="2"}', doc: '', type: 'counter', value: 3 },
      { name: 'z', doc: 'd', type: 'gauge', min: 0, max: 0, hits: 0, total: 0 },
    ]);
    expect(text).toBe(
      '# HELP x_total many\\nlines \\\\\n# TYPE x_total counter\nx_total{a="1"} 1e+300\nx_total{a="2"} 3\n# HELP y level\n# TYPE y gauge\ny 2.5\n# HELP z d\n# TYPE z gauge\nz NaN\n',
    );
    expect(samplesOf(text)).toEqual([
      ['x_total{a="1"}', 1e300],
      ['x_total{a="2"}', 3],
      ['y', 2.5],
      ['z', Number.NaN],
    ]);
  });

  it('never names a series twice, and leaves families out that stand elsewhere', () => {
    expect(writeExposition([gauge('a.b', 1), gauge('a_b', 2), gauge('c', 3)], new Set(['c']))).toBe(
      '# HELP a_b \n# TYPE a_b gauge\na_b 1\n',
    );
  });
});
