import pc from 'picocolors';
import { checkEnvironment, checkNode, checks, type Verdict } from './checks.js';

/** Checks everything, prints it, and gives the exit code: 0, or 1 when something does not work. */
export async function doctor(format: 'table' | 'json'): Promise<number> {
  const { config, ...environment } = await checkEnvironment();
  const results: [string, Verdict][] = [
    ['Node.js', await checkNode()],
    ['environment', environment],
  ];
  if (config !== undefined) {
    for (const check of checks) results.push([check.name, await check.run(config).catch((error: Error): Verdict => ({ state: 'bad', detail: error.message }))]);
  }
  process.stdout.write(format === 'json' ? `${JSON.stringify(results.map(([name, verdict]) => ({ name, ...verdict })))}\n` : table(results));
  return results.some(([, { state }]) => state === 'bad') ? 1 : 0;
}

const MARKS: Record<Verdict['state'], string> = { ok: pc.green('ok  '), note: pc.yellow('note'), bad: pc.red('BAD ') };

function table(results: [string, Verdict][]): string {
  const width = Math.max(...results.map(([name]) => name.length));
  return results.map(([name, { state, detail }]) => `${MARKS[state]}  ${name.padEnd(width)}  ${detail.replaceAll('\n', `\n${' '.repeat(width + 8)}`)}\n`).join('');
}
