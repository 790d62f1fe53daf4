/*
 * `npm run bench`: measures Drover beside the bare things it stands on, in the same rounds. `npm run bench -- --help` lists
 * what there is; docs/performance.md says what each figure is. On a machine that others use as well only ratios count.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { checkoutAt, commitOf } from './lib/checkout.js';
import { parseOptions, usage, type Options } from './lib/options.js';
import { losses, Results } from './lib/results.js';
import { surroundings } from './lib/surroundings.js';
import { asJson, table } from './lib/table.js';
import { MACHINE, MEASURES } from './measures/index.js';
import { bench } from './measuring.js';

const ROOT = join(import.meta.dirname, '..', '..');

function readOptions(): Options {
  const args = process.argv.slice(2);
  const names = [MACHINE, ...Object.keys(MEASURES)];
  if (args.includes('--help')) {
    const about = Object.entries(MEASURES).map(([name, { about: said, whenAsked }]) => [
      name,
      `${said}${whenAsked === true ? ' *' : ''}`,
    ]);
    console.log(
      usage({
        [MACHINE]: "the machine's own primitives alone",
        ...(Object.fromEntries(about) as Record<string, string>),
      }),
    );
    process.exit(0);
  }
  return parseOptions(
    args,
    names,
    names.filter((name) => MEASURES[name]?.whenAsked === true),
  );
}

try {
  const options = readOptions();
  const head = checkoutAt(ROOT);
  const base = options.against === null ? null : checkoutAt(options.against);
  const results = new Results();
  for (const note of surroundings(cpus().length)) results.notes.add(note);
  let failure: unknown;
  try {
    await bench(options, head, base, results);
  } catch (error) {
    failure = error;
  }
  // Whatever was measured before a failure is worth reading.
  const figures = results.list();
  if (figures.length > 0) console.log(table(figures, results.rivals));
  const about = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model, commit: commitOf(ROOT) };
  if (options.json !== null)
    writeFileSync(
      options.json,
      `${JSON.stringify(asJson(figures, { ...about, against: base?.name ?? null, notes: [...results.notes], rounds: options.rounds, quick: options.quick }), null, 2)}\n`,
    );
  console.log(`\n${about.cores} cores, ${about.cpu}, Node ${about.node}, commit ${about.commit}`);
  for (const note of [...results.notes, ...losses(figures, results.rivals, base === null)]) console.log(`- ${note}`);
  if (base !== null) console.log(`"ours to it" of ${base.name} is this tree's figure divided by that tree's.`);
  if (failure !== undefined) throw failure;
  process.exit(0);
} catch (error) {
  console.error(`bench: ${(error as Error).message}`);
  process.exit(1);
}
