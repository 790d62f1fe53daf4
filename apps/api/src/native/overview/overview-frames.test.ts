import { expect, it } from 'vitest';
import { changeOf, frameOf } from './overview-frames.js';
import type { OverviewDto } from './overview.dto.js';

const overview = (at: string, waiting: Record<string, number>, failures: string[] = []): OverviewDto =>
  ({
    at,
    queues: Object.entries(waiting).map(([name, n]) => ({ name, waiting: n })),
    nodes: [{ name: 'node-1', taken: [] }],
    needs: { failures, alarms: [], nodes: [] },
  }) as unknown as OverviewDto;

it('tells what is new, what has changed and what is gone, and nothing else', () => {
  const before = frameOf(overview('1', { a: 1, b: 2, c: 3 }));
  const after = frameOf(overview('2', { a: 1, b: 5, d: 4 }));
  expect(JSON.parse(changeOf(before, after) as string)).toEqual({
    at: '2',
    queues: [
      { name: 'b', waiting: 5 },
      { name: 'd', waiting: 4 },
    ],
    queues_gone: ['c'],
    nodes: [],
    nodes_gone: [],
    needs: null,
  });
  const failed = frameOf(overview('3', { a: 1, b: 5, d: 4 }, ['it broke']));
  expect(JSON.parse(changeOf(after, failed) as string)).toMatchObject({
    queues: [],
    needs: { failures: ['it broke'] },
  });
});

it('tells nothing when only the time has gone on', () => {
  expect(changeOf(frameOf(overview('1', { a: 1 })), frameOf(overview('2', { a: 1 })))).toBeNull();
});
