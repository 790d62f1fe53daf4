import { useEffect, useState } from 'react';
import { follow } from './follow.js';
import type { Overview, OverviewChange } from './types.js';

type Named = { name: string };

/** The list with parts replaced, added and taken away, by name as before. */
function merged<T extends Named>(before: readonly T[], changed: readonly T[], gone: readonly string[]): T[] {
  const all = new Map(before.map((one) => [one.name, one]));
  for (const one of changed) all.set(one.name, one);
  for (const name of gone) all.delete(name);
  return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Needs = Overview['needs'];

/** The needs with failures that were there before in their places: none jumps because another one came more often. */
function inPlace(before: Needs, next: Needs): Needs {
  const places = new Map(before.failures.map(({ sentence }, at) => [sentence, at]));
  const placeOf = ({ sentence }: Needs['failures'][number]): number => places.get(sentence) ?? places.size;
  return { ...next, failures: next.failures.toSorted((a, b) => placeOf(a) - placeOf(b)) };
}

/** The overview after a change. */
export const changedOverview = (before: Overview, change: OverviewChange): Overview => ({
  at: change.at,
  queues: merged(before.queues, change.queues, change.queues_gone),
  nodes: merged(before.nodes, change.nodes, change.nodes_gone),
  needs: change.needs ? inPlace(before.needs, change.needs) : before.needs,
});

/** Queues, nodes and what needs somebody, kept up by one stream. `trouble`: it cannot be made at the moment. */
export function useOverview(): { overview: Overview | null; trouble: string | null; error: unknown } {
  const [overview, setOverview] = useState<Overview | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    follow('/api/v1/overview/stream', {
      signal: stop.signal,
      onEvent: ({ event, data }) => {
        setTrouble(event === 'trouble' ? (JSON.parse(data) as { message: string }).message : null);
        if (event === 'snapshot') setOverview(JSON.parse(data) as Overview);
        if (event === 'change') {
          const change = JSON.parse(data) as OverviewChange;
          setOverview((before) => before && changedOverview(before, change));
        }
      },
    }).catch(setError);
    return () => stop.abort();
  }, []);
  return { overview, trouble, error };
}
