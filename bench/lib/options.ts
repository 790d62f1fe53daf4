import { parseArgs } from 'node:util';
import type { Backend } from './broker.js';

export interface Options {
  measures: string[];
  backends: Backend[];
  /** One short round: shows that everything runs. Its figures are worth nothing. */
  quick: boolean;
  rounds: number;
  /** When the Redis of a peer syncs its log. */
  fsync: 'everysec' | 'always';
  /** The figures go into this file as well. */
  json: string | null;
  /** Another built checkout, measured in the same rounds. */
  against: string | null;
  /** Finished jobs of the history; null: as many as the measure makes by itself. */
  jobs: number | null;
}

const BACKENDS: readonly Backend[] = ['redis', 'postgres'];

export const usage = (measures: Record<string, string>): string =>
  `npm run bench [-- WORD... --OPTION...]

Without words: all measures but those marked *, on both ticket stores.

  redis, postgres   the ticket store: one of them only
${Object.entries(measures)
  .map(([name, about]) => `  ${name.padEnd(16)}  ${about}`)
  .join('\n')}

  --against DIR     measures another built checkout of Drover in the same rounds, and prints this tree's ratio to it
  --rounds N        how often each figure is measured (3)
  --quick           one short round, to see that everything runs: its figures are worth nothing
  --fsync WHEN      when the Redis of a peer syncs its log: everysec, or always (a second's jobs cannot be lost)
  --jobs N          finished jobs of the measure history (1000000)
  --json FILE       writes all figures, with the values of each round, into a file
`;

/** @throws an Error with one sentence for a word or an option that does not exist */
export function parseOptions(args: string[], known: readonly string[], unasked: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      fsync: { type: 'string', default: 'everysec' },
      json: { type: 'string' },
      against: { type: 'string' },
      jobs: { type: 'string' },
    },
  });
  const isBackend = (word: string): word is Backend => (BACKENDS as readonly string[]).includes(word);
  const backends = positionals.filter(isBackend);
  const measures = positionals.filter((word) => !isBackend(word));
  const unknown = measures.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new Error(`There is no measure "${unknown}"; there are: ${known.join(', ')}.`);
  const rounds = values.rounds === undefined ? (values.quick ? 1 : 3) : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100)
    throw new Error(`--rounds takes a whole number from 1 to 100, not "${values.rounds}".`);
  const jobs = values.jobs === undefined ? null : Number(values.jobs);
  if (jobs !== null && (!Number.isInteger(jobs) || jobs < 1_000 || jobs > 100_000_000))
    throw new Error(`--jobs takes a whole number from 1000 to 100000000, not "${values.jobs}".`);
  if (values.fsync !== 'everysec' && values.fsync !== 'always')
    throw new Error(`--fsync takes everysec or always, not "${values.fsync}".`);
  return {
    fsync: values.fsync,
    measures: known.filter((name) => (measures.length === 0 ? !unasked.includes(name) : measures.includes(name))),
    backends: backends.length === 0 ? [...BACKENDS] : [...new Set(backends)],
    quick: values.quick,
    rounds,
    json: values.json ?? null,
    against: values.against ?? null,
    jobs,
  };
}
