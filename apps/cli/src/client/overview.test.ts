import { expect, it } from 'vitest';
import type { Overview, OverviewChange } from '@drover/client';
import { merged } from './overview.js';

it('puts what changed into the overview, in the order of names', () => {
  const needs = { failures: [], alarms: [], nodes: [] };
  const queue = (name: string, waiting: number) => ({ name, waiting });
  const before = { at: '1', queues: [queue('b', 1), queue('c', 2)], nodes: [], needs } as unknown as Overview;
  const change = {
    at: '2',
    queues: [queue('a', 5), queue('b', 3)],
    queues_gone: ['c'],
    nodes: [],
    nodes_gone: [],
    needs: null,
  };
  expect(merged(before, change as unknown as OverviewChange)).toEqual({
    at: '2',
    queues: [queue('a', 5), queue('b', 3)],
    nodes: [],
    needs,
  });
});
