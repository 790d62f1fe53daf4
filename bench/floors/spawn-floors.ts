import type { Row } from '../lib/numbers.js';
import type { Floor, Terms } from '../measures/measure.js';
import { floor } from './program.js';

/** The floor that is the supervisor's own way to start a program. */
const NODE_SPAWN = 'Node spawn';
/** The floor that is the machine's limit. */
export const POSIX_SPAWN = 'posix_spawn';

/** Runs one of the two programs with arguments of `spawn-loop.ts`. */
export type Ask = <T>(args: readonly (string | number)[]) => Promise<T>;

const askNode: Ask = (args) => floor('node-spawn.js', args);

const askPosix: Ask = (args) => floor('posix-spawn.js', args);

/** Both floors of a start, for a measure that asks them the same. */
export const spawnFloors = (rows: (ask: Ask, terms: Terms) => Promise<Row[]>): Record<string, Floor> => ({
  [NODE_SPAWN]: (_, terms) => rows(askNode, terms),
  [POSIX_SPAWN]: (_, terms) => rows(askPosix, terms),
});

/** The times of single starts from the call to the end, one after the other, in ms, by the name of the floor. */
export const eachStart = (runs: number): Record<string, () => Promise<number[]>> => ({
  [NODE_SPAWN]: () => askNode<number[]>(['each', runs]),
  [POSIX_SPAWN]: () => askPosix<number[]>(['each', runs]),
});
