import { Coloured, terminal } from '../terminal/terminal.js';
import { checkEnvironment, checkNode, checks, type Verdict } from './checks.js';

/**
 * Checks everything, prints it, and gives the exit code: 0, or 1 when something does not work. `bundle`: where the
 * archive for support is written; it is written whatever works.
 */
export async function doctor(format: 'table' | 'json', bundle?: string): Promise<number> {
  const { config, ...environment } = await checkEnvironment();
  const results: [string, Verdict][] = [
    ['Node.js', await checkNode()],
    ['environment', environment],
  ];
  if (config !== undefined) {
    for (const check of checks)
      results.push([
        check.name,
        await check.run(config).catch((error: Error): Verdict => ({ state: 'bad', detail: error.message })),
      ]);
  }
  if (format === 'json') await terminal.json(results.map(([name, verdict]) => ({ name, ...verdict })));
  else await printTable(results);
  if (bundle !== undefined) {
    const { writeBundle } = await import('../bundle/bundle.js');
    const missing = await writeBundle(bundle, config, results);
    for (const line of missing) await terminal.err(`not in the archive: ${line}\n`);
    await terminal.err(`wrote ${bundle}; look through it before you give it away\n`);
  }
  return results.some(([, { state }]) => state === 'bad') ? 1 : 0;
}

const MARKS: Record<Verdict['state'], Coloured> = {
  ok: new Coloured('ok  ', 'green'),
  note: new Coloured('note', 'yellow'),
  bad: new Coloured('BAD ', 'red'),
};

async function printTable(results: [string, Verdict][]): Promise<void> {
  const width = Math.max(...results.map(([name]) => name.length));
  for (const [name, { state, detail }] of results)
    await terminal.out(
      MARKS[state],
      `  ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${' '.repeat(width + 8)}`)}\n`,
    );
}
