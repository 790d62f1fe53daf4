import type { Row } from './numbers.js';

/** One of the things that are measured beside each other. */
export interface Side {
  name: string;
  measure: () => Promise<readonly Row[]>;
}

/**
 * Measures every side once a round, one after the other, each second round backwards: what changes slowly on the
 * machine (its clock, its neighbours) meets all of them alike.
 */
export async function interleaved(
  sides: readonly Side[],
  rounds: number,
  heard: (side: string, round: number, rows: readonly Row[]) => void,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1)
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) heard(side.name, round, await side.measure());
}
