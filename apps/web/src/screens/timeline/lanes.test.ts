import { describe, expect, it } from 'vitest';
import type { TimelineBar } from '../../api/types.js';
import { bucketWords, lanesOf, sharesOf, toneOf } from './lanes.js';

const bar = (node: string, slot: number): TimelineBar => ({
  node,
  slot,
  from: '',
  to: null,
  expected_end: null,
  outcome: 'running',
  job: null,
});
const bucket = { node: 'a', from: '', to: '', busy: 1.5, estimated: false };

describe('the lanes of a timeline', () => {
  it('are the slots of each node, and more where more was taken', () => {
    const [a, b, c] = lanesOf({
      from: '',
      to: '',
      nodes: [
        { name: 'a', slots: 3 },
        { name: 'b', slots: 0 },
        { name: 'c', slots: 200 },
      ],
      bars: [bar('a', 1), bar('a', 1), bar('b', 2)],
      buckets: [],
      lost: [{ node: 'b', from: '', to: null }],
      drained: [{ node: 'a', from: '', to: null }],
      offline: [],
    });
    expect(a?.lanes.map((lane) => lane.length)).toEqual([2, 0, 0]);
    expect(b?.lanes.map((lane) => lane.length)).toEqual([0, 1]);
    expect([a, b, c].map((node) => [node?.lost.length, node?.drained.length])).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
    expect(c?.lanes).toHaveLength(16);
  });

  it('are not there where the period is told in numbers', () => {
    const buckets = [{ ...bucket, outcomes: { succeeded: 4 } }];
    const [a] = lanesOf({
      from: '',
      to: '',
      nodes: [{ name: 'a', slots: 3 }],
      bars: null,
      buckets,
      lost: [],
      drained: [],
      offline: [],
    });
    expect([a?.lanes, a?.buckets]).toEqual([[], buckets]);
  });
});

it('outcomes have a colour, every cause of a failure the same', () => {
  expect(['running', 'succeeded', 'cancelled', 'exit_code', 'oom'].map(toneOf)).toEqual([
    'run',
    'good',
    'off',
    'bad',
    'bad',
  ]);
  expect(sharesOf({ outcomes: { oom: 1, succeeded: 7, exit_code: 2 } })).toEqual([
    { tone: 'good', count: 7 },
    { tone: 'bad', count: 3 },
  ]);
  expect(bucketWords({ ...bucket, estimated: true, outcomes: { succeeded: 7, oom: 1 } })).toBe(
    'about 7 succeeded, 1 oom; 1.5 slots busy on average',
  );
});
