import { setImmediate as nextTurn } from 'node:timers/promises';

/** Items that are worked on before others have their turn. */
const GROUP = 200;

/** Like `items.map(work)`, but never holds the process up for longer than one group takes. */
export async function inGroups<T, R>(items: readonly T[], work: (item: T, index: number) => R): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % GROUP === 0) await nextTurn();
    results.push(work(item, index));
  }
  return results;
}
