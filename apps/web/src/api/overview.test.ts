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
