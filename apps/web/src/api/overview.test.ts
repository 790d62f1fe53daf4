import { expect, it } from 'vitest';
import { changedOverview } from './overview.js';
import type { Overview, OverviewChange } from './types.js';

it('a change replaces, adds and takes away by name, and leaves what it does not say', () => {
  const needs = { failures: [], alarms: [], nodes: [] };
  const before = {
    at: '1',
    queues: [{ name: 'a', waiting: 1 }, { name: 'c' }],
    nodes: [{ name: 'n' }],
    needs,
  } as unknown as Overview;
  const after = changedOverview(before, {
    at: '2',
    queues: [{ name: 'b' }, { name: 'a', waiting: 2 }],
    queues_gone: ['c'],
    nodes: [],
    nodes_gone: [],
    needs: null,
  } as unknown as OverviewChange);
  expect(after.queues).toEqual([{ name: 'a', waiting: 2 }, { name: 'b' }]);
  expect(after.nodes).toBe(after.nodes);
  expect([after.at, after.nodes.length, after.needs]).toEqual(['2', 1, needs]);
});

it('a failure that comes more often than another one stays in its place, and a new one stands behind them', () => {
  const needs = (...sentences: string[]) => ({
    ...{ alarms: [], nodes: [] },
    failures: sentences.map((sentence) => ({ sentence })),
  });
  const before = { at: '1', queues: [], nodes: [], needs: needs('a', 'b') } as unknown as Overview;
  const nothing = { at: '2', queues: [], queues_gone: [], nodes: [], nodes_gone: [] };
  const after = changedOverview(before, { ...nothing, needs: needs('c', 'b', 'a') } as unknown as OverviewChange);
  expect(after.needs.failures.map(({ sentence }) => sentence)).toEqual(['a', 'b', 'c']);
});
