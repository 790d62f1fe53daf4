import { Broker } from './lib/broker.js';
import type { Checkout } from './lib/checkout.js';
import type { Row } from './lib/numbers.js';
import type { Options } from './lib/options.js';
import { HEAD, type Results } from './lib/results.js';
import { interleaved, type Side } from './lib/rounds.js';
import { MEASURES } from './measures/index.js';
import type { Measure } from './measures/measure.js';
import { SLOTS } from './measures/true-jobs.js';

/** Measures what the options ask for, into the results. Ends all it started, also when it is interrupted. */
export async function bench(options: Options, head: Checkout, base: Checkout | null, results: Results): Promise<void> {
  for (const backend of options.backends) {
    const brokers: Broker[] = [];
    const close = async (): Promise<void> => void (await Promise.all(brokers.map((broker) => broker.close())));
    let ending = false;
    // Ctrl-C comes twice: from the terminal and from scripts/bench.mjs.
    const interrupted = (): void => {
      if (!ending) void close().finally(() => process.exit(130));
      ending = true;
    };
    process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
    try {
      for (const checkout of base === null ? [head] : [head, base])
        brokers.push(await Broker.start(checkout, backend, SLOTS));
      for (const name of options.measures) {
        process.stderr.write(`measuring ${name} on ${backend} ...\n`);
        await rounds(name, MEASURES[name] as Measure, brokers, options, results);
      }
    } finally {
      process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
      await close();
    }
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
    sides.push({ name: floor, measure: () => run(head, options) });
  const count = measure.once === true ? 1 : options.rounds;
  const heard = new Map<string, readonly Row[]>();
  await interleaved(sides, count, (side, round, rows) => {
    process.stderr.write(`  round ${round + 1} of ${count}: ${side}\n`);
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

/** A side's medians less those of a floor. */
function difference(rows: readonly Row[], floor: readonly Row[], floorName: string): Row[] {
  return rows.flatMap(({ name, unit, value }) => {
    const bare = floor.find((row) => row.name === name);
    if (bare === undefined || !name.endsWith('p50')) return [];
    return [{ name: `${name}, beyond ${floorName}`, unit, value: value - bare.value }];
  });
}
