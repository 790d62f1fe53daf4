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
    // The programs that it started end with this process.
    const leave = (): void => process.exit(130);
    process.on('SIGINT', leave).on('SIGTERM', leave);
    try {
      results.add('this machine', MACHINE, HEAD, looks++, await primitives(options));
    } finally {
      process.off('SIGINT', leave).off('SIGTERM', leave);
    }
  };
  if (names.length > 0)
    for (const backend of options.backends) {
      await machine();
      try {
        await onBackend(backend, checkouts, names, options, results);
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        results.notes.add(`The ticket store ${backend} is left out: ${error.message}`);
      }
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
  const starting = checkouts.map((checkout) => Broker.start(checkout, backend, SLOTS));
  let opening: Promise<Opened> | undefined;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeAll(starting, opening));
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    // Whatever is being measured fails by it.
    void close();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const brokers = await Promise.all(starting);
    for (const broker of brokers.slice(1)) results.rivals.add(broker.checkout.name);
    for (const name of names) {
      say(`measuring ${name} on ${backend} ...`);
      const measure = MEASURES[name] as Measure;
      opening = measure.open?.(brokers, options);
      const opened = await opening;
      const floors = { ...measure.floors, ...opened?.floors };
      if (opened?.rivals === true) for (const rival of Object.keys(floors)) results.rivals.add(rival);
      for (const note of opened?.notes ?? []) results.notes.add(note);
      await rounds(name, { ...measure, floors }, brokers, options, results);
      opening = undefined;
      await opened?.close();
    }
  } catch (error) {
    throw interrupted ? new Error('It was interrupted.') : error;
  } finally {
    await close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Includes programs that are still on their way up. */
async function closeAll(starting: readonly Promise<Broker>[], opening: Promise<Opened> | undefined): Promise<void> {
  await (await opening?.catch(() => undefined))?.close();
  for (const outcome of await Promise.allSettled(starting))
    if (outcome.status === 'fulfilled') await outcome.value.close();
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
    sides.push({ name: floor, measure: () => orMissing(run(head, options), results) });
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
async function orMissing(rows: Promise<Row[]>, results: Results): Promise<Row[]> {
  try {
    return await rows;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    results.notes.add(error.message);
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
