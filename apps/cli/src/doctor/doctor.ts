import { Coloured, terminal } from '../terminal/terminal.js';
import { checkEnvironment, checkNode, checks, type Verdict } from './checks.js';

/** Checks everything, prints it, and gives the exit code: 0, or 1 when something does not work. */
export async function doctor(format: 'table' | 'json'): Promise<number> {
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
