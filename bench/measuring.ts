import { Broker, type Backend } from './lib/broker.js';
import type { Checkout } from './lib/checkout.js';
import { Missing } from './lib/missing.js';
import type { Row } from './lib/numbers.js';
import type { Options } from './lib/options.js';
import { HEAD, type Results } from './lib/results.js';
import { interleaved, type Side } from './lib/rounds.js';
import { MACHINE, MEASURES } from './measures/index.js';
import { primitives } from './measures/machine.js';
import type { Measure, Opened } from './measures/measure.js';
import { SLOTS } from './measures/true-jobs.js';

const say = (text: string): boolean => process.stderr.write(`${text}\n`);

/** Measures what the options ask for, into the results. Ends all it started, also when it is interrupted. */
export async function bench(options: Options, head: Checkout, base: Checkout | null, results: Results): Promise<void> {
  const checkouts = base === null ? [head] : [head, base];
  const names = options.measures.filter((name) => name !== MACHINE);
  let looks = 0;
  // Before, between and after: their spread says how steady the machine was.
  const machine = async (): Promise<void> => {
    say('measuring this machine ...');
    results.add('this machine', MACHINE, HEAD, looks++, await primitives(options));
  };
  if (names.length > 0)
    for (const backend of options.backends) {
      await machine();
      await onBackend(backend, checkouts, names, options, results);
    }
  await machine();
}

async function onBackend(
  backend: Backend,
  checkouts: readonly Checkout[],
  names: readonly string[],
  options: Options,
  results: Results,
): Promise<void> {
  const brokers: Broker[] = [];
  let opened: Opened | undefined;
  const close = async (): Promise<void> => {
    await opened?.close();
    await Promise.all(brokers.map((broker) => broker.close()));
  };
  let ending = false;
  // Ctrl-C comes twice: from the terminal and from scripts/bench.mjs.
  const interrupted = (): void => {
    if (!ending) void close().finally(() => process.exit(130));
    ending = true;
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    for (const checkout of checkouts) brokers.push(await Broker.start(checkout, backend, SLOTS));
    for (const name of names) {
      say(`measuring ${name} on ${backend} ...`);
      const measure = MEASURES[name] as Measure;
      opened = await measure.open?.(brokers, options);
      await rounds(name, { ...measure, floors: { ...measure.floors, ...opened?.floors } }, brokers, options, results);
      const done = opened;
      opened = undefined;
      await done?.close();
    }
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    if (!ending) await close();
  }
}

async function rounds(
  name: string,
  measure: Measure,
  brokers: readonly Broker[],
  options: Options,
  results: Results,
): Promise<void> {
  const [head] = brokers as [Broker];
  const sides: Side[] = brokers.map((broker) => ({
    name: broker === head ? HEAD : broker.checkout.name,
    measure: () => measure.ours(broker, options),
  }));
  for (const [floor, run] of Object.entries(measure.floors ?? {}))
    sides.push({ name: floor, measure: () => orMissing(run(head, options)) });
  const count = measure.once === true ? 1 : options.rounds;
  const heard = new Map<string, readonly Row[]>();
  await interleaved(sides, count, (side, round, rows) => {
    say(`  round ${round + 1} of ${count}: ${side}`);
    results.add(head.backend, name, side, round, rows);
    heard.set(`${side} ${round}`, rows);
  });
  if (measure.beyond === undefined) return;
  for (let round = 0; round < count; round += 1)
    for (const { name: side } of sides.slice(0, brokers.length)) {
      const floor = heard.get(`${measure.beyond} ${round}`) ?? [];
      const rows = difference(heard.get(`${side} ${round}`) ?? [], floor, measure.beyond);
      results.add(head.backend, name, side, round, rows);
    }
}

/** A floor that cannot be there is left out. */
async function orMissing(rows: Promise<Row[]>): Promise<Row[]> {
  try {
    return await rows;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    say(`  ${error.message}`);
    return [];
  }
}

/** A side's medians less those of a floor. */
function difference(rows: readonly Row[], floor: readonly Row[], floorName: string): Row[] {
  return rows.flatMap(({ name, unit, value }) => {
    const bare = floor.find((row) => row.name === name);
    if (bare === undefined || !name.endsWith('p50')) return [];
    return [{ name: `${name}, beyond ${floorName}`, unit, value: value - bare.value }];
  });
}
