import { floor } from '../floors/program.js';
import { spawnFloors } from '../floors/spawn-floors.js';
import type { Row } from '../lib/numbers.js';
import type { Measure, Terms } from './measure.js';

const SLOTS = 8;

const row = (value: number): Row => ({ name: `true by the supervisor alone, ${SLOTS} at once`, value, unit: '/s' });

const countOf = ({ quick }: Terms): number => (quick ? 20 : 1_000);

/** The supervisor without API, database and worker daemon: what it adds to the bare start. */
export const supervisor: Measure = {
  about: 'what the supervisor by itself adds to a bare start',
  ours: async ({ checkout }, terms) => [
    row(await floor<number>('../programs/supervised.js', [checkout.folder, countOf(terms), SLOTS])),
  ],
  floors: spawnFloors(async (ask, terms) => [row(await ask<number>(['rate', countOf(terms), SLOTS]))]),
};
