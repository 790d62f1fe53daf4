import { setTimeout as sleep } from 'node:timers/promises';
import { sqlState } from './outage.js';

/** The most tries of a change of the schema that others are in the way of, and the rest between two of them. */
const TRIES = 100;
const REST_MS = 500;
/** A lock that was not given in time, and a ring of transactions that wait for each other. */
const IN_THE_WAY = new Set(['55P03', '40P01']);
/** Postgres's words when two transactions change the same row of its catalogue; it has no code for them. */
const SAME_CATALOGUE_ROW = /tuple concurrently (updated|deleted)/;

/**
 * Does a change of the schema beside a broker that serves, again and again while others are in its way. The change must
 * be undone by its failure, or do no harm when it is done twice. Throws what any other failure throws.
 */
export async function giveWay(change: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await change();
      return;
    } catch (error) {
      const isInTheWay =
        IN_THE_WAY.has(sqlState(error) ?? '') || SAME_CATALOGUE_ROW.test(error instanceof Error ? error.message : '');
      if (!isInTheWay || tries === TRIES) throw error;
      await sleep(REST_MS);
    }
  }
}
